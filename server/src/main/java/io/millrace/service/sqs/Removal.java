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
            tx.delete(SqsKeys.ready(number, position));
        }
        if (queue.fifo()) {
            String group = Enqueue.group(message);
            tx.delete(SqsKeys.groupMessage(number, group, position));
            groups.add(group);
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
