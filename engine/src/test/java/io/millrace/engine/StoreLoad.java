package io.millrace.engine;

import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// The load behind the figures of `docs/decisions/0002-the-store.md`.
///
/// Arguments: a directory on the disk to measure, and seconds per figure.
final class StoreLoad {
    private static final int VALUE_BYTES = 200;
    private static final int PUTS = 3;

    private interface Work {
        void once(SplittableRandom random) throws RocksDBException;
    }

    private final Path parent;
    private final long nanos;
    private int directories;

    private StoreLoad(Path parent, int seconds) {
        this.parent = parent;
        nanos = seconds * 1_000_000_000L;
    }

    public static void main(String[] arguments) throws Exception {
        Path parent = Files.createTempDirectory(Path.of(arguments[0]), "load");
        StoreLoad load = new StoreLoad(parent, Integer.parseInt(arguments[1]));
        try {
            load.bareSync();
            for (int round = 0; round < 2; round++) { // the first warms up
                for (int threads : new int[] {1, 32}) {
                    load.plain(threads);
                    load.commits(threads);
                }
                load.hotKey(64);
                load.gets();
                load.queue(100_000);
            }
        } finally {
            try (Stream<Path> files = Files.walk(parent)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private void bareSync() throws IOException {
        Path file = parent.resolve("bare");
        long[] times = new long[500];
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < times.length; i++) {
                channel.write(ByteBuffer.allocate(PUTS * VALUE_BYTES));
                long start = System.nanoTime();
                channel.force(false);
                times[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(times);
        System.out.printf("bare fdatasync: median %d us%n", times[times.length / 2] / 1000);
    }

    private void plain(int threads) throws RocksDBException, IOException {
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB db = RocksDB.open(options, directory().toString());
                WriteOptions synced = new WriteOptions().setSync(true)) {
            System.out.printf(
                    "plain RocksDB, %d threads: %d synced commits/s%n",
                    threads,
                    rate(
                            Thread.ofPlatform(),
                            threads,
                            random -> {
                                try (WriteBatch batch = new WriteBatch()) {
                                    for (int i = 0; i < PUTS; i++) {
                                        batch.put(key(random), value(random));
                                    }
                                    db.write(synced, batch);
                                }
                            }));
        }
    }

    private void commits(int threads) throws IOException {
        try (RocksStore store = RocksStore.open(directory())) {
            System.out.printf(
                    "store, %d threads: %d commits/s%n",
                    threads, rate(threads, random -> store.write(tx -> putAll(tx, random))));
        }
    }

    private void hotKey(int threads) throws IOException {
        byte[] key = new KeyWriter(1).toBytes();
        try (RocksStore store = RocksStore.open(directory())) {
            AtomicLong runs = new AtomicLong();
            long rate =
                    rate(
                            threads,
                            _ ->
                                    store.write(tx -> {
                                        runs.incrementAndGet();
                                        long n = Bytes.counter(tx.get(key)) + 1;
                                        tx.put(key, Bytes.counter(n));
                                        return n;
                                    }));
            long commits = store.read(snapshot -> Bytes.counter(snapshot.get(key)));
            System.out.printf(
                    "one hot key, %d threads: %d read-modify-writes/s, %.2f runs each%n",
                    threads, rate, (double) runs.get() / commits);
        }
    }

    private void gets() throws IOException {
        try (RocksStore store = RocksStore.open(directory())) {
            for (int i = 0; i < 100; i++) {
                int from = i * 1000;
                store.write(tx -> {
                    for (int n = from; n < from + 1000; n++) {
                        tx.put(new KeyWriter(1).uint32(n).toBytes(), new byte[200]);
                    }
                    return from;
                });
            }
            long rate =
                    rate(
                            1,
                            random -> {
                                byte[] key =
                                        new KeyWriter(1).uint32(random.nextInt(100_000)).toBytes();
                                store.<Integer>read(s -> Arrays.hashCode(s.get(key)));
                            });
            System.out.printf("read of one key, 1 thread: %d ns%n", 1_000_000_000L / rate);
            long rows =
                    rate(
                            1,
                            random -> {
                                byte[] from =
                                        new KeyWriter(1).uint32(random.nextInt(90_000)).toBytes();
                                store.<Integer>read(s -> scan(s, from, 100));
                            });
            System.out.printf(
                    "read of a range of 100, 1 thread: %d ns an entry%n", 10_000_000L / rows);
        }
    }

    /// Deletes from the front of a queue, and then looks at the front.
    private void queue(int messages) throws IOException {
        try (RocksStore store = RocksStore.open(directory())) {
            for (int i = 0; i < messages; i += 1000) {
                int from = i;
                store.write(tx -> {
                    for (int n = from; n < from + 1000; n++) {
                        tx.put(new KeyWriter(1).uint32(n).toBytes(), new byte[200]);
                    }
                    return from;
                });
            }
            for (int i = 0; i < messages - 1000; i += 1000) {
                int from = i;
                store.write(tx -> {
                    for (int n = from; n < from + 1000; n++) {
                        tx.delete(new KeyWriter(1).uint32(n).toBytes());
                    }
                    return from;
                });
            }
            byte[] front = {1};
            long rate = rate(1, _ -> store.<Integer>read(s -> scan(s, front, 10)));
            System.out.printf(
                    "first ten of a queue behind %d deleted: %d us%n",
                    messages - 1000, 1_000_000L / Math.max(1, rate));
        }
    }

    private static int scan(Snapshot snapshot, byte[] from, int count) {
        int hash = 0;
        try (Cursor cursor = snapshot.range(from, new byte[] {2}, Snapshot.Direction.FORWARD)) {
            for (int i = 0; i < count && cursor.next(); i++) {
                hash += cursor.key().length + cursor.value().length;
            }
        }
        return hash;
    }

    private static int putAll(Transaction tx, SplittableRandom random) {
        for (int i = 0; i < PUTS; i++) {
            tx.put(key(random), value(random));
        }
        return PUTS;
    }

    private static byte[] key(SplittableRandom random) {
        return new KeyWriter(1).uint64(random.nextLong()).toBytes();
    }

    private static byte[] value(SplittableRandom random) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        return value;
    }

    private long rate(int threads, Work work) {
        return rate(Thread.ofVirtual(), threads, work);
    }

    private long rate(Thread.Builder threadKind, int threads, Work work) {
        AtomicLong done = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(threads);
        long start = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            SplittableRandom random = new SplittableRandom(i);
            Runnable loop =
                    () -> {
                        try {
                            long count = 0;
                            while (System.nanoTime() - start < nanos) {
                                work.once(random);
                                count++;
                            }
                            done.addAndGet(count);
                        } catch (RocksDBException e) {
                            throw new IllegalStateException(e);
                        } finally {
                            ended.countDown();
                        }
                    };
            threadKind.start(loop);
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return done.get() * 1_000_000_000L / (System.nanoTime() - start);
    }

    private Path directory() throws IOException {
        return Files.createDirectory(parent.resolve(Integer.toString(directories++)));
    }
}
