package io.millrace.service.sqs;

import static java.util.stream.Collectors.groupingBy;

import io.millrace.service.sqs.QueueHistory.Deletion;
import io.millrace.service.sqs.QueueHistory.Outcome;
import io.millrace.service.sqs.QueueHistory.Receipt;
import io.millrace.service.sqs.QueueHistory.Send;
import io.millrace.service.sqs.QueueHistory.Span;
import io.millrace.service.sqs.QueueHistory.VisibilityChange;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Judges the history of a queue and its dead-letter queue, which were emptied at its end. It knows
/// only what callers saw: a call took effect at some moment between its beginning and its end, and
/// one without an answer perhaps never. It reports what no such moments explain.
public final class QueueHistoryChecker {

    private static final long DEDUPLICATION_MILLIS = Duration.ofMinutes(5).toMillis();

    private final QueueHistory history;
    private final String queue;
    private final int maxReceiveCount;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Send> sendByBody = new HashMap<>();
    private final Map<String, List<Receipt>> byMessage;
    private final Map<String, List<Deletion>> deletionsByMessage;
    private final Map<Receipt, List<VisibilityChange>> changesByReceipt;

    /// @param queue to which everything was sent, and which moves to its dead-letter queue what it
    ///   has handed out `maxReceiveCount` times
    public QueueHistoryChecker(QueueHistory history, String queue, int maxReceiveCount) {
        this.history = history;
        this.queue = queue;
        this.maxReceiveCount = maxReceiveCount;
        history.sends.forEach(send -> sendByBody.put(send.body(), send));
        this.byMessage = history.receipts.stream().collect(groupingBy(Receipt::messageId));
        this.deletionsByMessage =
                history.deletions.stream()
                        .filter(deletion -> deletion.outcome() != Outcome.REFUSED)
                        .collect(groupingBy(deletion -> deletion.receipt().messageId()));
        this.changesByReceipt =
                history.changes.stream()
                        .filter(change -> change.outcome() != Outcome.REFUSED)
                        .sorted(Comparator.comparingLong(change -> change.span().begun()))
                        .collect(groupingBy(VisibilityChange::receipt));
    }

    /// What cannot be, in words; empty when all is well.
    public List<String> violations() {
        findLost();
        findInvented();
        findEarly();
        findResurrected();
        history.receipts.stream()
                .filter(QueueHistoryChecker::isFifo)
                .collect(groupingBy(receipt -> receipt.queue() + " " + receipt.group()))
                .values()
                .forEach(this::findDisorder);
        findWrongDeduplication();
        findWrongSequence();
        return violations;
    }

    /// What was acknowledged was received in the end, and deleted.
    private void findLost() {
        for (Send send : acknowledged().toList()) {
            check(deletionsByMessage.containsKey(send.messageId()), "lost", send, "");
        }
    }

    /// What is received was sent, by one call, at its time, and is that call's only message.
    private void findInvented() {
        Map<String, String> idByBody = new HashMap<>();
        for (Receipt receipt : history.receipts) {
            Send send = sendByBody.get(receipt.body());
            if (send == null || send.outcome() == Outcome.REFUSED) {
                check(false, "invented", receipt, "");
                continue;
            }
            String id = idByBody.putIfAbsent(receipt.body(), receipt.messageId());
            check(id == null || id.equals(receipt.messageId()), "doubled", receipt, id);
            check(
                    send.outcome() == Outcome.UNKNOWN
                            || send.messageId().equals(receipt.messageId()),
                    "another message id than answered",
                    receipt,
                    send);
            check(send.group().equals(receipt.group()), "of another group", receipt, send);
            // a dead letter of a FIFO queue is as old as its move; a call that was not answered may
            // take effect after its caller gave up
            boolean unknown = send.outcome() == Outcome.UNKNOWN;
            boolean moved = isFifo(receipt) && !receipt.queue().equals(queue);
            long latest = moved || unknown ? receipt.span().clockEnded() : send.span().clockEnded();
            check(
                    (unknown || send.span().clockBegun() <= receipt.sentMillis())
                            && receipt.sentMillis() <= latest,
                    "sent at another time",
                    receipt,
                    send);
        }
    }

    /// Nothing is handed out while it is delayed or an earlier receipt hides it, nor moved to the
    /// dead-letter queue before it was handed out often enough.
    private void findEarly() {
        for (Receipt receipt : history.receipts) {
            Send send = sendByBody.get(receipt.body());
            if (send != null) {
                long visible = receipt.sentMillis() + send.delaySeconds() * 1000L;
                check(receipt.span().clockEnded() >= visible, "before its delay", receipt, send);
            }
            check(
                    receipt.queue().equals(queue) == receipt.receiveCount() <= maxReceiveCount,
                    "in the wrong queue for its count",
                    receipt,
                    "");
        }
        for (List<Receipt> receipts : byMessage.values()) {
            receipts.sort(Comparator.comparingInt(Receipt::receiveCount));
            for (int i = 1; i < receipts.size(); i++) {
                Receipt before = receipts.get(i - 1);
                Receipt after = receipts.get(i);
                check(before.receiveCount() < after.receiveCount(), "twice", before, after);
                check(
                        after.span().clockEnded() >= hiddenUntil(before, after.span()),
                        "early",
                        before,
                        after);
                check(!after.span().isBefore(before.span()), "counted back", before, after);
            }
        }
    }

    /// Nothing comes after its delete was answered. A delete in one queue concerns the other when
    /// the message cannot have been moved before.
    private void findResurrected() {
        deletionsByMessage.forEach((id, deletions) -> {
            for (Deletion deletion : deletions) {
                Receipt deleted = deletion.receipt();
                boolean inForce =
                        deletion.span().clockEnded() < hiddenUntil(deleted, deletion.span());
                for (Receipt receipt : byMessage.getOrDefault(id, List.of())) {
                    boolean after =
                            deletion.outcome() == Outcome.DONE
                                    && deletion.span().isBefore(receipt.span());
                    boolean concerned = inForce || receipt.queue().equals(deleted.queue());
                    check(!(after && concerned), "resurrected", deletion, receipt);
                }
            }
        });
    }

    /// A message of a group comes when all before it are gone, or come with it, and neither it nor
    /// one before it is in flight.
    private void findDisorder(List<Receipt> group) {
        Map<String, String> messages = new HashMap<>(); // sequence numbers by message id
        Map<Long, Set<String>> calls = new HashMap<>();
        for (Receipt receipt : group) {
            messages.put(receipt.messageId(), receipt.sequenceNumber());
            calls.computeIfAbsent(receipt.call(), _ -> new HashSet<>()).add(receipt.messageId());
        }
        Receipt last = null;
        for (Receipt receipt : group) {
            Set<String> together = calls.getOrDefault(receipt.call(), Set.of());
            messages.forEach((id, number) ->
                    check(
                            number.compareTo(receipt.sequenceNumber()) >= 0
                                    || together.contains(id)
                                    || isPerhapsGone(id, receipt),
                            "overtakes " + id,
                            receipt,
                            number));
            for (Receipt other : group) {
                boolean inFlight =
                        other.call() != receipt.call()
                                && other.sequenceNumber().compareTo(receipt.sequenceNumber()) <= 0
                                && other.span().isBefore(receipt.span())
                                && receipt.span().clockEnded() < hiddenUntil(other, receipt.span());
                check(
                        !inFlight || isPerhapsGone(other.messageId(), receipt),
                        "of a group in flight",
                        receipt,
                        other);
            }
            check(
                    last == null
                            || last.call() != receipt.call()
                            || last.sequenceNumber().compareTo(receipt.sequenceNumber()) < 0,
                    "out of order in one answer",
                    receipt,
                    last);
            last = receipt;
        }
    }

    /// Whether a message may have left the receipt's queue before the receipt.
    private boolean isPerhapsGone(String messageId, Receipt receipt) {
        return deletionsByMessage.getOrDefault(messageId, List.of()).stream()
                        .anyMatch(deletion ->
                                deletion.receipt().queue().equals(receipt.queue())
                                        && deletion.span().begun() < receipt.span().ended())
                || (receipt.queue().equals(queue)
                        && byMessage.getOrDefault(messageId, List.of()).stream()
                                .anyMatch(other -> !other.queue().equals(queue)));
    }

    /// Messages with the same id are five minutes apart, and a send is answered with an earlier
    /// message only within five minutes of that.
    private void findWrongDeduplication() {
        Map<String, List<Receipt>> byId =
                byMessage.values().stream()
                        .map(List::getFirst)
                        .filter(receipt -> !receipt.deduplicationId().isEmpty())
                        .sorted(Comparator.comparingLong(Receipt::sentMillis))
                        .collect(groupingBy(Receipt::deduplicationId));
        for (List<Receipt> messages : byId.values()) {
            for (int i = 1; i < messages.size(); i++) {
                Receipt before = messages.get(i - 1);
                Receipt after = messages.get(i);
                check(
                        after.sentMillis() - before.sentMillis() >= DEDUPLICATION_MILLIS,
                        "not deduplicated",
                        before,
                        after);
            }
        }
        for (Send send : acknowledged().toList()) {
            for (Receipt receipt : byMessage.getOrDefault(send.messageId(), List.of())) {
                if (!receipt.queue().equals(queue)) {
                    continue; // a dead letter has its message's id for its own
                }
                check(
                        send.span().clockBegun() < receipt.sentMillis() + DEDUPLICATION_MILLIS
                                && send.deduplicationId().equals(receipt.deduplicationId()),
                        "deduplicated wrongly",
                        send,
                        receipt);
            }
        }
    }

    /// A later send has a greater number, which its receipts have too.
    private void findWrongSequence() {
        List<Send> accepted =
                acknowledged()
                        .filter(send -> !send.sequenceNumber().isEmpty())
                        .filter(send ->
                                byMessage.getOrDefault(send.messageId(), List.of()).stream()
                                        .anyMatch(r -> r.body().equals(send.body())))
                        .sorted(Comparator.comparing(Send::sequenceNumber))
                        .toList();
        Send latest = null; // of those with smaller numbers, the one that began last
        for (Send send : accepted) {
            check(
                    latest == null || !send.span().isBefore(latest.span()),
                    "a smaller number than one before",
                    send,
                    latest);
            if (latest == null || send.span().begun() > latest.span().begun()) {
                latest = send;
            }
        }
        for (Send send : acknowledged().toList()) {
            for (Receipt receipt : byMessage.getOrDefault(send.messageId(), List.of())) {
                check(
                        !receipt.queue().equals(queue)
                                || send.sequenceNumber().equals(receipt.sequenceNumber()),
                        "another sequence number than answered",
                        send,
                        receipt);
            }
        }
    }

    /// The time until which a receipt hides its message at least, as far as `call` could know: its
    /// visibility timeout or what was made of it, counted from when the caller asked.
    private long hiddenUntil(Receipt receipt, Span call) {
        long least = receipt.span().clockBegun() + receipt.visibilitySeconds() * 1000L;
        for (VisibilityChange change : changesByReceipt.getOrDefault(receipt, List.of())) {
            Span span = change.span();
            if (span.begun() > call.ended()) {
                break;
            }
            long changed = span.clockBegun() + change.seconds() * 1000L;
            boolean tookEffect =
                    change.outcome() == Outcome.DONE
                            && span.isBefore(call)
                            && span.clockEnded() < least;
            least = tookEffect ? changed : Math.min(least, changed);
        }
        return isFifo(receipt) ? least : Math.min(least, shownByOthers(receipt, call));
    }

    /// The earliest time at which an older or newer handle of the message may have shown it, in a
    /// standard queue, while `receipt` hid it.
    private long shownByOthers(Receipt receipt, Span call) {
        return history.changes.stream()
                .filter(change ->
                        change.receipt().messageId().equals(receipt.messageId())
                                && change.receipt().queue().equals(receipt.queue())
                                && !change.receipt().equals(receipt))
                .filter(change ->
                        change.outcome() == Outcome.UNKNOWN
                                || (change.outcome() == Outcome.DONE
                                        && !change.span().isBefore(receipt.span())))
                .filter(change -> change.span().begun() <= call.ended())
                .mapToLong(change -> change.span().clockBegun() + change.seconds() * 1000L)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private static boolean isFifo(Receipt receipt) {
        return !receipt.sequenceNumber().isEmpty();
    }

    private Stream<Send> acknowledged() {
        return history.sends.stream().filter(send -> send.outcome() == Outcome.DONE);
    }

    private void check(boolean holds, String what, Object one, @Nullable Object other) {
        if (!holds) {
            violations.add(what + ": " + one + " " + other);
        }
    }
}
