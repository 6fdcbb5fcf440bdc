package io.millrace.service.sqs;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// What producers and consumers of some queues saw: every call with its outcome, and when it was on
/// its way. [QueueHistoryChecker] judges it. Thread-safe.
public final class QueueHistory {

    /// What a caller knows of its call. After `UNKNOWN` it may have taken effect, or not.
    public enum Outcome {
        DONE,
        REFUSED,
        UNKNOWN
    }

    /// When a call was on its way: in the order of all calls' beginnings and ends, and on the clock
    /// that the queues go by, in milliseconds. The clock may be put back: what a time had ended
    /// before stays ended, so `clockEnded` is the latest time that it has shown until then.
    public record Span(long begun, long ended, long clockBegun, long clockEnded) {

        boolean isBefore(Span other) {
            return ended < other.begun;
        }
    }

    /// A message given to the queue.
    ///
    /// @param group empty when it has none, as in a standard queue it may
    /// @param deduplicationId empty in a standard queue, like `sequenceNumber`
    /// @param body no other call has the same
    /// @param messageId as answered; empty when there was no answer
    public record Send(
            String body,
            String group,
            String deduplicationId,
            int delaySeconds,
            Outcome outcome,
            String messageId,
            String sequenceNumber,
            Span span) {}

    /// One message in one answer.
    ///
    /// @param call the number of the call that it came with
    public record Receipt(
            long call,
            String queue,
            String messageId,
            String body,
            String group,
            String deduplicationId,
            String sequenceNumber,
            int receiveCount,
            long sentMillis,
            int visibilitySeconds,
            Span span) {}

    public record Deletion(Receipt receipt, Outcome outcome, Span span) {}

    public record VisibilityChange(Receipt receipt, int seconds, Outcome outcome, Span span) {}

    /// A call on its way.
    final class Call {
        private final long clockBegun;
        private final long begun;

        private Call() {
            steps.readLock().lock();
            clockBegun = clock.millis();
            latest();
            begun = events.incrementAndGet();
        }

        long number() {
            return begun;
        }

        /// To be called once, by the thread that began.
        Span end() {
            Span span = new Span(begun, events.incrementAndGet(), clockBegun, latest());
            steps.readLock().unlock();
            return span;
        }
    }

    final List<Send> sends = Collections.synchronizedList(new ArrayList<>());
    final List<Receipt> receipts = Collections.synchronizedList(new ArrayList<>());
    final List<Deletion> deletions = Collections.synchronizedList(new ArrayList<>());
    final List<VisibilityChange> changes = Collections.synchronizedList(new ArrayList<>());
    private final InstantSource clock;
    private final InstantSource most;
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong latestMillis = new AtomicLong();

    /// Shared by the calls on their way.
    private final ReadWriteLock steps = new ReentrantReadWriteLock();

    public QueueHistory(InstantSource clock) {
        this(clock, clock);
    }

    /// @param clock the least that the queues' clock may show
    /// @param most the most that it may show
    public QueueHistory(InstantSource clock, InstantSource most) {
        this.clock = clock;
        this.most = most;
    }

    Call begin() {
        return new Call();
    }

    /// Moves the queues' clock while no call is on its way, so that each call has one time.
    public void whileNobodyCalls(Runnable step) {
        steps.writeLock().lock();
        try {
            latest();
            step.run();
        } finally {
            steps.writeLock().unlock();
        }
    }

    private long latest() {
        return latestMillis.accumulateAndGet(most.millis(), Math::max);
    }

    public int sendCount() {
        return sends.size();
    }

    @Override
    public String toString() {
        return "%d sends, %d receipts, %d deletions, %d changes of visibility"
                .formatted(sends.size(), receipts.size(), deletions.size(), changes.size());
    }
}
