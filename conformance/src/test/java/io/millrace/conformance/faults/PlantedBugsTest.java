package io.millrace.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.conformance.ServerProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Each checker of `./millrace test --faults` finds a bug that was planted for it, in a whole run.
/// `docs/reliability.md` has the same as a table.
final class PlantedBugsTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    /// Enough for what is not lost.
    private static final int DRAIN_ROUNDS_MAX = 5;

    /// What each checker says of its bug.
    private static final Map<String, List<String>> FOUND =
            Map.ofEntries(
                    Map.entry("registers", List.of("lost put", "counted wrong")),
                    Map.entry("transfers", List.of("lost transfer")),
                    Map.entry("serializability", List.of("not serializable")),
                    Map.entry("stream", List.of("told twice")),
                    Map.entry("queue", List.of("resurrected")),
                    Map.entry("FIFO queue", List.of("doubled")),
                    Map.entry("topic", List.of("twice")),
                    Map.entry("FIFO topic", List.of("out of order")),
                    Map.entry("rules", List.of("lost")),
                    Map.entry("queue pipe", List.of("twice")),
                    Map.entry("stream pipe", List.of("lost")),
                    Map.entry("dead letters moved back", List.of("twice")),
                    Map.entry("schedules", List.of("twice")));

    @TempDir private Path folder;

    @Test
    @Timeout(300)
    void eachCheckerFindsTheBugThatWasPlantedForIt() throws Exception {
        RoundReport report = run(List.of(), Duration.ofSeconds(8), true);

        assertThat(report.violations().keySet()).isEqualTo(FOUND.keySet());
        FOUND.forEach((checker, texts) ->
                assertThat(texts)
                        .as(checker)
                        .allSatisfy(text ->
                                assertThat(report.violations().get(checker))
                                        .anyMatch(found -> found.contains(text))));
    }

    @Test
    @Timeout(300)
    void aDiskThatLiesAboutSyncingIsFoundOut() throws Exception {
        Files.createDirectories(folder.resolve("round"));
        Files.writeString(folder.resolve("round").resolve(Disk.Trouble.LYING_SYNC.name()), "");

        RoundReport report = run(List.of(FaultKind.POWER_LOSS), Duration.ofSeconds(8), false);

        assertThat(report.violations()).isNotEmpty();
    }

    private RoundReport run(List<FaultKind> faults, Duration load, boolean lying)
            throws IOException, InterruptedException {
        if (Disk.prepare(HOME, Files.createDirectory(folder.resolve("probe"))).isEmpty()) {
            abort("no C compiler (cc): no disk can be broken");
        }
        FaultRun.Plan plan =
                new FaultRun.Plan(
                        HOME,
                        ServerProcess.launcher(folder),
                        folder.resolve("round"),
                        20261126L,
                        faults,
                        FaultRun.QUIET,
                        load,
                        DRAIN_ROUNDS_MAX);
        return new FaultRun(plan, lying ? Liar::new : UnaryOperator.identity()).run();
    }
}
