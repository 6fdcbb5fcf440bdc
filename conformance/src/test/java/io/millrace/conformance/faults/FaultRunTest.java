package io.millrace.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.conformance.ServerProcess;
import io.millrace.engine.Disk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// One short round of `./millrace test --faults`, with the faults that matter most.
/// `-Dmillrace.seed=` repeats the choices.
final class FaultRunTest {
    private static final long SEED = Long.getLong("millrace.seed", 20261126L);
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    private static final List<FaultKind> KINDS =
            Stream.concat(FaultKind.DENSE.stream(), Stream.of(FaultKind.PAUSE)).toList();

    @TempDir private Path folder;

    @Test
    @Timeout(300)
    void nothingIsLostWhateverIsBroken() throws Exception {
        System.out.println("faults: -Dmillrace.seed=" + SEED);
        if (Disk.prepare(HOME, Files.createDirectory(folder.resolve("probe"))).isEmpty()) {
            abort("no C compiler (cc): no disk can be broken");
        }
        FaultRun.Plan plan =
                new FaultRun.Plan(
                        HOME,
                        ServerProcess.launcher(folder),
                        folder.resolve("round"),
                        SEED,
                        KINDS,
                        FaultRun.QUIET,
                        Duration.ofSeconds(20),
                        FaultRun.DRAIN_ROUNDS_MAX);

        RoundReport report = new FaultRun(plan, UnaryOperator.identity()).run();

        assertThat(report.violations()).isEmpty();
        assertThat(report.faults()).isNotEmpty();
    }
}
