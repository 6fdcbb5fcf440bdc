package io.millrace.service.sns;

import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.log.Log;
import io.millrace.pattern.Arn;
import io.millrace.service.sns.Platforms.Application;
import io.millrace.storage.ResourceCodec;
import io.millrace.storage.Worker;
import io.millrace.wire.Ids;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Tells a platform application's topics what happens to its endpoints: owed by the transaction in
/// which it happens, published by a worker. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/application-event-notifications.html).
final class EndpointEvents implements AutoCloseable {

    /// What can happen, by the attribute with the topic.
    enum Kind {
        CREATED(0, "EventEndpointCreated", "EndpointCreated"),
        DELETED(1, "EventEndpointDeleted", "EndpointDeleted"),
        UPDATED(2, "EventEndpointUpdated", "EndpointUpdated"),
        FAILED(3, "EventDeliveryFailure", "DeliveryFailure");

        private final int code;
        private final String attribute;
        private final String type;

        Kind(int code, String attribute, String type) {
            this.code = code;
            this.attribute = attribute;
            this.type = type;
        }

        static @Nullable Kind of(String attribute) {
            for (Kind kind : values()) {
                if (kind.attribute.equals(attribute)) {
                    return kind;
                }
            }
            return null;
        }
    }

    /// Something that happened.
    ///
    /// @param details members of its message besides those that every event has
    record Event(Kind kind, Map<String, String> details) {
        static Event of(Kind kind) {
            return new Event(kind, Map.of());
        }
    }

    /// What is to be published.
    record Owed(String topicArn, Event event, String endpointArn) {}

    private static final Log LOG = Log.of(EndpointEvents.class);
    private static final ResourceCodec<Owed> CODEC = new ResourceCodec<>(Owed.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PRINCIPAL = "sns.amazonaws.com";
    private static final int TURN = 64;
    private static final int SET_ASIDE_MAX = 1024;
    private static final Duration WAIT_MAX = Duration.ofDays(1);
    private static final Duration FAULT_PAUSE = Duration.ofMinutes(10);

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Publisher publisher;
    private final String endpoint;
    private final Worker worker;

    /// Events that failed by our own fault; they are tried again a while after the first of them
    /// failed, and by the next server. Of the worker's thread.
    private final NavigableSet<byte[]> setAside = new TreeSet<>(Arrays::compareUnsigned);

    private Instant againAt = Instant.MAX; // when what is set aside is tried again

    /// @param endpoint the base URL of links in the messages
    EndpointEvents(
            Store store, InstantSource clock, Ids ids, Publisher publisher, String endpoint) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.publisher = publisher;
        this.endpoint = endpoint;
        this.worker =
                new Worker(store, "sns-endpoint-events", SnsKeys.endpointEvents(), this::step);
    }

    /// Owes an event from the commit of `tx` on, where the application has a topic for it.
    ///
    /// At most one of each kind in a transaction.
    static void add(Transaction tx, Application application, Event event, String endpointArn) {
        String topicArn = application.attributes().get(event.kind.attribute);
        if (topicArn == null) {
            return;
        }
        KeyWriter key = SnsKeys.newEndpointEvent(event.kind.code);
        tx.putStamped(
                key.toBytes(),
                key.stampOffset(),
                CODEC.encode(new Owed(topicArn, event, endpointArn)),
                Transaction.NO_STAMP);
    }

    void start() {
        worker.start();
    }

    @Override
    public void close() {
        worker.close();
    }

    /// Publishes what is owed, in order, but for what is set aside; false when there was nothing.
    boolean turn() {
        if (!clock.instant().isBefore(againAt)) {
            setAside.clear();
            againAt = Instant.MAX;
        }
        List<byte[]> keys =
                store.read(snapshot -> {
                    List<byte[]> first = new ArrayList<>();
                    try (Cursor cursor = snapshot.prefix(SnsKeys.endpointEvents())) {
                        while (first.size() < TURN && cursor.next()) {
                            byte[] key = cursor.key();
                            if (!setAside.contains(key)) {
                                first.add(key);
                            }
                        }
                    }
                    return first;
                });
        keys.forEach(this::publish);
        return !keys.isEmpty();
    }

    private void step(Watch changes) throws InterruptedException {
        if (!turn()) {
            Duration wait =
                    setAside.isEmpty() ? WAIT_MAX : Duration.between(clock.instant(), againAt);
            changes.await(wait.isPositive() ? wait : Duration.ZERO);
        }
    }

    private void publish(byte[] key) {
        try {
            Publisher.Published published =
                    publisher.<Publisher.@Nullable Published>write(store, tx -> publish(tx, key));
            if (published != null) {
                publisher.told(published);
            }
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException | Error e) { // such as want of memory
            if (setAside.size() >= SET_ASIDE_MAX) {
                throw e; // the worker pauses
            }
            if (setAside.isEmpty()) {
                againAt = clock.instant().plus(FAULT_PAUSE);
            }
            setAside.add(key);
            LOG.error("An endpoint's event failed by our own fault, and is set aside", e);
        }
    }

    private Publisher.@Nullable Published publish(Transaction tx, byte[] key) {
        byte[] value = tx.get(key);
        if (value == null) {
            return null;
        }
        tx.delete(key);
        Owed owed = CODEC.decode(value);
        PlatformArn arn = PlatformArn.endpoint(owed.endpointArn);
        Topic topic = Topics.find(tx, Arn.parse(owed.topicArn).orElseThrow());
        if (topic == null || topic.isFifo() || !topic.accountId().equals(arn.accountId())) {
            LOG.warning("An endpoint's event has no topic to go to", "topic", owed.topicArn);
            return null;
        }
        String type = owed.event.kind.type;
        String subject = "%s event for app %s (%s)".formatted(type, arn.name(), arn.platform());
        ObjectNode message = JSON.createObjectNode();
        owed.event.details.forEach(message::put);
        message.put("EndpointArn", owed.endpointArn);
        message.put("EventType", type);
        message.put("Resource", arn.application().toString());
        message.put("Service", "SNS");
        message.put("Time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        Publication publication =
                new Publication(
                        ids.uuid(),
                        clock.millis(),
                        Map.of(Publication.DEFAULT, JSON.writeValueAsString(message)),
                        subject.substring(
                                0, Math.min(subject.length(), SnsLimits.SUBJECT_CHARACTERS)),
                        Map.of(),
                        null,
                        null,
                        null,
                        endpoint,
                        false);
        try {
            return publisher.publish(tx, topic, publication, PRINCIPAL);
        } catch (ServiceException e) { // the topic's data protection, before anything is written
            LOG.warning("An endpoint's event was refused", "topic", owed.topicArn);
            return null;
        }
    }
}
