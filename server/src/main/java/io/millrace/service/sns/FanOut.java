package io.millrace.service.sns;

import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Serves the recipients behind a publication's first page: durable, resumable, a page in each
/// transaction. Publications take turns, so that a wide topic does not hold up others.
final class FanOut implements AutoCloseable {

    /// What is left to do of one publication.
    ///
    /// @param position up to where the recipients have been served
    record Rest(
            String topicArn,
            long topicNumber,
            Publication publication,
            Recipients.Position position) {}

    private static final System.Logger LOG = System.getLogger(FanOut.class.getName());
    private static final ResourceCodec<Rest> CODEC = new ResourceCodec<>(Rest.class);
    private static final int TURN = 64;
    private static final Duration WAIT_MAX = Duration.ofDays(1);

    private final Store store;
    private final Publisher publisher;
    private @Nullable Thread worker;

    FanOut(Store store, Publisher publisher) {
        this.store = store;
        this.publisher = publisher;
    }

    static void add(
            Transaction tx,
            Ids ids,
            Topic topic,
            Publication publication,
            Recipients.Position position) {
        KeyWriter key = SnsKeys.newFanOut(ids.number());
        tx.putStamped(
                key.toBytes(),
                key.stampOffset(),
                CODEC.encode(
                        new Rest(topic.arn().toString(), topic.number(), publication, position)),
                Transaction.NO_STAMP);
    }

    void start() {
        worker = Thread.ofVirtual().name("sns-fan-out").start(this::run);
    }

    @Override
    public void close() {
        Thread running = worker;
        if (running != null) {
            running.interrupt();
            try {
                running.join(Duration.ofSeconds(5));
            } catch (InterruptedException _) { // the caller wants out
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Serves one page of each publication that is under way; false when there was none.
    boolean turn() {
        List<byte[]> keys =
                store.read(snapshot -> {
                    List<byte[]> first = new ArrayList<>();
                    try (Cursor cursor = snapshot.prefix(SnsKeys.fanOuts())) {
                        while (first.size() < TURN && cursor.next()) {
                            first.add(cursor.key());
                        }
                    }
                    return first;
                });
        for (byte[] key : keys) {
            Tally tally = store.<@Nullable Tally>write(tx -> servePage(tx, key));
            if (tally != null) {
                publisher.told(tally);
            }
        }
        return !keys.isEmpty();
    }

    private void run() {
        try (Watch watch = store.watch(SnsKeys.fanOuts())) {
            while (!Thread.currentThread().isInterrupted()) {
                if (!turn()) {
                    watch.await(WAIT_MAX);
                }
            }
        } catch (InterruptedException _) { // close() asks to end
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.DEBUG, "fan-out ended with the store", e);
        }
    }

    private @Nullable Tally servePage(Transaction tx, byte[] key) {
        byte[] value = tx.get(key);
        if (value == null) {
            return null;
        }
        Rest rest = CODEC.decode(value);
        Topic topic = Topics.find(tx, Arn.parse(rest.topicArn).orElseThrow());
        if (topic == null || topic.number() != rest.topicNumber) {
            tx.delete(key); // the topic is gone, and its subscriptions with it
            return null;
        }
        Publisher.Served served = publisher.servePage(tx, topic, rest.publication, rest.position);
        Recipients.Position next = served.next();
        if (next == null) {
            tx.delete(key);
        } else {
            tx.put(
                    key,
                    CODEC.encode(
                            new Rest(rest.topicArn, rest.topicNumber, rest.publication, next)));
        }
        return served.tally();
    }
}
