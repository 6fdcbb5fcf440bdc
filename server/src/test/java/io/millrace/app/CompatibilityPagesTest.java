package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Repository;
import io.millrace.api.OperationModel;
import io.millrace.wire.Service;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// The compatibility pages are what the models and the operation tables say. Run `./millrace test
/// -pl server -am -Dtest=CompatibilityPagesTest -Dmillrace.writePages=true
/// -Dsurefire.failIfNoSpecifiedTests=false` to write them again.
final class CompatibilityPagesTest {

    private static final Path PAGES = Repository.root().resolve("docs/compatibility");

    @TempDir private Path data;

    @Test
    void pagesSayWhatTheOperationTablesSay() throws Exception {
        try (Millrace millrace = Millrace.start(Configuration.of(data))) {
            for (Service service : millrace.services()) {
                Path page = PAGES.resolve(service.model().id() + ".md");
                if (Boolean.getBoolean("millrace.writePages")) {
                    Files.writeString(page, page(service));
                }
                assertThat(page).exists().content().isEqualTo(page(service));
            }
        }
    }

    private static String page(Service service) throws IOException {
        List<? extends OperationModel<?, ?>> operations =
                service.model().operations().stream()
                        .sorted(Comparator.comparing(OperationModel::name))
                        .toList();
        long working = operations.stream().filter(each -> works(service, each)).count();
        String rows =
                operations.stream()
                        .map(each ->
                                "| %s | %s |"
                                        .formatted(
                                                each.name(),
                                                works(service, each)
                                                        ? "works"
                                                        : "answers 501 `NotImplemented`"))
                        .collect(Collectors.joining("\n"));
        Path notes = PAGES.resolve("notes").resolve(service.model().id() + ".md");
        return """
        # %s

        %d of %d operations of the service's model, version %s. This page is generated from the
        model and the operation table; the notes below it are written by hand.

        | operation | |
        |---|---|
        %s
        %s\
        """
                .formatted(
                        service.model().fullName(),
                        working,
                        operations.size(),
                        service.model().apiVersion(),
                        rows,
                        Files.exists(notes) ? "\n" + Files.readString(notes) : "");
    }

    private static boolean works(Service service, OperationModel<?, ?> operation) {
        return service.operation(operation) != null;
    }
}
