package io.millrace.service.sqs;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

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
    /// that the queues go by, in milliseconds.
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
        private final long clockBegun = clock.millis();
        private final long begun = events.incrementAndGet();

        long number() {
            return begun;
        }

        Span end() {
            return new Span(begun, events.incrementAndGet(), clockBegun, clock.millis());
        }
    }

    final List<Send> sends = Collections.synchronizedList(new ArrayList<>());
    final List<Receipt> receipts = Collections.synchronizedList(new ArrayList<>());
    final List<Deletion> deletions = Collections.synchronizedList(new ArrayList<>());
    final List<VisibilityChange> changes = Collections.synchronizedList(new ArrayList<>());
    private final InstantSource clock;
    private final AtomicLong events = new AtomicLong();

    public QueueHistory(InstantSource clock) {
        this.clock = clock;
    }

    Call begin() {
        return new Call();
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
