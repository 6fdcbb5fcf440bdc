package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

import java.util.List;

/// All durable keys of SQS.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | 30 queue | account, region, name | [Queue] as JSON | until DeleteQueue |
/// | 31 counter | queue, [Counter] | counter | with the queue; PurgeQueue |
/// | 32 message | queue, position | [StoredMessage] | until deleted, moved or too old |
/// | 33 ready | queue, position | nothing, or a group | until received; while its lane is open |
/// | 34 due | queue, due millis, position | 0 delayed or 1 in flight; group | while it is that |
/// | 35 state | queue, position | [MessageState] | from delay or first receive on |
/// | 36 floor | queue | millis | with the queue |
/// | 37 group's message | queue, group, position | sent millis | as its message; in lanes: ready |
/// | 38 group | queue, group | [GroupState]; of lanes nothing | while it has messages |
/// | 39 group due | queue, due millis, group | nothing | while the group is blocked |
/// | 3a deduplication | queue, scope, id | [Deduplication.Entry] | five minutes; PurgeQueue |
/// | 3b its sequence number | queue, scope, id | stamp, message id | five minutes; PurgeQueue |
/// | 3c its end | queue, end millis, scope, id | nothing | five minutes; PurgeQueue |
/// | 3d deleted name | account, region, name | millis | a minute, where that rule is on |
/// | 3e past move | queue, start stamp | [MoveTask] as JSON | the last ten, with the queue |
/// | 3f active move | account, region, queue | [MoveTask] as JSON | until it has ended |
/// | 60 attempt | queue, id | [Attempts.Attempt] | five minutes; PurgeQueue |
/// | 61 its end | queue, end millis, id | nothing | five minutes; PurgeQueue |
/// | 67 aged | queue, sent millis, position | nothing | until the message would be too old |
///
/// ## How a queue is stored
///
/// A *position* is the commit sequence number of the sending transaction and an ordinal inside it;
/// it names a message for life. The message itself is written once. Small entries move around it: a
/// new message is **ready** (33), unless it is handed at once to a poll that waits; when it is
/// received or delayed it is **due** (34) at some time, and 35 tells where it is to whoever holds a
/// receipt handle. A message whose visibility timeout has passed needs no write: it stays due, in
/// the past, and is received from there. Messages end in the order of their positions, except those
/// that came to a dead-letter queue as old as they were: these are **aged** (67) too.
///
/// Nothing is ever searched. Ready keys only grow, so each server reads the ready list once, page
/// by page, like a log, and never passes a consumed entry again ([Backlog]). Due entries are read
/// from their start up to now; so that they are not behind a heap of consumed ones, the **floor**
/// (36) tells below which time there are none. Whoever adds a due entry reads the floor in its
/// transaction and goes no lower; whoever raises it reads in its transaction that the part below is
/// empty. What a receive hands out, its transaction verifies by point reads.
///
/// In a FIFO queue the ready and due lists hold groups instead of messages. A group is in one of
/// them while it has messages: ready, or due at the time when its first message becomes visible,
/// which was received or is delayed. Ready entries of a group can be stale; [GroupState] decides.
///
/// In a standard queue the messages of a group are a tenant's, and must not hold up those of other
/// groups: they are ready in a **lane** of their own (37), and the lane stands in the ready list as
/// a group does in a FIFO queue. 38 tells a sender that the lane is there. A lane is closed when it
/// is found empty, by a transaction that reads it from the position of its ready entry on, before
/// which it has nothing. What was received or delayed is due beside all others, under its group's
/// name.
final class SqsKeys {

    static final int QUEUE = 0x30;
    static final int DELETED_NAME = 0x3d;

    private static final int COUNTER = 0x31;
    private static final int MESSAGE = 0x32;
    static final int READY = 0x33;
    static final int DUE = 0x34;
    private static final int STATE = 0x35;
    private static final int FLOOR = 0x36;
    private static final int GROUP_MESSAGE = 0x37;
    private static final int GROUP = 0x38;
    static final int GROUP_DUE = 0x39;
    private static final int DEDUPLICATION = 0x3a;
    private static final int DEDUPLICATION_SEQUENCE = 0x3b;
    private static final int DEDUPLICATION_END = 0x3c;
    private static final int PAST_MOVE = 0x3e;
    private static final int ACTIVE_MOVE = 0x3f;
    private static final int ATTEMPT = 0x60;
    private static final int ATTEMPT_END = 0x61;
    private static final int AGED = 0x67;

    /// Everything that a message is written under, or remembered by.
    private static final List<Integer> OF_MESSAGES =
            List.of(
                    COUNTER,
                    MESSAGE,
                    READY,
                    DUE,
                    STATE,
                    GROUP_MESSAGE,
                    GROUP,
                    GROUP_DUE,
                    DEDUPLICATION,
                    DEDUPLICATION_SEQUENCE,
                    DEDUPLICATION_END,
                    ATTEMPT,
                    ATTEMPT_END,
                    AGED);

    private static final List<Integer> OF_THE_REST = List.of(FLOOR, PAST_MOVE);

    /// What a queue counts. Every change of a queue's messages changes a counter, so that whoever
    /// waits for messages watches these.
    enum Counter {
        TOTAL(0),
        IN_FLIGHT(1),
        DELAYED(2),
        /// Counts nothing: changed by what makes a message visible without another counter.
        BELL(3);

        private final int number;

        Counter(int number) {
            this.number = number;
        }
    }

    private SqsKeys() {}

    static byte[] queue(String accountId, String region, String name) {
        return named(QUEUE, accountId, region).string(name).toBytes();
    }

    /// The prefix of all queues of an account and region.
    static byte[] queues(String accountId, String region) {
        return named(QUEUE, accountId, region).toBytes();
    }

    static byte[] deletedName(String accountId, String region, String name) {
        return named(DELETED_NAME, accountId, region).string(name).toBytes();
    }

    static byte[] counter(long queue, Counter counter) {
        return of(COUNTER, queue).uint8(counter.number).toBytes();
    }

    static byte[] counters(long queue) {
        return of(COUNTER, queue).toBytes();
    }

    static byte[] message(long queue, Position position) {
        return at(of(MESSAGE, queue), position).toBytes();
    }

    static KeyWriter newMessage(long queue, int ordinal) {
        return of(MESSAGE, queue).stamp().uint32(ordinal);
    }

    static byte[] messages(long queue) {
        return of(MESSAGE, queue).toBytes();
    }

    static byte[] ready(long queue, Position position) {
        return at(of(READY, queue), position).toBytes();
    }

    static KeyWriter newReady(long queue, int ordinal) {
        return of(READY, queue).stamp().uint32(ordinal);
    }

    static byte[] ready(long queue) {
        return of(READY, queue).toBytes();
    }

    static byte[] due(long queue, long dueMillis, Position position) {
        return at(of(DUE, queue).uint64(dueMillis), position).toBytes();
    }

    static KeyWriter newDue(long queue, long dueMillis, int ordinal) {
        return of(DUE, queue).uint64(dueMillis).stamp().uint32(ordinal);
    }

    static byte[] state(long queue, Position position) {
        return at(of(STATE, queue), position).toBytes();
    }

    static KeyWriter newState(long queue, int ordinal) {
        return of(STATE, queue).stamp().uint32(ordinal);
    }

    static byte[] floor(long queue) {
        return of(FLOOR, queue).toBytes();
    }

    static byte[] groupMessage(long queue, String group, Position position) {
        return at(of(GROUP_MESSAGE, queue).string(group), position).toBytes();
    }

    static KeyWriter newGroupMessage(long queue, String group, int ordinal) {
        return of(GROUP_MESSAGE, queue).string(group).stamp().uint32(ordinal);
    }

    static byte[] groupMessages(long queue, String group) {
        return of(GROUP_MESSAGE, queue).string(group).toBytes();
    }

    static byte[] group(long queue, String group) {
        return of(GROUP, queue).string(group).toBytes();
    }

    static byte[] groupDue(long queue, long dueMillis, String group) {
        return of(GROUP_DUE, queue).uint64(dueMillis).string(group).toBytes();
    }

    static byte[] deduplication(long queue, String scope, String id) {
        return of(DEDUPLICATION, queue).string(scope).string(id).toBytes();
    }

    static byte[] deduplicationSequence(long queue, String scope, String id) {
        return of(DEDUPLICATION_SEQUENCE, queue).string(scope).string(id).toBytes();
    }

    static byte[] deduplicationEnd(long queue, long endMillis, String scope, String id) {
        return of(DEDUPLICATION_END, queue).uint64(endMillis).string(scope).string(id).toBytes();
    }

    /// Where the deduplication entries that end at `endMillis` or later begin.
    static byte[] deduplicationEnds(long queue, long endMillis) {
        return of(DEDUPLICATION_END, queue).uint64(endMillis).toBytes();
    }

    static KeyWriter newAged(long queue, long sentMillis, int ordinal) {
        return of(AGED, queue).uint64(sentMillis).stamp().uint32(ordinal);
    }

    /// Where the aged messages that were sent at `sentMillis` or later begin.
    static byte[] aged(long queue, long sentMillis) {
        return of(AGED, queue).uint64(sentMillis).toBytes();
    }

    static byte[] pastMove(long queue, long startStamp) {
        return of(PAST_MOVE, queue).uint64(startStamp).toBytes();
    }

    static byte[] pastMoves(long queue) {
        return of(PAST_MOVE, queue).toBytes();
    }

    static byte[] activeMove(Queue queue) {
        return named(ACTIVE_MOVE, queue.accountId(), queue.region())
                .uint64(queue.number())
                .toBytes();
    }

    static byte[] activeMoves(String accountId, String region) {
        return named(ACTIVE_MOVE, accountId, region).toBytes();
    }

    /// Of everyone.
    static byte[] activeMoves() {
        return new byte[] {ACTIVE_MOVE};
    }

    static byte[] attempt(long queue, String id) {
        return of(ATTEMPT, queue).string(id).toBytes();
    }

    static byte[] attemptEnd(long queue, long endMillis, String id) {
        return of(ATTEMPT_END, queue).uint64(endMillis).string(id).toBytes();
    }

    /// Where the attempts that end at `endMillis` or later begin.
    static byte[] attemptEnds(long queue, long endMillis) {
        return of(ATTEMPT_END, queue).uint64(endMillis).toBytes();
    }

    /// Where the due entries at `dueMillis` or later begin: messages, or groups of a FIFO queue.
    static byte[] dueFrom(Queue queue, long dueMillis) {
        return of(queue.fifo() ? GROUP_DUE : DUE, queue.number()).uint64(dueMillis).toBytes();
    }

    static byte[] dueEnd(Queue queue) {
        return Bytes.prefixEnd(of(queue.fifo() ? GROUP_DUE : DUE, queue.number()).toBytes());
    }

    /// The prefixes of all messages of a queue and of what tells their state.
    static List<byte[]> allMessages(long queue) {
        return OF_MESSAGES.stream().map(prefix -> of(prefix, queue).toBytes()).toList();
    }

    /// The prefixes of what a queue has beside its messages.
    static List<byte[]> allTheRest(long queue) {
        return OF_THE_REST.stream().map(prefix -> of(prefix, queue).toBytes()).toList();
    }

    /// Reads a key behind its queue's number.
    static KeyReader reader(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint64();
        return reader;
    }

    static Position position(KeyReader reader) {
        return new Position(reader.uint64(), reader.uint32());
    }

    /// When a due entry is due: a message's, or one of a group in a FIFO queue.
    static long dueMillis(byte[] dueKey) {
        return reader(dueKey).uint64();
    }

    static Position positionInDue(byte[] dueKey) {
        KeyReader key = reader(dueKey);
        key.uint64();
        return position(key);
    }

    private static KeyWriter named(int prefix, String accountId, String region) {
        return new KeyWriter(prefix).string(accountId).string(region);
    }

    private static KeyWriter of(int prefix, long queue) {
        return new KeyWriter(prefix).uint64(queue);
    }

    private static KeyWriter at(KeyWriter key, Position position) {
        return key.uint64(position.stamp()).uint32(position.ordinal());
    }
}
