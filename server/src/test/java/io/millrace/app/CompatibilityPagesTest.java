package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Repository;
import io.millrace.api.Member;
import io.millrace.api.OperationModel;
import io.millrace.wire.Service;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        %s%s\
        """
                .formatted(
                        service.model().fullName(),
                        working,
                        operations.size(),
                        service.model().apiVersion(),
                        rows,
                        parameters(service, operations),
                        Files.exists(notes) ? "\n" + Files.readString(notes) : "");
    }

    /// The parameters of the working operations, for a service that has a list of what differs:
    /// lines of `Operation.Parameter: what it does here`.
    private static String parameters(
            Service service, List<? extends OperationModel<?, ?>> operations) throws IOException {
        Path list = PAGES.resolve("parameters").resolve(service.model().id() + ".txt");
        if (!Files.exists(list)) {
            return "";
        }
        Map<String, String> differences = new LinkedHashMap<>();
        for (String line : Files.readAllLines(list)) {
            String[] parts = line.split(": ", 2);
            assertThat(parts).as(line).hasSize(2);
            assertThat(differences.put(parts[0], parts[1])).as("twice: " + line).isNull();
        }
        StringBuilder rows = new StringBuilder();
        for (OperationModel<?, ?> operation : operations) {
            if (works(service, operation)) {
                rows.append(row(operation, differences));
            }
        }
        assertThat(differences.keySet()).as("parameters of no working operation").isEmpty();
        return """

        ## Parameters

        | operation | does what AWS documents | differs |
        |---|---|---|
        """
                + rows;
    }

    private static String row(OperationModel<?, ?> operation, Map<String, String> differences) {
        List<String> same = new ArrayList<>();
        List<String> differing = new ArrayList<>();
        for (Member member : operation.input().members()) {
            String difference = differences.remove(operation.name() + "." + member.name());
            if (difference == null) {
                same.add("`" + member.name() + "`");
            } else {
                differing.add("`" + member.name() + "`: " + difference);
            }
        }
        return "| %s | %s | %s |\n"
                .formatted(operation.name(), String.join(", ", same), String.join("; ", differing));
    }

    private static boolean works(Service service, OperationModel<?, ?> operation) {
        return service.operation(operation) != null;
    }
}
