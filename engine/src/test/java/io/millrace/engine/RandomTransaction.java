package io.millrace.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A transaction made of random steps, the same at each of its attempts, that notes what it read.
final class RandomTransaction {

    sealed interface Step {
        record Get(int key) implements Step {}

        /// Reads at most `limit` entries.
        record Range(int from, int to, Snapshot.Direction direction, int limit) implements Step {}

        record Put(int key, int value) implements Step {}

        record Delete(int key) implements Step {}

        record DeleteRange(int from, int to) implements Step {}

        record Add(int counter, long delta) implements Step {}

        record GetCounter(int counter) implements Step {}

        record Append(int suffix) implements Step {}
    }

    /// What was done, at which version, and what each of its reads showed. One that threw or only
    /// read did not write.
    record Observed(long version, boolean wrote, List<Step> steps, List<String> reads) {}

    private enum Kind {
        WRITE,
        READ,
        THROW
    }

    private static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final int KEYS = 24;

    private final List<Step> steps = new ArrayList<>();
    private final Kind kind;

    RandomTransaction(SplittableRandom random) {
        int choice = random.nextInt(8);
        kind = choice == 0 ? Kind.READ : choice == 1 ? Kind.THROW : Kind.WRITE;
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            steps.add(kind == Kind.READ ? readStep(random) : step(random));
        }
    }

    Observed run(Store store) {
        List<String> reads = new ArrayList<>();
        return switch (kind) {
            case READ -> {
                long version =
                        store.read(snapshot -> {
                            steps.forEach(step -> reads.add(read(snapshot, step)));
                            return snapshot.version();
                        });
                yield new Observed(version, false, steps, reads);
            }
            case WRITE -> {
                Store.Committed<Boolean> committed = store.commit(tx -> apply(tx, reads));
                yield new Observed(committed.version(), committed.value(), steps, reads);
            }
            case THROW -> {
                long[] version = new long[1];
                try {
                    store.write(tx -> {
                        apply(tx, reads);
                        version[0] = tx.version();
                        throw new Abandoned();
                    });
                    throw new IllegalStateException("the exception got lost");
                } catch (Abandoned _) {
                    yield new Observed(version[0], false, steps, reads);
                }
            }
        };
    }

    private boolean apply(Transaction tx, List<String> reads) {
        reads.clear();
        boolean wrote = false;
        for (Step step : steps) {
            switch (step) {
                case Step.Put(int key, int value) -> tx.put(key(key), value(value));
                case Step.Delete(int key) -> tx.delete(key(key));
                case Step.DeleteRange(int from, int to) -> tx.deleteRange(key(from), key(to));
                case Step.Add(int counter, long delta) -> tx.add(counterKey(counter), delta);
                case Step.Append(int suffix) ->
                        tx.putStamped(logKey(0, suffix), 1, Bytes.EMPTY, Transaction.NO_STAMP);
                case Step.Get _, Step.Range _, Step.GetCounter _ -> reads.add(read(tx, step));
            }
            wrote |= writes(step);
        }
        return wrote;
    }

    static boolean writes(Step step) {
        return switch (step) {
            case Step.Put _, Step.Delete _, Step.Add _, Step.Append _ -> true;
            case Step.DeleteRange(int from, int to) -> from < to;
            case Step.Get _, Step.Range _, Step.GetCounter _ -> false;
        };
    }

    static String read(Snapshot snapshot, Step step) {
        return switch (step) {
            case Step.Get(int key) -> HistoryModel.text(snapshot.get(key(key)));
            case Step.GetCounter(int counter) ->
                    String.valueOf(Bytes.counter(snapshot.get(counterKey(counter))));
            case Step.Range(int from, int to, Snapshot.Direction direction, int limit) -> {
                StringBuilder text = new StringBuilder();
                try (Cursor cursor = snapshot.range(key(from), key(to), direction)) {
                    for (int i = 0; i < limit && cursor.next(); i++) {
                        text.append(HistoryModel.text(cursor.key()))
                                .append('=')
                                .append(HistoryModel.text(cursor.value()))
                                .append(' ');
                    }
                }
                yield text.toString();
            }
            case Step.Put _, Step.Delete _, Step.DeleteRange _, Step.Add _, Step.Append _ ->
                    throw new IllegalArgumentException("not a read");
        };
    }

    static byte[] key(int number) {
        return new KeyWriter('k').uint16(number).toBytes();
    }

    static byte[] value(int number) {
        return new KeyWriter('v').uint32(number).toBytes();
    }

    static byte[] counterKey(int number) {
        return new KeyWriter('c').uint8(number).toBytes();
    }

    static byte[] logKey(long stamp, int suffix) {
        return new KeyWriter('l').uint64(stamp).uint8(suffix).toBytes();
    }

    private static Step step(SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> new Step.Put(random.nextInt(KEYS), random.nextInt());
            case 3 -> new Step.Delete(random.nextInt(KEYS));
            case 4 -> new Step.DeleteRange(random.nextInt(KEYS), random.nextInt(KEYS));
            case 5 -> new Step.Add(random.nextInt(2), random.nextInt(100) - 50);
            case 6 -> new Step.Append(random.nextInt(256));
            default -> readStep(random);
        };
    }

    private static Step readStep(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0, 1 -> new Step.Get(random.nextInt(KEYS));
            case 2 -> new Step.GetCounter(random.nextInt(2));
            default ->
                    new Step.Range(
                            random.nextInt(KEYS),
                            random.nextInt(KEYS),
                            random.nextBoolean()
                                    ? Snapshot.Direction.FORWARD
                                    : Snapshot.Direction.BACKWARD,
                            1 + random.nextInt(KEYS));
        };
    }
}
