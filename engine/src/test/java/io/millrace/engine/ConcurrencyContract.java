package io.millrace.engine;

import static io.millrace.engine.Entries.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What many threads may and may not see of one another.
interface ConcurrencyContract {

    Store store();

    @Test
    default void losesNoUpdateOfAHotKey() {
        int threads = 16;
        int rounds = 100;

        Threads.<Integer>run(
                threads,
                _ ->
                        () -> {
                            for (int i = 0; i < rounds; i++) {
                                store().write(ConcurrencyContract::increment);
                            }
                            return 0;
                        });

        assertThat(Entries.counter(store(), "hot")).isEqualTo((long) threads * rounds);
    }

    private static long increment(Transaction tx) {
        long next = Bytes.counter(tx.get(bytes("hot"))) + 1;
        tx.put(bytes("hot"), Bytes.counter(next));
        return next;
    }

    @Test
    default void countersAddUpUnderLoad() {
        Threads.<Integer>run(
                16,
                i ->
                        () -> {
                            for (int n = 0; n < 100; n++) {
                                store().write(tx -> add(tx, i % 2 == 0 ? 3 : -1));
                            }
                            return 0;
                        });

        assertThat(Entries.counter(store(), "n")).isEqualTo(8 * 100 * 3 - 8 * 100);
    }

    private static int add(Transaction tx, long delta) {
        tx.add(bytes("n"), delta);
        return 0;
    }

    /// Each may leave while the other stays: with write skew, both leave.
    @Test
    default void hasNoWriteSkew() {
        for (int round = 0; round < 100; round++) {
            String prefix = "round" + round + "/";
            Entries.put(store(), prefix + "0", "on call");
            Entries.put(store(), prefix + "1", "on call");

            Threads.<Integer>run(2, i -> () -> store().write(tx -> leave(tx, prefix, i)));

            assertThat(store().<Integer>read(snapshot -> count(snapshot, prefix))).isEqualTo(1);
        }
    }

    private static int leave(Transaction tx, String prefix, int who) {
        if (tx.get(bytes(prefix + (1 - who))) != null) {
            tx.delete(bytes(prefix + who));
        }
        return who;
    }

    private static int count(Snapshot snapshot, String prefix) {
        int count = 0;
        try (Cursor cursor = snapshot.prefix(bytes(prefix))) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }

    /// Whoever counts, and adds one below a limit, must have counted all: a phantom exceeds it.
    @Test
    default void hasNoPhantoms() {
        for (int round = 0; round < 50; round++) {
            String prefix = "round" + round + "/";

            Threads.<Integer>run(8, i -> () -> store().write(tx -> reserve(tx, prefix, i)));

            assertThat(store().<Integer>read(snapshot -> count(snapshot, prefix))).isEqualTo(3);
        }
    }

    private static int reserve(Transaction tx, String prefix, int who) {
        if (count(tx, prefix) < 3) {
            Entries.put(tx, prefix + who, "seat");
        }
        return who;
    }

    @Test
    default void everyReaderSeesTheSameMoneyInTheBank() {
        int accounts = 10;
        store().write(tx -> {
            for (int i = 0; i < accounts; i++) {
                tx.add(bytes("bank/" + i), 100);
            }
            return 0;
        });

        List<Long> deviations =
                Threads.run(
                        6,
                        i ->
                                i < 4
                                        ? () -> transferMany(new SplittableRandom(i), accounts)
                                        : () -> watchTheSum());

        assertThat(deviations).containsOnly(0L);
        assertThat(store().<Long>read(ConcurrencyContract::sum)).isEqualTo(accounts * 100L);
    }

    private long transferMany(SplittableRandom random, int accounts) {
        for (int n = 0; n < 150; n++) {
            byte[] from = bytes("bank/" + random.nextInt(accounts));
            byte[] to = bytes("bank/" + random.nextInt(accounts));
            long amount = random.nextLong(50);
            boolean viaCounters = n % 3 == 0;
            store().write(tx -> {
                if (viaCounters) {
                    tx.add(from, -amount);
                    tx.add(to, amount);
                } else {
                    move(tx, from, to, amount);
                }
                return 0;
            });
        }
        return 0L;
    }

    private static void move(Transaction tx, byte[] from, byte[] to, long amount) {
        set(tx, from, Bytes.counter(tx.get(from)) - amount);
        set(tx, to, Bytes.counter(tx.get(to)) + amount);
    }

    private static void set(Transaction tx, byte[] counter, long value) {
        tx.delete(counter);
        tx.add(counter, value);
    }

    private long watchTheSum() {
        long worst = 0;
        for (int n = 0; n < 200; n++) {
            long deviation =
                    n % 2 == 0
                            ? store().<Long>read(ConcurrencyContract::sum) - 1000
                            : store().<Long>write(ConcurrencyContract::sum) - 1000;
            worst = Math.max(worst, Math.abs(deviation));
        }
        return worst;
    }

    private static long sum(Snapshot snapshot) {
        long sum = 0;
        try (Cursor cursor = snapshot.prefix(bytes("bank/"))) {
            while (cursor.next()) {
                sum += Bytes.counter(cursor.value());
            }
        }
        return sum;
    }

    /// A log tailed by stamp: the tail never finds something new behind what it has seen.
    @Test
    default void stampsAreMonotonicInVisibility() {
        int writers = 4;
        int each = 100;

        List<Integer> seen =
                Threads.run(
                        writers + 2,
                        i -> i < writers ? () -> appendMany(each) : () -> tail(writers * each));

        assertThat(seen).containsOnly(each, writers * each);
    }

    private int appendMany(int count) {
        KeyWriter key = new KeyWriter('l').stamp();
        for (int n = 0; n < count; n++) {
            store().write(tx -> {
                tx.putStamped(key.toBytes(), 1, Bytes.EMPTY, Transaction.NO_STAMP);
                return 0;
            });
        }
        return count;
    }

    private int tail(int wanted) throws InterruptedException {
        byte[] next = {'l'};
        int count = 0;
        try (Watch watch = store().watch(new byte[] {'l'})) {
            while (count < wanted) {
                byte[] from = next;
                List<byte[]> found = store().read(snapshot -> keysFrom(snapshot, from));
                count += found.size();
                if (found.isEmpty()) {
                    watch.await(WatchContract.FOR_EVER);
                } else {
                    next = Bytes.after(found.getLast());
                }
            }
        }
        return store().<Integer>read(snapshot -> count(snapshot, "l"));
    }

    private static List<byte[]> keysFrom(Snapshot snapshot, byte[] from) {
        List<byte[]> keys = new ArrayList<>();
        try (Cursor cursor = snapshot.range(from, new byte[] {'m'}, Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                keys.add(cursor.key());
            }
        }
        return keys;
    }
}
