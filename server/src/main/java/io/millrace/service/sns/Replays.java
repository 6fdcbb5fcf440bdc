package io.millrace.service.sns;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.pattern.Arn;
import io.millrace.service.sns.Archive.Entry;
import io.millrace.service.sns.Archive.Position;
import io.millrace.storage.ResourceCodec;
import io.millrace.storage.SetAside;
import io.millrace.storage.Turn;
import io.millrace.storage.Worker;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/// Replays archives to subscriptions: durable, resumable, a page in each transaction, the
/// deliveries in the same one that remembers how far it came.
///
/// A subscription that replays gets nothing from publishes: those are in the archive too, so that
/// it gets them in their order when the replay comes to them. The transaction that finds nothing
/// more lets it take part in publishes again; a publish that runs beside it conflicts with it, and
/// comes before or after.
final class Replays implements AutoCloseable {

    /// What is left to do of one replay.
    ///
    /// @param startedMillis tells it from the subscription's other replays
    /// @param from the next entry
    /// @param untilMillis null for all that comes
    record Replay(
            String subscriptionArn, long startedMillis, Position from, @Nullable Long untilMillis) {

        /// With what the deduplication ids of its messages begin.
        String prefix() {
            return Subscription.id(subscriptionArn) + "-" + startedMillis;
        }

        Replay after(Position last) {
            Position next = new Position(last.millis(), last.sequence() + 1);
            return new Replay(subscriptionArn, startedMillis, next, untilMillis);
        }
    }

    /// The durable state of a subscription's replay, as AWS shows it.
    static final String STATUS = "ReplayStatus";

    static final String PENDING = "Pending";
    static final String IN_PROGRESS = "In progress";
    static final String COMPLETED = "Completed";
    static final String FAILED = "Failed";

    private static final ResourceCodec<Replay> CODEC = new ResourceCodec<>(Replay.class);
    private static final int PAGE_KEYS = 64;

    /// How soon archives are trimmed, and replays that wait for a confirmation looked at again.
    private static final Duration WAIT_MAX = Duration.ofMinutes(10);

    private final Store store;
    private final InstantSource clock;
    private final Publisher publisher;
    private final Worker worker;
    private long trimmedMillis; // the worker's own

    Replays(Store store, InstantSource clock, Publisher publisher) {
        this.store = store;
        this.clock = clock;
        this.publisher = publisher;
        this.worker = new Worker(store, "sns-replays", SnsKeys.replays(), this::step);
    }

    /// Begins the replay that the subscription's attributes ask for, or ends the one it has.
    ///
    /// @return the subscription as it is to be stored
    static Subscription follow(
            Transaction tx,
            Subscription subscription,
            long nowMillis,
            Function<String, ServiceException> refusal) {
        String json = subscription.attributes().get(SubscriptionAttributes.REPLAY_POLICY);
        byte[] key = SnsKeys.replay(subscription.topicNumber(), subscription.id());
        ReplayPolicy policy = json == null ? null : ReplayPolicy.parse(json, refusal).orElse(null);
        if (policy == null) {
            tx.delete(key);
            return withStatus(subscription, null);
        }
        policy.check(Archive.state(tx, subscription.topicNumber()), nowMillis, refusal);
        tx.put(
                key,
                CODEC.encode(
                        new Replay(
                                subscription.arn(),
                                nowMillis,
                                new Position(policy.fromMillis(), 0),
                                policy.untilMillis())));
        return withStatus(subscription, PENDING);
    }

    /// Goes on with the replay of a subscription that is confirmed now.
    static void confirmed(Transaction tx, Subscription subscription) {
        byte[] key = SnsKeys.replay(subscription.topicNumber(), subscription.id());
        byte[] replay = tx.get(key);
        if (replay != null) {
            tx.put(key, replay); // wakes the worker
        }
    }

    /// Whether a subscription takes part in publishes.
    static boolean isLive(Subscription subscription) {
        String status = subscription.attributes().get(STATUS);
        if (status == null || status.equals(FAILED)) {
            return true;
        }
        String policy =
                subscription.attributes().getOrDefault(SubscriptionAttributes.REPLAY_POLICY, "");
        return status.equals(COMPLETED) && !policy.contains("\"EndingPoint\"");
    }

    void start() {
        worker.start();
    }

    @Override
    public void close() {
        worker.close();
    }

    /// Serves one page of each replay; false when none came further.
    boolean turn() {
        return each(SnsKeys.replays(), this::servePage);
    }

    /// Removes from all archives what has had its time.
    void trim() {
        each(
                SnsKeys.archiveStates(),
                key ->
                        store.write(tx -> {
                            Archive.trim(tx, SnsKeys.archiveNumber(key), clock.millis());
                            return true;
                        }));
    }

    private void step(Watch changes) throws InterruptedException {
        if (clock.millis() - trimmedMillis >= WAIT_MAX.toMillis()) {
            trimmedMillis = clock.millis();
            trim();
        }
        if (!turn()) {
            changes.await(WAIT_MAX);
        }
    }

    /// Does something with each key under a prefix; whether any of it did something.
    private boolean each(byte[] prefix, Predicate<byte[]> action) {
        Turn turn = new Turn(store);
        boolean any = false;
        byte[] from = prefix;
        while (true) { // ends with the last page
            List<Turn.Entry> page = page(from, Bytes.prefixEnd(prefix));
            for (Turn.Entry each : page) {
                any |= turn.take(each, () -> action.test(each.key()));
            }
            if (page.size() < PAGE_KEYS) {
                turn.end();
                return any;
            }
            from = Bytes.after(page.getLast().key());
        }
    }

    private List<Turn.Entry> page(byte[] from, byte[] to) {
        return store.read(snapshot -> {
            List<Turn.Entry> page = new ArrayList<>();
            try (Cursor cursor = snapshot.range(from, to, Snapshot.Direction.FORWARD)) {
                while (page.size() < PAGE_KEYS && SetAside.next(snapshot, cursor) != null) {
                    page.add(Turn.Entry.of(cursor));
                }
            }
            return page;
        });
    }

    private boolean servePage(byte[] key) {
        List<Tally> tallies = new ArrayList<>();
        boolean moved =
                store.write(tx -> {
                    tallies.clear();
                    return servePage(tx, key, tallies);
                });
        tallies.forEach(publisher::told);
        return moved;
    }

    private boolean servePage(Transaction tx, byte[] key, List<Tally> tallies) {
        byte[] value = tx.get(key);
        if (value == null) {
            return false;
        }
        Replay replay = CODEC.decode(value);
        Subscription subscription = Subscriptions.find(tx, replay.subscriptionArn);
        if (subscription == null) {
            tx.delete(key);
            return true;
        }
        if (!subscription.confirmed()) {
            return false;
        }
        Topic topic = Topics.find(tx, Arn.parse(subscription.topicArn()).orElseThrow());
        if (topic == null || Archive.state(tx, topic.number()) == null) {
            Subscriptions.put(tx, withStatus(subscription, FAILED));
            tx.delete(key);
            return true;
        }
        Archive.Page page = Archive.page(tx, topic.number(), replay.from, replay.untilMillis);
        for (Entry entry : page.entries()) {
            tallies.add(
                    publisher.serve(
                            tx,
                            topic,
                            entry.publication().asReplayed(replay.prefix()),
                            List.of(withStatus(subscription, null))));
        }
        if (page.isLast()) {
            Subscriptions.put(tx, withStatus(subscription, COMPLETED));
            tx.delete(key);
        } else {
            tx.put(key, CODEC.encode(replay.after(page.entries().getLast().position())));
            if (!IN_PROGRESS.equals(subscription.attributes().get(STATUS))) {
                Subscriptions.put(tx, withStatus(subscription, IN_PROGRESS));
            }
        }
        return true;
    }

    private static Subscription withStatus(Subscription subscription, @Nullable String status) {
        Map<String, String> attributes = new LinkedHashMap<>(subscription.attributes());
        if (status == null) {
            attributes.remove(STATUS);
        } else {
            attributes.put(STATUS, status);
        }
        return subscription.withAttributes(attributes);
    }
}
