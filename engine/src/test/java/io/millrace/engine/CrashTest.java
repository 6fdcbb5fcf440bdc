package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Kills a process that writes, takes the power from it, lets its disk fail, and looks at what is
/// left. `-Dmillrace.long=true` does it many times more; `-Dmillrace.seed=` repeats one run. A long
/// form needs `-Djunit.jupiter.execution.timeout.default=2h`, too.
final class CrashTest {
    private static final int CYCLES = Boolean.getBoolean("millrace.long") ? 300 : 10;
    private static final int SINGLE_CYCLES = Boolean.getBoolean("millrace.long") ? 100 : 3;
    private static final long SEED = Long.getLong("millrace.seed", 20260101L);

    /// Enough lives for a store that breaks its promise to be found out.
    private static final int GUILTY_CYCLES_MAX = 10;

    @TempDir private Path parent;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKillLosesNothingThatWasAcknowledged(boolean encrypted) throws IOException {
        CrashRun run = new CrashRun(parent, SEED, Durability.SYNCED, encrypted);
        SplittableRandom random = new SplittableRandom(SEED);

        for (int cycle = 0; cycle < CYCLES; cycle++) {
            run.killAfter(CrashRun.life(random), Map.of());
            assertThat(CrashCheck.violations(run)).as("cycle %d of %s", cycle, run).isEmpty();
        }
        assertThat(run.versions).hasSizeGreaterThan(1000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPowerLossLosesNothingThatWasAcknowledged(boolean encrypted) throws IOException {
        CrashRun run = new CrashRun(parent, SEED, Durability.SYNCED, encrypted);
        Disk disk = disk();
        SplittableRandom random = new SplittableRandom(SEED);
        long lostBytes = 0;

        for (int cycle = 0; cycle < CYCLES; cycle++) {
            disk.begin();
            run.killAfter(CrashRun.life(random), disk.environment());
            lostBytes += disk.strike(random);
            assertThat(CrashCheck.violations(run)).as("cycle %d of %s", cycle, run).isEmpty();
        }
        assertThat(run.versions).hasSizeGreaterThan(1000);
        assertThat(lostBytes).as("the power loss lost something").isPositive();
    }

    /// Who writes alone syncs by itself: fails when it does not, or answers before.
    @Test
    void aPowerLossLosesNothingThatASingleWriterWasTold() throws IOException {
        CrashRun run = new CrashRun(parent, SEED, Durability.SYNCED, false, 1);
        Disk disk = disk();
        SplittableRandom random = new SplittableRandom(SEED);

        for (int cycle = 0; cycle < SINGLE_CYCLES; cycle++) {
            disk.begin();
            run.killAfter(CrashRun.life(random), disk.environment());
            disk.strike(random);
            assertThat(CrashCheck.violations(run)).as("cycle %d of %s", cycle, run).isEmpty();
        }
        assertThat(run.versions).hasSizeGreaterThan(1000);
    }

    @Test
    void aFailedSyncStopsTheStoreAlsoForASingleWriter() throws IOException {
        Disk disk = disk();
        CrashRun run = new CrashRun(parent, SEED, Durability.SYNCED, false, 1);

        disk.begin();
        run.liveUntilFailure(
                disk.environment(),
                told -> createAt(told, 500, disk.switchFor(Disk.Trouble.FAILED_SYNC)));
        disk.end(Disk.Trouble.FAILED_SYNC);
        disk.strike(new SplittableRandom(SEED));

        assertThat(run.failures)
                .singleElement()
                .satisfies(text -> assertThat(text).contains("sync failed", "opened again"));
        assertThat(CrashCheck.violations(run)).as("%s", run).isEmpty();
    }

    @Test
    void theCheckerFindsLossesWhenALogIsLeftInMemory() throws IOException {
        CrashRun run = new CrashRun(parent, SEED, Durability.UNWRITTEN);

        assertThat(firstViolations(run, null)).anyMatch(text -> text.contains(" lost "));
    }

    @Test
    void theCheckerFindsLossesWhenSyncIsOffAndThePowerGoes() throws IOException {
        CrashRun run = new CrashRun(parent, SEED, Durability.UNSYNCED);

        assertThat(firstViolations(run, disk())).anyMatch(text -> text.contains(" lost "));
    }

    @Test
    void aFailedSyncStopsTheStoreAndLosesNothing() throws IOException {
        Disk disk = disk();
        CrashRun run = new CrashRun(parent, SEED, Durability.SYNCED);

        disk.begin();
        run.liveUntilFailure(
                disk.environment(),
                told -> createAt(told, 500, disk.switchFor(Disk.Trouble.FAILED_SYNC)));
        disk.end(Disk.Trouble.FAILED_SYNC);
        disk.strike(new SplittableRandom(SEED));

        assertThat(run.failures)
                .hasSize(CrashWorkload.WORKERS + 2)
                .allSatisfy(text -> assertThat(text).contains("sync failed", "opened again"));
        assertThat(CrashCheck.violations(run)).as("%s", run).isEmpty();
    }

    @Test
    void aFullDiskStopsTheStoreAndLosesNothing() throws IOException {
        Disk disk = disk();
        CrashRun run = new CrashRun(parent, SEED, Durability.SYNCED);

        disk.begin();
        run.liveUntilFailure(
                disk.environment(), told -> createAt(told, 500, disk.switchFor(Disk.Trouble.FULL)));
        disk.end(Disk.Trouble.FULL);
        disk.strike(new SplittableRandom(SEED));

        assertThat(run.failures)
                .hasSize(CrashWorkload.WORKERS + 2)
                .allSatisfy(text -> assertThat(text).contains("No space left", "opened again"));
        assertThat(CrashCheck.violations(run)).as("%s", run).isEmpty();
    }

    /// A worker cannot read how far it came, which is no failure of the store.
    @Test
    void aChildThatDiesOfSomethingElseEndsTheRun() throws IOException {
        CrashRun run = new CrashRun(parent, SEED, Durability.SYNCED);
        try (RocksStore store = RocksStore.open(run.directory)) {
            store.write(tx -> {
                tx.put(CrashWorkload.progressKey(3), new byte[1]);
                return 0;
            });
        }

        assertThatThrownBy(() -> run.liveUntilFailure(Map.of(), _ -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the child died: ");
    }

    private static List<String> firstViolations(CrashRun run, @Nullable Disk disk)
            throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> violations = List.of();
        for (int cycle = 0; cycle < GUILTY_CYCLES_MAX && violations.isEmpty(); cycle++) {
            if (disk == null) {
                run.killAfter(1000 + random.nextInt(1000), Map.of());
            } else {
                disk.begin();
                run.killAfter(1000 + random.nextInt(1000), disk.environment());
                disk.strike(random);
            }
            violations = CrashCheck.violations(run);
        }
        return violations;
    }

    private static void createAt(int told, int when, Path file) {
        if (told == when) {
            try {
                Files.createFile(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Disk disk() throws IOException {
        return Disk.prepare(Path.of(".."), parent)
                .orElseGet(() -> abort("no C compiler (cc): power loss is not simulated"));
    }
}
