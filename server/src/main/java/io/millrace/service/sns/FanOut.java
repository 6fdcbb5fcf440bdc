package io.millrace.service.sns;

import io.millrace.delivery.SharedPayload;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;
import io.millrace.storage.SetAside;
import io.millrace.storage.Turn;
import io.millrace.storage.Worker;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Serves the recipients behind a publication's first page: durable, resumable, a page in each
/// transaction. Topics take turns, so that a wide or a busy one does not hold up others; the
/// publications of a topic are served one after the other, in the order of their commits.
final class FanOut implements AutoCloseable {

    /// What is left to do of one publication. It holds the payload of the first page.
    ///
    /// @param sharedNumber of the [Notification] that the publishing transaction stored
    /// @param position up to where the recipients have been served
    record Rest(String topicArn, long sharedNumber, Recipients.Position position) {}

    private static final ResourceCodec<Rest> CODEC = new ResourceCodec<>(Rest.class);
    private static final Duration WAIT_MAX = Duration.ofDays(1);

    private final Store store;
    private final Publisher publisher;
    private byte[] turnFrom = SnsKeys.fanOuts(); // the worker's own
    private final Worker worker;

    FanOut(Store store, Publisher publisher) {
        this.store = store;
        this.publisher = publisher;
        this.worker = new Worker(store, "sns-fan-out", SnsKeys.fanOuts(), this::step);
    }

    /// @param notification what the first page shares, to be put after this
    static void add(
            Transaction tx,
            Ids ids,
            Topic topic,
            SharedPayload notification,
            Recipients.Position position) {
        KeyWriter key = SnsKeys.newFanOut(topic.number(), ids.number());
        tx.putStamped(
                key.toBytes(),
                key.stampOffset(),
                CODEC.encode(new Rest(topic.arn().toString(), notification.number(), position)),
                Transaction.NO_STAMP);
        notification.heldBy(key);
    }

    void start() {
        worker.start();
    }

    @Override
    public void close() {
        worker.close();
    }

    /// Serves one page for each topic that has publications under way; false when there was none.
    /// What fails by our own fault is thrown when the others had their turn.
    boolean turn() {
        List<Turn.Entry> first = store.read(this::firstOfEachTopic);
        Turn turn = new Turn(store);
        first.forEach(entry -> turn.take(entry, () -> serve(entry.key())));
        turn.end();
        return !first.isEmpty();
    }

    private boolean serve(byte[] key) {
        try {
            Tally tally = store.<@Nullable Tally>write(tx -> servePage(tx, key));
            if (tally != null) {
                publisher.told(tally);
            }
            return tally != null;
        } catch (Recipients.IndexMissingException missing) {
            publisher.prepare(store, missing); // a page: the other topics have their turn
            return false;
        }
    }

    /// For as many topics as a turn has, where the turn before ended, or from the start.
    private List<Turn.Entry> firstOfEachTopic(Snapshot snapshot) {
        List<Turn.Entry> first = new ArrayList<>();
        byte[] from = turnFrom;
        byte[] to = Bytes.prefixEnd(SnsKeys.fanOuts());
        while (first.size() < SnsLimits.FAN_OUT_TOPICS) {
            try (Cursor cursor = snapshot.range(from, to, Snapshot.Direction.FORWARD)) {
                byte[] key = SetAside.next(snapshot, cursor);
                if (key != null) {
                    first.add(Turn.Entry.of(cursor));
                    from = Bytes.prefixEnd(SnsKeys.fanOuts(SnsKeys.readFanOut(key).topicNumber()));
                    continue;
                }
            }
            boolean wasWhole = Arrays.equals(turnFrom, SnsKeys.fanOuts());
            turnFrom = SnsKeys.fanOuts();
            return first.isEmpty() && !wasWhole ? firstOfEachTopic(snapshot) : first;
        }
        turnFrom = from;
        return first;
    }

    private void step(Watch changes) throws InterruptedException {
        if (!turn()) {
            changes.await(WAIT_MAX);
        }
    }

    private @Nullable Tally servePage(Transaction tx, byte[] key) {
        byte[] value = tx.get(key);
        if (value == null) {
            return null;
        }
        Rest rest = CODEC.decode(value);
        SnsKeys.FanOutId id = SnsKeys.readFanOut(key);
        Topic topic = Topics.find(tx, Arn.parse(rest.topicArn).orElseThrow());
        if (topic == null || topic.number() != id.topicNumber()) {
            tx.delete(key); // the topic is gone, and its subscriptions with it
            return null;
        }
        byte[] notification = SharedPayload.read(tx, id.stamp(), rest.sharedNumber);
        int countMax =
                Math.min(
                        SnsLimits.FAN_OUT_SUBSCRIPTIONS,
                        SnsLimits.FAN_OUT_BYTES / notification.length);
        Publication publication = Notification.CODEC.decode(notification).publication();
        Publisher.Served served =
                publisher.servePage(tx, topic, publication, rest.position, countMax);
        Recipients.Position next = served.next();
        if (next == null) {
            tx.delete(key);
        } else {
            tx.put(key, CODEC.encode(new Rest(rest.topicArn, rest.sharedNumber, next)));
        }
        return served.tally();
    }
}
