package io.millrace.service.sns;

import io.millrace.delivery.Outbox;
import io.millrace.delivery.Targets;
import io.millrace.engine.Bytes;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.FilterPolicies;
import io.millrace.service.sns.Recipients.IndexMissingException;
import io.millrace.service.sns.TopicMetrics.Metric;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Publishes in a transaction: the first page of recipients is served there, the rest is owed by
/// [FanOut]. A FIFO topic has no second page, so its order is that of the commits.
final class Publisher {

    /// @param sequenceNumber null for a standard topic
    /// @param tally to be told with [#told] once the transaction has committed
    record Result(String messageId, @Nullable String sequenceNumber, Tally tally) {}

    /// What a publish came to, and what an audit found in it.
    record Published(Topic topic, Result result, @Nullable String findings) {}

    /// @param next where the next page of recipients begins; null when there is none
    record Served(Tally tally, Recipients.@Nullable Position next) {}

    /// What a FIFO topic remembers of a message for five minutes.
    record Duplicate(String messageId, String sequenceNumber, long expiresMillis) {}

    private static final ResourceCodec<Duplicate> DUPLICATES = new ResourceCodec<>(Duplicate.class);

    private final InstantSource clock;
    private final Ids ids;
    private final Targets targets;
    private final Outbox outbox;
    private final Notifications notifications;
    private final Monitoring monitoring;
    private final DataProtection protection;
    private final FilterPolicies policies = new FilterPolicies();
    private final Recipients recipients = new Recipients();

    Publisher(
            InstantSource clock,
            Ids ids,
            Targets targets,
            Outbox outbox,
            Notifications notifications,
            Monitoring monitoring) {
        this.clock = clock;
        this.ids = ids;
        this.targets = targets;
        this.outbox = outbox;
        this.notifications = notifications;
        this.monitoring = monitoring;
        this.protection = new DataProtection(monitoring);
    }

    /// Runs a transaction that publishes. Filter policies that it misses are read before, outside
    /// of it.
    <T extends @Nullable Object> T write(Store store, Function<Transaction, T> body) {
        for (int attempt = 0; attempt < SnsLimits.PREPARATIONS; attempt++) {
            try {
                return store.<T>write(body);
            } catch (IndexMissingException missing) {
                boolean isDone = false;
                while (!isDone) { // ends with the last page
                    isDone = prepare(store, missing);
                }
            }
        }
        return store.<T>write(tx -> within(tx, body));
    }

    /// Publishes in the transaction of another: there, filter policies that it misses are read.
    <T extends @Nullable Object> T within(Transaction tx, Function<Transaction, T> body) {
        try {
            return body.apply(tx);
        } catch (IndexMissingException missing) { // thrown before anything was written
            recipients.prepare(tx, missing);
            return body.apply(tx);
        }
    }

    /// Reads a page of the filter policies that a transaction missed; not in a transaction.
    ///
    /// @return whether nothing is left to do
    boolean prepare(Store store, IndexMissingException missing) {
        return recipients.prepare(store, missing);
    }

    /// Publishes what the topic's data protection policy lets in.
    ///
    /// @param principalArn who publishes
    /// @throws IndexMissingException see [#write]
    Published publish(Transaction tx, Topic topic, Publication publication, String principalArn) {
        DataProtection.Inbound inbound = protection.inbound(topic, principalArn, publication);
        if (inbound.findings() != null && inbound.logGroup() != null) {
            monitoring.logFindings(tx, topic.arn(), inbound.logGroup(), inbound.findings());
        }
        return new Published(topic, publish(tx, topic, inbound.publication()), inbound.findings());
    }

    /// Tells what the transaction of another service published, once that has committed.
    void toldWithin(Transaction tx, Published published) {
        Tally tally = published.result.tally;
        monitoring.trace().delivered(tx, tally.messageId(), tally);
        tx.afterCommit(() -> {
            protection.log(published.topic, published.findings);
            monitoring.told(tally);
        });
    }

    /// Tells what a transaction did that has committed.
    void told(Published published) {
        protection.log(published.topic, published.findings);
        told(published.result.tally);
    }

    private Result publish(Transaction tx, Topic topic, Publication publication) {
        return topic.isFifo() ? publishFifo(tx, topic, publication) : send(tx, topic, publication);
    }

    private Result publishFifo(Transaction tx, Topic topic, Publication publication) {
        String deduplicationId =
                publication.deduplicationId() != null
                        ? publication.deduplicationId()
                        : sha256(publication.body(Publication.DEFAULT));
        boolean perGroup =
                "MessageGroup"
                        .equals(topic.attributes().get(TopicAttributes.FIFO_THROUGHPUT_SCOPE));
        String group = perGroup ? String.valueOf(publication.groupId()) : "";
        byte[] key = SnsKeys.duplicate(topic.number(), group, deduplicationId);
        long nowMillis = clock.millis();
        Duplicate earlier = DUPLICATES.decodeOrNull(tx.get(key));
        if (earlier != null && earlier.expiresMillis > nowMillis) {
            Tally tally = new Tally(topic, publication, monitoring);
            tally.count(Metric.PUBLISHED);
            return new Result(earlier.messageId, earlier.sequenceNumber, tally);
        }
        String sequence = nextSequence(tx, topic);
        long expiresMillis = nowMillis + SnsLimits.DEDUPLICATION.toMillis();
        tx.put(
                key,
                DUPLICATES.encode(new Duplicate(publication.messageId(), sequence, expiresMillis)));
        Expiry.clear(tx, nowMillis);
        Expiry.add(tx, expiresMillis, key, ids.number());
        Publication numbered = publication.inFifo(deduplicationId, sequence);
        Archive.add(tx, topic, numbered, Long.parseLong(sequence.substring(1)));
        return send(tx, topic, numbered);
    }

    private Result send(Transaction tx, Topic topic, Publication publication) {
        SharedTexts texts = texts(topic, publication);
        Served served =
                servePage(
                        tx,
                        topic,
                        publication,
                        Recipients.Position.START,
                        SnsLimits.PAGE_SUBSCRIPTIONS,
                        texts);
        served.tally.count(Metric.PUBLISHED);
        if (served.next != null) {
            FanOut.add(tx, ids, topic, texts.sharedNotification(), served.next);
        }
        texts.put(tx, clock.millis());
        return new Result(publication.messageId(), publication.sequenceNumber(), served.tally);
    }

    /// Delivers to a page of recipients; the tally is told once that is committed.
    Served servePage(
            Transaction tx,
            Topic topic,
            Publication publication,
            Recipients.Position after,
            int countMax) {
        SharedTexts texts = texts(topic, publication);
        Served served = servePage(tx, topic, publication, after, countMax, texts);
        texts.put(tx, clock.millis());
        return served;
    }

    private Served servePage(
            Transaction tx,
            Topic topic,
            Publication publication,
            Recipients.Position after,
            int countMax,
            SharedTexts texts) {
        Recipients.Page page = recipients.page(tx, topic, publication, after, countMax);
        Tally tally = serve(tx, topic, publication, page.subscriptions(), texts);
        tally.count(Metric.FILTERED_OUT, page.filteredOut());
        return new Served(tally, page.next());
    }

    /// Delivers to those of a page that want it; the tally is told once that is committed.
    Tally serve(Transaction tx, Topic topic, Publication publication, List<Subscription> page) {
        SharedTexts texts = texts(topic, publication);
        Tally tally = serve(tx, topic, publication, page, texts);
        texts.put(tx, clock.millis());
        return tally;
    }

    private SharedTexts texts(Topic topic, Publication publication) {
        return new SharedTexts(Notification.of(topic, publication), notifications, ids);
    }

    /// @param texts what is shared by those who get the publication as it is; yet to be put
    private Tally serve(
            Transaction tx,
            Topic topic,
            Publication publication,
            List<Subscription> page,
            SharedTexts texts) {
        Tally tally = new Tally(topic, publication, monitoring);
        Dispatch dispatch = dispatch(topic, publication, texts, tally);
        DataProtectionPolicy policy = protection.outbound(topic);
        Map<String, Optional<Dispatch>> byPrincipal = new HashMap<>();
        Map<Dispatch, List<Subscription>> byDispatch = new LinkedHashMap<>();
        for (Subscription subscription : page) {
            if (dispatch.wants(subscription)) {
                Optional<Dispatch> own =
                        policy == null
                                ? Optional.of(dispatch)
                                : byPrincipal.computeIfAbsent(
                                        subscription.principalArn(),
                                        principal ->
                                                DataProtection.outbound(
                                                                policy, principal, publication)
                                                        .map(each -> dispatch(topic, each, tally)));
                own.ifPresent(each ->
                        byDispatch.computeIfAbsent(each, _ -> new ArrayList<>()).add(subscription));
            } else if (subscription.confirmed()) {
                tally.count(Metric.FILTERED_OUT);
            }
        }
        byDispatch.forEach((each, subscriptions) -> each.deliver(tx, subscriptions));
        for (Optional<Dispatch> own : byPrincipal.values()) {
            own.ifPresent(each -> each.texts().put(tx, clock.millis()));
        }
        monitoring.log(tx, tally.statuses());
        return tally;
    }

    private Dispatch dispatch(Topic topic, Publication publication, Tally tally) {
        return dispatch(topic, publication, texts(topic, publication), tally);
    }

    private Dispatch dispatch(
            Topic topic, Publication publication, SharedTexts texts, Tally tally) {
        return new Dispatch(topic, publication, texts, policies, targets, outbox, tally);
    }

    /// Tells what a transaction did that has committed.
    void told(Tally tally) {
        monitoring.trace().refused(tally);
        monitoring.told(tally);
    }

    /// Twenty digits, growing; one writer at a time for each topic, which is what its order needs.
    private static String nextSequence(Transaction tx, Topic topic) {
        byte[] key = SnsKeys.sequence(topic.number());
        byte[] last = tx.get(key);
        long next = (last == null ? 0 : Bytes.readLong(last, 0)) + 1;
        byte[] value = new byte[Long.BYTES];
        Bytes.writeLong(value, 0, next);
        tx.put(key, value);
        return "1%019d".formatted(next);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
