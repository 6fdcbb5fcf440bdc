package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyReader;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One transaction that receives messages: verifies candidates, and puts what it hands out in
/// flight; removes what is too old, and moves to the dead-letter queue what was received too often.
final class Reception {

    /// A message in flight to its receiver.
    record Received(Position position, StoredMessage message, MessageState state) {

        String handle(Queue queue) {
            return new ReceiptHandle(queue.number(), position, state.receiveCount()).toString();
        }
    }

    /// What became of the candidates.
    ///
    /// @param unused those that were not needed
    /// @param closed the ends of lanes that are closed now
    /// @param ended messages that had been in flight and are gone
    /// @param missed whether some led to nothing: gone, too old, or moved
    record Outcome(
            List<Received> received,
            List<Candidate> unused,
            List<Candidate> closed,
            List<MessageState> ended,
            boolean missed) {

        /// Without a look at the candidates.
        static Outcome of(List<Received> received, List<Candidate> unused) {
            return new Outcome(received, unused, List.of(), List.of(), false);
        }
    }

    private final Transaction tx;
    private final Queue queue;
    private final Enqueue enqueue;
    private final Ordinals ordinals;
    private final int countMax;
    private final long nowMillis;
    private final long dueMillis;
    private final @Nullable Queue deadLetters;
    private final Tally tally = new Tally();
    private final List<Received> received = new ArrayList<>();
    private final List<Candidate> closed = new ArrayList<>();
    private final List<MessageState> ended = new ArrayList<>();
    private int removedCount;

    Reception(
            Transaction tx,
            Queue queue,
            Enqueue enqueue,
            Ordinals ordinals,
            int countMax,
            int visibilityTimeoutSeconds,
            long nowMillis) {
        this.tx = tx;
        this.queue = queue;
        this.enqueue = enqueue;
        this.ordinals = ordinals;
        this.countMax = countMax;
        this.nowMillis = nowMillis;
        this.dueMillis =
                Floor.clamp(tx, queue.number(), nowMillis + visibilityTimeoutSeconds * 1000L);
        this.deadLetters = deadLetters();
    }

    Outcome receive(List<Candidate> candidates) {
        List<Candidate> unused = new ArrayList<>();
        boolean missed = false;
        for (Candidate candidate : candidates) {
            int before = received.size();
            if (candidate.isEnd()) {
                closeLane(candidate);
            } else if (before >= countMax) {
                unused.add(candidate);
            } else {
                if (queue.fifo()) {
                    receiveGroup(candidate);
                } else {
                    receiveMessage(candidate);
                }
                missed |= received.size() == before;
            }
        }
        tally.write(tx, queue.number());
        Floor.raise(tx, queue, nowMillis, SqsLimits.FLOOR_STEP.toMillis());
        return new Outcome(received, unused, closed, ended, missed || received.isEmpty());
    }

    /// Closes the lane that an entry of the ready list has opened, if it is empty and this
    /// transaction moves nothing into it. Whoever sends to it meanwhile conflicts with the one or
    /// the other of these two readings.
    private void closeLane(Candidate end) {
        long number = queue.number();
        String group = new String(end.value(), StandardCharsets.UTF_8);
        if (tx.get(end.key()) != null) {
            if (tx.firstStamped(SqsKeys.groupMessages(number, group)) != null) {
                return;
            }
            try (Cursor cursor = Groups.from(tx, number, group, Groups.position(end.key()))) {
                if (cursor.next()) {
                    return;
                }
            }
            tx.delete(end.key());
            tx.delete(SqsKeys.group(number, group));
        }
        closed.add(end);
    }

    private void receiveMessage(Candidate candidate) {
        if (candidate.dueMillis() == 0) {
            if (tx.get(candidate.key()) != null) {
                tx.delete(candidate.key());
                handOut(Groups.position(candidate.key()), null);
            }
            return;
        }
        Position position = SqsKeys.positionInDue(candidate.key());
        MessageState state = state(position);
        if (state != null && state.dueMillis() == candidate.dueMillis()) {
            tx.delete(candidate.key());
            handOut(position, state);
        }
    }

    /// Takes as many of the group's first messages as are wanted and visible.
    private void receiveGroup(Candidate candidate) {
        boolean ready = candidate.dueMillis() == 0;
        String group =
                ready
                        ? new String(candidate.value(), StandardCharsets.UTF_8)
                        : groupOf(candidate.key());
        GroupState state = GroupState.decode(tx.get(SqsKeys.group(queue.number(), group)));
        if (tx.get(candidate.key()) == null) {
            return;
        }
        tx.delete(candidate.key());
        if (state == null || state.dueMillis() != candidate.dueMillis()) {
            return; // a stale entry: the group is listed elsewhere
        }
        Position from = state.head();
        while (received.size() < countMax && removedCount < SqsLimits.CLEANUP_PAGE) {
            List<Position> page = visible(group, from);
            if (page.isEmpty()) {
                break;
            }
            for (Position position : page) {
                if (received.size() < countMax) {
                    handOut(position, state(position));
                }
            }
            Position last = page.getLast();
            from = new Position(last.stamp(), last.ordinal() + 1);
        }
        Groups.settle(tx, queue, group, state, -1, ordinals.next(), nowMillis);
    }

    /// The next messages of the group, up to the first that is delayed or in flight.
    private List<Position> visible(String group, Position from) {
        List<Position> page = new ArrayList<>(countMax);
        try (Cursor cursor = Groups.from(tx, queue.number(), group, from)) {
            while (page.size() < countMax && cursor.next()) {
                Position position = Groups.position(cursor.key());
                MessageState state = state(position);
                long visibleMillis =
                        state != null
                                ? state.dueMillis()
                                : Groups.visibleMillis(queue, Bytes.readLong(cursor.value(), 0));
                if (visibleMillis > nowMillis) {
                    break;
                }
                page.add(position);
            }
        }
        return page;
    }

    private void handOut(Position position, @Nullable MessageState state) {
        byte[] key = SqsKeys.message(queue.number(), position);
        byte[] bytes = tx.get(key);
        if (bytes == null) {
            throw new IllegalStateException("a listed message is missing in " + queue.arn());
        }
        StoredMessage message = StoredMessage.decode(tx, position, bytes);
        if (message.sentMillis() + queue.retentionMillis() <= nowMillis) {
            remove(key, position, state, message.groupId());
            return;
        }
        Queue target = deadLetters;
        Queue.Redrive redrive = queue.redrive();
        if (target != null
                && redrive != null
                && state != null
                && state.receiveCount() >= redrive.maxReceiveCount()) {
            enqueue.move(tx, target, message.movedFrom(queue, state, nowMillis), nowMillis);
            remove(key, position, state, message.groupId());
            return;
        }
        putInFlight(position, state, message);
    }

    private void putInFlight(
            Position position, @Nullable MessageState state, StoredMessage message) {
        MessageState before = state == null ? MessageState.delayed(0) : state;
        if (state != null && state.receiveCount() == 0) {
            tally.delayed(-1);
        }
        if (before.receiveCount() == 0) {
            tally.inFlight(1);
        }
        String group = queue.fifo() ? Enqueue.group(message) : message.groupId();
        MessageState after = before.received(nowMillis, dueMillis, group);
        tx.put(SqsKeys.state(queue.number(), position), after.encode());
        if (!queue.fifo()) {
            tx.put(
                    SqsKeys.due(queue.number(), dueMillis, position),
                    Enqueue.due(Enqueue.IN_FLIGHT, group));
        }
        received.add(new Received(position, message, after));
    }

    private void remove(
            byte[] key, Position position, @Nullable MessageState state, @Nullable String group) {
        removedCount++;
        tx.delete(key);
        tally.total(-1);
        if (state != null) {
            tx.delete(SqsKeys.state(queue.number(), position));
            if (state.receiveCount() == 0) {
                tally.delayed(-1);
            } else {
                tally.inFlight(-1);
                ended.add(state);
            }
        }
        if (queue.fifo()) {
            tx.delete(SqsKeys.groupMessage(queue.number(), group == null ? "" : group, position));
        }
    }

    private @Nullable MessageState state(Position position) {
        byte[] bytes = tx.get(SqsKeys.state(queue.number(), position));
        return bytes == null ? null : MessageState.decode(bytes);
    }

    private @Nullable Queue deadLetters() {
        Queue.Redrive redrive = queue.redrive();
        return redrive == null
                ? null
                : Arn.parse(redrive.deadLetterTargetArn())
                        .map(arn -> Queues.byArn(tx, arn))
                        .orElse(null);
    }

    private static String groupOf(byte[] groupDueKey) {
        KeyReader key = SqsKeys.reader(groupDueKey);
        key.uint64();
        return key.string();
    }
}
