package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.log.Log;
import io.millrace.storage.Worker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Removes in the background what time has ended: messages past their retention, deduplication ids
/// and attempts of receiving after their five minutes. In small transactions, and asleep until the
/// next end; a receive does not depend on it, since it hands out nothing that is too old.
///
/// Messages end in the order in which they came, except those that came to a dead-letter queue as
/// old as they were, which have a list of their own. Since one may come there with little time
/// left, these queues are looked at each minute.
final class Cleanup implements AutoCloseable {

    private static final Log LOG = Log.of(Cleanup.class);
    private static final Duration PAUSE_AFTER_FAULT = Duration.ofMinutes(1);

    private final Store store;
    private final InstantSource clock;
    private final Ordinals ordinals;
    private final Map<Long, Position> heads = new HashMap<>(); // the worker's own
    private final Worker worker;

    Cleanup(Store store, InstantSource clock, Ordinals ordinals) {
        this.store = store;
        this.clock = clock;
        this.ordinals = ordinals;
        this.worker = new Worker(store, "sqs-cleanup", new byte[] {SqsKeys.QUEUE}, this::step);
    }

    void start() {
        worker.start();
    }

    @Override
    public void close() {
        worker.close();
    }

    private void step(Watch changes) throws InterruptedException {
        long next = sweep();
        long wait = Math.max(1, next - clock.millis());
        changes.await(Duration.ofMillis(wait));
    }

    /// For tests: of how many queues it knows where their messages begin.
    int keptCount() {
        return heads.size();
    }

    /// Removes everything that has ended.
    ///
    /// @return when something will have ended next, at the earliest
    long sweep() {
        long next = clock.millis() + SqsLimits.RETENTION_SECONDS_MAX * 1000L;
        List<Queue> queues = store.read(Queues::all);
        heads.keySet().retainAll(queues.stream().map(Queue::number).collect(Collectors.toSet()));
        Set<String> deadLetterArns = deadLetterArns(queues);
        for (Queue queue : queues) {
            next = Math.min(next, guardedSweep(queue, deadLetterArns.contains(queue.arn())));
        }
        return next;
    }

    /// What fails in one queue by our own fault keeps no other from its cleanup.
    private long guardedSweep(Queue queue, boolean takesDeadLetters) {
        try {
            return sweep(queue, takesDeadLetters);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException | Error e) { // such as want of memory
            LOG.error("The cleanup of a queue failed by our own fault", e, "queue", queue.arn());
            return clock.millis() + PAUSE_AFTER_FAULT.toMillis();
        }
    }

    private long sweep(Queue queue, boolean takesDeadLetters) {
        long next = sweepMessages(queue);
        if (takesDeadLetters) {
            next = Math.min(next, clock.millis() + SqsLimits.AGED_PAUSE.toMillis());
        }
        next = Math.min(next, sweepAged(queue));
        if (queue.fifo()) {
            next = Math.min(next, sweepDeduplication(queue));
            next = Math.min(next, sweepAttempts(queue));
        }
        return next;
    }

    private long sweepMessages(Queue queue) {
        while (true) { // each round removes a page, or is the last
            long now = clock.millis();
            Position from = heads.getOrDefault(queue.number(), new Position(0, 0));
            Position head = store.<@Nullable Position>read(tx -> head(tx, queue, from));
            if (head == null) {
                return now + queue.retentionMillis();
            }
            heads.put(queue.number(), head);
            Long sent =
                    store.<@Nullable Long>read(tx -> {
                        byte[] bytes = tx.get(SqsKeys.message(queue.number(), head));
                        return bytes == null ? null : StoredMessage.sentMillis(bytes);
                    });
            if (sent != null && sent + queue.retentionMillis() > now) {
                return sent + queue.retentionMillis();
            }
            int count = store.write(tx -> removePage(tx, queue, head, now));
            if (count == 0 && sent != null) {
                return now; // its attributes have changed meanwhile
            }
        }
    }

    private static @Nullable Position head(Snapshot tx, Queue queue, Position from) {
        try (Cursor cursor = messages(tx, queue, from)) {
            return cursor.next() ? SqsKeys.position(SqsKeys.reader(cursor.key())) : null;
        }
    }

    private static Cursor messages(Snapshot tx, Queue queue, Position from) {
        return tx.range(
                SqsKeys.message(queue.number(), from),
                Bytes.prefixEnd(SqsKeys.messages(queue.number())),
                Snapshot.Direction.FORWARD);
    }

    private int removePage(Transaction tx, Queue stale, Position from, long now) {
        Queue queue = Queues.byName(tx, stale.accountId(), stale.region(), stale.name());
        if (queue == null || queue.number() != stale.number()) {
            return 0;
        }
        Removal removal = new Removal(tx, queue, ordinals, now);
        int count = 0;
        try (Cursor cursor = messages(tx, queue, from)) {
            while (count < SqsLimits.CLEANUP_PAGE && cursor.next()) {
                byte[] bytes = cursor.value();
                if (StoredMessage.sentMillis(bytes) + queue.retentionMillis() > now) {
                    break;
                }
                Position position = SqsKeys.position(SqsKeys.reader(cursor.key()));
                removal.remove(position, StoredMessage.decode(tx, position, bytes));
                count++;
            }
        }
        removal.finish();
        return count;
    }

    private static Set<String> deadLetterArns(List<Queue> queues) {
        Set<String> arns = new HashSet<>();
        for (Queue queue : queues) {
            Queue.Redrive redrive = queue.redrive();
            if (redrive != null) {
                arns.add(redrive.deadLetterTargetArn());
            }
        }
        return arns;
    }

    private long sweepAged(Queue queue) {
        while (true) { // each round removes a page, or is the last
            long now = clock.millis();
            long first = store.read(tx -> firstAged(tx, queue));
            if (first > now - queue.retentionMillis()) {
                return first == Long.MAX_VALUE ? first : first + queue.retentionMillis();
            }
            if (store.write(tx -> removeAged(tx, queue, now)) == 0) {
                return now + queue.retentionMillis(); // deleted or changed meanwhile
            }
        }
    }

    private static long firstAged(Snapshot tx, Queue queue) {
        try (Cursor cursor =
                tx.range(
                        SqsKeys.aged(queue.number(), 0),
                        SqsKeys.aged(queue.number(), Long.MAX_VALUE),
                        Snapshot.Direction.FORWARD)) {
            return cursor.next() ? SqsKeys.reader(cursor.key()).uint64() : Long.MAX_VALUE;
        }
    }

    private int removeAged(Transaction tx, Queue stale, long now) {
        Queue queue = Queues.byName(tx, stale.accountId(), stale.region(), stale.name());
        if (queue == null || queue.number() != stale.number()) {
            return 0;
        }
        Removal removal = new Removal(tx, queue, ordinals, now);
        int count = 0;
        try (Cursor cursor =
                tx.range(
                        SqsKeys.aged(queue.number(), 0),
                        SqsKeys.aged(queue.number(), now - queue.retentionMillis() + 1),
                        Snapshot.Direction.FORWARD)) {
            while (count < SqsLimits.CLEANUP_PAGE && cursor.next()) {
                tx.delete(cursor.key());
                Position position = SqsKeys.positionInDue(cursor.key());
                byte[] bytes = tx.get(SqsKeys.message(queue.number(), position));
                if (bytes != null) {
                    removal.remove(position, StoredMessage.decode(tx, position, bytes));
                }
                count++;
            }
        }
        removal.finish();
        return count;
    }

    private long sweepDeduplication(Queue queue) {
        while (true) { // each round removes a page, or is the last
            long now = clock.millis();
            int count =
                    store.write(tx -> Deduplication.forget(tx, queue, now, SqsLimits.CLEANUP_PAGE));
            if (count < SqsLimits.CLEANUP_PAGE) {
                return store.read(tx -> Deduplication.firstEnd(tx, queue, now));
            }
        }
    }

    private long sweepAttempts(Queue queue) {
        while (true) { // each round removes a page, or is the last
            long now = clock.millis();
            int count = store.write(tx -> Attempts.forget(tx, queue, now, SqsLimits.CLEANUP_PAGE));
            if (count < SqsLimits.CLEANUP_PAGE) {
                return store.read(tx -> Attempts.firstEnd(tx, queue, now));
            }
        }
    }
}
