package io.millrace.engine;

import static io.millrace.engine.Entries.get;
import static io.millrace.engine.Entries.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// Backups and what is restored from them.
final class StoreBackupsTest {
    private static final long SEED = 20260101L;
    private static final StoreOptions SMALL = new StoreOptions(1 << 20, 8 << 20, 2);

    @TempDir private Path parent;

    @Test
    void holdsWhatWasAcknowledgedBeforeItAndNothingTornUnderLoad()
            throws IOException, InterruptedException {
        CrashRun run = new CrashRun(parent, SEED, Durability.SYNCED);
        AtomicLongArray acknowledged = new AtomicLongArray(CrashWorkload.WORKERS);
        AtomicLong newest = new AtomicLong();
        AtomicBoolean ended = new AtomicBoolean();
        try (RocksStore store = RocksStore.open(parent.resolve("live"), SMALL)) {
            List<Thread> workers =
                    Stream.iterate(0, i -> i + 1)
                            .limit(CrashWorkload.WORKERS)
                            .map(i ->
                                    Thread.startVirtualThread(
                                            () -> work(store, i, acknowledged, newest, ended::get)))
                            .toList();

            for (int round = 1; round <= 3; round++) {
                awaitProgress(acknowledged, round * 150L);
                run.newestVersion = newest.get();
                for (int i = 0; i < CrashWorkload.WORKERS; i++) {
                    run.acknowledged[i] = acknowledged.get(i);
                }
                store.backup(parent.resolve("backups"), 10);
                Path restored = run.directory;
                Files.delete(restored);
                StoreBackups.restore(parent.resolve("backups"), StoreBackups.NEWEST, restored);

                // it may well hold more than was acknowledged before
                assertThat(CrashCheck.violations(run))
                        .as("round %d of %s", round, run)
                        .filteredOn(text -> !text.contains("is ahead"))
                        .isEmpty();
                Files.move(restored, parent.resolve("checked-" + round));
                Files.createDirectory(restored);
            }
            ended.set(true);
            for (Thread worker : workers) {
                worker.join();
            }
        }
    }

    @Test
    void anOlderBackupIsRestoredAsItWas() {
        Path backups = parent.resolve("backups");
        try (RocksStore store = RocksStore.open(parent.resolve("live"))) {
            put(store, "a", "1");
            store.backup(backups, 2);
            put(store, "a", "2");
            store.backup(backups, 2);
        }

        StoreBackups.restore(backups, 1, parent.resolve("first"));
        StoreBackups.restore(backups, StoreBackups.NEWEST, parent.resolve("second"));

        try (RocksStore first = RocksStore.open(parent.resolve("first"));
                RocksStore second = RocksStore.open(parent.resolve("second"))) {
            assertThat(get(first, "a")).isEqualTo("1");
            assertThat(get(second, "a")).isEqualTo("2");
        }
    }

    @Test
    void keepsAsManyAsItIsTold() {
        Path backups = parent.resolve("backups");
        try (RocksStore store = RocksStore.open(parent.resolve("live"))) {
            for (int i = 0; i < 4; i++) {
                put(store, "a" + i, "1");
                store.backup(backups, 2);
            }
        }

        assertThat(StoreBackups.list(backups).whole())
                .extracting(StoreBackups.Backup::number)
                .containsExactly(3, 4);
    }

    @Test
    void sharesWhatDidNotChange() throws IOException {
        Path backups = parent.resolve("backups");
        byte[] large = new byte[1 << 20];
        new SplittableRandom(SEED).nextBytes(large);
        try (RocksStore store = RocksStore.open(parent.resolve("live"))) {
            store.write(tx -> {
                tx.put(Entries.bytes("large"), large);
                return 0;
            });
            for (int i = 0; i < 6; i++) {
                put(store, "small", String.valueOf(i));
                store.backup(backups, 10);
            }
        }

        long bytes = 0;
        try (Stream<Path> files = Files.list(backups.resolve("shared_checksum"))) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        assertThat(bytes).isLessThan(5L * large.length); // compacted files are copied again
    }

    @Test
    void backsUpAStoppedStore() {
        try (RocksStore store = RocksStore.open(parent.resolve("live"))) {
            put(store, "a", "1");
        }

        StoreBackups.take(parent.resolve("live"), parent.resolve("backups"), 1);
        StoreBackups.restore(parent.resolve("backups"), 1, parent.resolve("new"));

        try (RocksStore store = RocksStore.open(parent.resolve("new"))) {
            assertThat(get(store, "a")).isEqualTo("1");
        }
    }

    @Test
    void refusesToRestoreADamagedBackupAndLeavesNothing() throws IOException {
        Path backups = parent.resolve("backups");
        try (RocksStore store = RocksStore.open(parent.resolve("live"))) {
            put(store, "a", "1");
            store.backup(backups, 1);
        }
        try (Stream<Path> files = Files.list(backups.resolve("shared_checksum"))) {
            Path table = files.findAny().orElseThrow();
            byte[] bytes = Files.readAllBytes(table);
            bytes[bytes.length / 3] ^= 4;
            Files.write(table, bytes);
        }

        assertThatThrownBy(() -> StoreBackups.restore(backups, 1, parent.resolve("new")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("hecksum");
        assertThat(parent.resolve("new")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"private/2/CURRENT", "meta/2", "shared_checksum"})
    void takesNoOlderBackupForADamagedNewestOne(String broken) throws IOException {
        Path backups = parent.resolve("backups");
        try (RocksStore store = RocksStore.open(parent.resolve("live"))) {
            put(store, "a", "1");
            store.backup(backups, 2);
            put(store, "a", "2");
            store.backup(backups, 2);
        }
        breakFile(backups.resolve(broken));

        assertThat(StoreBackups.list(backups).damaged()).containsExactly(2);
        assertThatThrownBy(() ->
                        StoreBackups.restore(backups, StoreBackups.NEWEST, parent.resolve("new")))
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "backup 2 in "
                                + backups
                                + " is damaged. '--number 1' takes the one before it");
        assertThatThrownBy(() -> StoreBackups.restore(backups, 2, parent.resolve("new")))
                .hasMessage("backup 2 in " + backups + " is damaged");
        assertThat(parent.resolve("new")).doesNotExist();
        assertThat(StoreBackups.restore(backups, 1, parent.resolve("new")).number()).isEqualTo(1);
    }

    /// RocksDB goes by the name, so that the second backup rests on the first one's file.
    @Test
    void findsASharedFileThatRottedInEachBackupThatRestsOnIt() throws IOException {
        Path backups = parent.resolve("backups");
        try (RocksStore store = RocksStore.open(parent.resolve("live"))) {
            put(store, "a", "1");
            store.forgetReplaced(Entries.bytes("a")); // nothing else is compacted behind it
            store.backup(backups, 9);
            assertThat(StoreBackups.verify(backups))
                    .containsExactly(new StoreBackups.Verified(1, List.of()));
            Path table = newestIn(backups.resolve("shared_checksum"));
            byte[] bytes = Files.readAllBytes(table);
            bytes[bytes.length / 3] ^= 4;
            Files.write(table, bytes);
            store.backup(backups, 9);

            String rotten = "shared_checksum/" + table.getFileName() + " is not as it was written";
            assertThat(StoreBackups.verify(backups))
                    .containsExactly(
                            new StoreBackups.Verified(1, List.of(rotten)),
                            new StoreBackups.Verified(2, List.of(rotten)));
        }
    }

    @Test
    void namesWhatIsMissingOfABackup() throws IOException {
        Path backups = parent.resolve("backups");
        try (RocksStore store = RocksStore.open(parent.resolve("live"))) {
            put(store, "a", "1");
            store.backup(backups, 2);
            store.backup(backups, 2);
        }
        breakFile(backups.resolve("private/1/CURRENT"));
        breakFile(backups.resolve("meta/2"));

        assertThat(StoreBackups.verify(backups))
                .containsExactly(
                        new StoreBackups.Verified(1, List.of("private/1/CURRENT is missing")),
                        new StoreBackups.Verified(
                                2, List.of("meta/2, its list of files, is not whole")));
    }

    @Test
    void leavesWhatAnotherRestoreIsMakingAlone() throws IOException {
        Path backups = parent.resolve("backups");
        try (RocksStore store = RocksStore.open(parent.resolve("live"))) {
            put(store, "a", "1");
            store.backup(backups, 1);
        }
        Path begun = Files.createDirectory(parent.resolve("new.restoring")).resolve("CURRENT");
        Files.createFile(begun);

        try (DirectoryLock _ = DirectoryLock.take(backups)) {
            assertThatThrownBy(() -> StoreBackups.restore(backups, 1, parent.resolve("new")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("uses " + backups);
        }
        assertThat(begun).exists();
    }

    private static Path newestIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.max(Comparator.naturalOrder()).orElseThrow();
        }
    }

    /// Removes a file, or leaves a part of it where that is a list, or the newest of a folder.
    private static void breakFile(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            byte[] bytes = Files.readAllBytes(path);
            Files.delete(path);
            if (path.resolveSibling("").endsWith("meta")) {
                Files.write(path, Arrays.copyOf(bytes, bytes.length / 2));
            }
            return;
        }
        Files.delete(newestIn(path));
    }

    @Test
    void refusesATargetThatIsNotEmpty() {
        Path backups = parent.resolve("backups");
        try (RocksStore store = RocksStore.open(parent.resolve("live"))) {
            put(store, "a", "1");
            store.backup(backups, 1);

            assertThatThrownBy(() -> StoreBackups.restore(backups, 1, parent.resolve("live")))
                    .hasMessageContaining("is not empty");
            assertThat(get(store, "a")).isEqualTo("1");
        }
    }

    @Test
    void refusesADirectoryThatHoldsSomethingElse() throws IOException {
        Files.createFile(Files.createDirectory(parent.resolve("mine")).resolve("file"));
        try (RocksStore store = RocksStore.open(parent.resolve("live"))) {
            assertThatThrownBy(() -> store.backup(parent.resolve("mine"), 1))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("something else");
        }
        assertThatThrownBy(() -> StoreBackups.list(parent.resolve("mine")))
                .hasMessageContaining("no backups");
    }

    @Test
    void goesOnWhereTheFirstBackupWasCutOffAtItsMark() throws IOException {
        Path backups = Files.createDirectory(parent.resolve("backups"));
        Files.createFile(backups.resolve("MILLRACE-BACKUPS"));
        try (RocksStore store = RocksStore.open(parent.resolve("live"))) {
            store.backup(backups, 1);
        }

        assertThat(StoreBackups.list(backups).whole()).hasSize(1);
    }

    private static void work(
            RocksStore store,
            int worker,
            AtomicLongArray acknowledged,
            AtomicLong newest,
            BooleanSupplier ended) {
        for (long number = 1; !ended.getAsBoolean(); number++) {
            CrashWorkload step = new CrashWorkload(SEED, worker, number);
            long version = store.commit(step::apply).version();
            acknowledged.set(worker, number);
            newest.accumulateAndGet(version, Math::max);
        }
    }

    private static void awaitProgress(AtomicLongArray acknowledged, long least) {
        for (int i = 0; i < acknowledged.length(); i++) {
            while (acknowledged.get(i) < least) { // ends: the workers go on
                Thread.onSpinWait();
            }
        }
    }
}
