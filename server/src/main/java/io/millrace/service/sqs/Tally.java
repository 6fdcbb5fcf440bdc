package io.millrace.service.sqs;

import io.millrace.engine.Transaction;
import io.millrace.service.sqs.SqsKeys.Counter;

/// What one transaction changes about a queue's counters, added up and written once.
final class Tally {
    private long total;
    private long inFlight;
    private long delayed;

    Tally total(long delta) {
        total += delta;
        return this;
    }

    Tally inFlight(long delta) {
        inFlight += delta;
        return this;
    }

    Tally delayed(long delta) {
        delayed += delta;
        return this;
    }

    /// Writes what has changed; wakes whoever waits for messages of the queue, even if nothing has.
    void write(Transaction tx, long queue) {
        add(tx, queue, Counter.TOTAL, total);
        add(tx, queue, Counter.IN_FLIGHT, inFlight);
        add(tx, queue, Counter.DELAYED, delayed);
        if (total == 0 && inFlight == 0 && delayed == 0) {
            tx.add(SqsKeys.counter(queue, Counter.BELL), 1);
        }
    }

    private static void add(Transaction tx, long queue, Counter counter, long delta) {
        if (delta != 0) {
            tx.add(SqsKeys.counter(queue, counter), delta);
        }
    }
}
