package io.millrace.service.sqs;

import io.millrace.engine.Transaction;

import java.util.LinkedHashSet;
import java.util.Set;

/// Removes messages wherever they are, in one transaction.
final class Removal {
    private final Transaction tx;
    private final Queue queue;
    private final Ordinals ordinals;
    private final long nowMillis;
    private final Tally tally = new Tally();
    private final Set<String> groups = new LinkedHashSet<>();
    private boolean any;

    Removal(Transaction tx, Queue queue, Ordinals ordinals, long nowMillis) {
        this.tx = tx;
        this.queue = queue;
        this.ordinals = ordinals;
        this.nowMillis = nowMillis;
    }

    void remove(Position position, StoredMessage message) {
        any = true;
        long number = queue.number();
        tx.delete(SqsKeys.message(number, position));
        tally.total(-1);
        byte[] bytes = tx.get(SqsKeys.state(number, position));
        if (bytes != null) {
            MessageState state = MessageState.decode(bytes);
            tx.delete(SqsKeys.state(number, position));
            if (state.receiveCount() == 0) {
                tally.delayed(-1);
            } else {
                tally.inFlight(-1);
            }
            if (!queue.fifo()) {
                tx.delete(SqsKeys.due(number, state.dueMillis(), position));
            }
        } else if (!queue.fifo()) {
            unlist(SqsKeys.ready(number, position));
        }
        if (queue.fifo() || message.groupId() != null) {
            tx.delete(SqsKeys.groupMessage(number, Enqueue.group(message), position));
        }
        if (queue.fifo()) {
            groups.add(Enqueue.group(message));
        }
    }

    /// The position of a lane's first message is that of the entry which opened the lane and stays.
    private void unlist(byte[] ready) {
        byte[] value = tx.get(ready);
        if (value != null && value.length == 0) {
            tx.delete(ready);
        }
    }

    void finish() {
        for (String group : groups) {
            Groups.settle(tx, queue, group, ordinals.next(), nowMillis);
        }
        if (any) {
            tally.write(tx, queue.number());
        }
    }
}
