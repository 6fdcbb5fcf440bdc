package io.millrace.engine;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The process that [CrashRun] kills: puts load on a store for ever, and tells line by line what
/// was acknowledged.
///
/// - `O`: about to open the store
/// - `A worker number version`: a transaction returned
/// - `S length`: a reader, or an exception, showed a chain of this length
/// - `F message`: the store failed
final class CrashChild {

    private static final class Seen extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final long length;

        private Seen(long length) {
            super("", null, false, false);
            this.length = length;
        }
    }

    /// The exit status when something else failed than the store; also Java's own.
    static final int DIED = 1;

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private final RocksStore store;
    private final long seed;

    private CrashChild(Path directory, long seed, Durability durability, Encryption encryption) {
        tell("O");
        this.seed = seed;
        store =
                RocksStore.open(
                        directory,
                        new StoreOptions(1 << 20, 8 << 20, 2),
                        encryption,
                        new Tuning(durability, System::nanoTime, 0, 1, 1, 2));
    }

    public static void main(String[] arguments) throws InterruptedException {
        CrashChild child =
                new CrashChild(
                        Path.of(arguments[0]),
                        Long.parseLong(arguments[1]),
                        Durability.valueOf(arguments[2]),
                        Boolean.parseBoolean(arguments[3]) ? TestKey.ENCRYPTED : TestKey.NONE);
        int workers = Integer.parseInt(arguments[4]);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            int worker = i;
            threads.add(child.start(() -> child.work(worker)));
        }
        if (workers > 1) {
            threads.add(child.start(() -> child.watchChain(child::read)));
            threads.add(child.start(() -> child.watchChain(child::abandon)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private Thread start(Runnable task) {
        return Thread.startVirtualThread(() -> {
            try {
                task.run();
            } catch (StoreException e) {
                tell("F " + e.getMessage());
            } catch (Throwable e) { // a fault of the test's own: nobody must wait for this thread
                e.printStackTrace();
                Runtime.getRuntime().halt(DIED);
            }
        });
    }

    private void work(int worker) {
        long number = store.<Long>read(snapshot -> CrashWorkload.progress(snapshot, worker));
        while (true) { // ends with the process, or with the store's failure
            CrashWorkload step = new CrashWorkload(seed, worker, ++number);
            long version = store.commit(step::apply).version();
            tell("A " + worker + " " + number + " " + version);
        }
    }

    private void watchChain(Runnable look) {
        try (Watch watch = store.watch(CrashWorkload.CHAIN)) {
            while (true) { // ends with the process, or with the store's failure
                watch.await(Duration.ofDays(1));
                look.run();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        tell("S " + store.<Long>read(CrashWorkload::chain));
    }

    private void abandon() {
        try {
            store.write(tx -> {
                throw new Seen(CrashWorkload.chain(tx));
            });
        } catch (Seen seen) {
            tell("S " + seen.length);
        }
    }

    private synchronized void tell(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException _) {
            Runtime.getRuntime().halt(DIED);
        }
    }
}
