package io.millrace.service.sqs;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;

import org.jspecify.annotations.Nullable;

/// What the holder of a receipt handle can do to its message.
///
/// In a standard queue any handle of a message deletes it, however old, and changes its visibility
/// while it is in flight. In a FIFO queue a handle is good while its receipt is in flight. A handle
/// of a message that is deleted does nothing.
final class Receipts {

    private final Ordinals ordinals;
    private final Backlogs backlogs;

    Receipts(Ordinals ordinals, Backlogs backlogs) {
        this.ordinals = ordinals;
        this.backlogs = backlogs;
    }

    /// Deletes the message, if it is still there. False when the handle has expired, as it can in a
    /// FIFO queue: then nothing is done.
    boolean delete(Transaction tx, Queue queue, String handle, long nowMillis) {
        ReceiptHandle receipt = parse(queue, handle);
        Position position = receipt.position();
        MessageState state = state(tx, queue, position);
        if (state == null) {
            return true;
        }
        if (queue.fifo() && !isCurrent(receipt, state, nowMillis)) {
            return false;
        }
        long number = queue.number();
        tx.delete(SqsKeys.message(number, position));
        tx.delete(SqsKeys.state(number, position));
        new Tally().total(-1).inFlight(-1).write(tx, number);
        if (queue.fifo()) {
            tx.delete(SqsKeys.groupMessage(number, group(state), position));
            Groups.settle(tx, queue, group(state), ordinals.next(), nowMillis);
        } else {
            tx.delete(SqsKeys.due(number, state.dueMillis(), position));
            tx.afterCommit(() -> backlogs.of(number).ended(state, nowMillis));
        }
        return true;
    }

    /// Whether the message is there and nobody has received it later; in a FIFO queue, also whether
    /// the handle is still good.
    boolean isHeld(Snapshot tx, Queue queue, String handle, long nowMillis) {
        ReceiptHandle receipt = parse(queue, handle);
        MessageState state = state(tx, queue, receipt.position());
        return state != null
                && receipt.receiveCount() == state.receiveCount()
                && (!queue.fifo() || state.dueMillis() > nowMillis);
    }

    void changeVisibility(
            Transaction tx, Queue queue, String handle, int timeoutSeconds, long nowMillis) {
        ReceiptHandle receipt = parse(queue, handle);
        Position position = receipt.position();
        MessageState state = state(tx, queue, position);
        if (state == null) {
            throw SqsErrors.notInFlight(handle);
        }
        if (queue.fifo() ? !isCurrent(receipt, state, nowMillis) : state.dueMillis() <= nowMillis) {
            return; // AWS accepts the handle of a receipt that is over, and does nothing
        }
        long wanted = nowMillis + timeoutSeconds * 1000L;
        long limit = state.receivedMillis() + SqsLimits.VISIBILITY_TIMEOUT_SECONDS_MAX * 1000L;
        if (wanted > limit) {
            throw SqsErrors.visibilityBeyondLimit(timeoutSeconds);
        }
        long number = queue.number();
        MessageState changed = state.withDue(Floor.clamp(tx, number, wanted));
        tx.put(SqsKeys.state(number, position), changed.encode());
        if (queue.fifo()) {
            Groups.settle(tx, queue, group(state), ordinals.next(), nowMillis);
        } else {
            tx.delete(SqsKeys.due(number, state.dueMillis(), position));
            tx.put(
                    SqsKeys.due(number, changed.dueMillis(), position),
                    Enqueue.due(Enqueue.IN_FLIGHT, state.group()));
            tx.afterCommit(() -> backlogs.of(number).changed(state, changed, nowMillis));
        }
        new Tally().write(tx, number);
    }

    private static String group(MessageState stateInFifo) {
        String group = stateInFifo.group();
        return group == null ? "" : group;
    }

    private static ReceiptHandle parse(Queue queue, String handle) {
        if (handle.isEmpty()) {
            throw SqsErrors.missingParameter("ReceiptHandle");
        }
        return ReceiptHandle.parse(handle)
                .filter(receipt -> receipt.queue() == queue.number())
                .orElseThrow(() -> SqsErrors.receiptHandleIsInvalid(handle));
    }

    private static boolean isCurrent(ReceiptHandle receipt, MessageState state, long nowMillis) {
        return receipt.receiveCount() == state.receiveCount() && state.dueMillis() > nowMillis;
    }

    private static @Nullable MessageState state(Snapshot tx, Queue queue, Position position) {
        byte[] bytes = tx.get(SqsKeys.state(queue.number(), position));
        return bytes == null ? null : MessageState.decode(bytes);
    }
}
