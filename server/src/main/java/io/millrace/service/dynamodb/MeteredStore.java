package io.millrace.service.dynamodb;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;

import java.time.InstantSource;
import java.util.function.Supplier;

/// The store for operations on items: what they use is counted, limited, and charged when they are
/// done, so that nothing but memory is touched for it and no transaction conflicts. Thread-safe.
final class MeteredStore {

    @FunctionalInterface
    interface Read<T> {
        T run(Snapshot tx, Meter meter);
    }

    @FunctionalInterface
    interface Write<T> {
        T run(Transaction tx, Meter meter);
    }

    /// The meter of a transaction's newest run.
    private static final class Runs {
        private Meter last;

        Runs(Meter first) {
            this.last = first;
        }

        Meter next(Meter meter) {
            last = meter;
            return meter;
        }
    }

    private final Store store;
    private final ThroughputLimits limits;
    private final KeyInsights insights;

    MeteredStore(Store store, InstantSource clock) {
        this.store = store;
        this.limits = new ThroughputLimits(clock);
        this.insights = new KeyInsights();
    }

    KeyInsights insights() {
        return insights;
    }

    <T> T read(Read<T> read) {
        Runs runs = new Runs(meter());
        return settled(runs, () -> store.read(tx -> read.run(tx, runs.next(meter()))));
    }

    <T> T write(Write<T> write) {
        Runs runs = new Runs(meter());
        return settled(runs, () -> store.write(tx -> write.run(tx, runs.next(meter()))));
    }

    private Meter meter() {
        return new Meter(limits, insights);
    }

    /// What was refused by a condition is charged too, as at AWS; what was throttled is not.
    private static <T> T settled(Runs runs, Supplier<T> request) {
        try {
            T answer = request.get();
            runs.last.settle();
            return answer;
        } catch (RuntimeException e) {
            if (runs.last.refused()) {
                runs.last.discard();
            } else {
                runs.last.settle();
            }
            throw e;
        }
    }
}
