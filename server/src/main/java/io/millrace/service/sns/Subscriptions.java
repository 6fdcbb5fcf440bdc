package io.millrace.service.sns;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.service.sns.SnsKeys.Count;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Keeps subscriptions together with their indexes and counts.
final class Subscriptions {

    private Subscriptions() {}

    /// The subscription of an ARN, whose topic must still be there.
    static @Nullable Subscription find(Snapshot snapshot, String arn) {
        Arn topicArn = Arn.parse(Subscription.topicArn(arn)).orElse(null);
        Topic topic = topicArn == null ? null : Topics.find(snapshot, topicArn);
        return topic == null
                ? null
                : Subscription.CODEC.decodeOrNull(
                        snapshot.get(SnsKeys.subscription(topic.number(), Subscription.id(arn))));
    }

    static Subscription require(Snapshot snapshot, String arn) {
        Subscription subscription = find(snapshot, arn);
        if (subscription == null) {
            throw SnsErrors.subscriptionNotFound();
        }
        return subscription;
    }

    /// Which subscription of a topic an endpoint has.
    static @Nullable Subscription find(
            Snapshot snapshot, Topic topic, String protocol, String endpoint) {
        byte[] id = snapshot.get(SnsKeys.byEndpoint(topic.number(), protocol, endpoint));
        return id == null
                ? null
                : Subscription.CODEC.decodeOrNull(
                        snapshot.get(
                                SnsKeys.subscription(
                                        topic.number(), new String(id, StandardCharsets.UTF_8))));
    }

    /// At most so many of a topic's subscriptions, those with ids greater than `afterId`.
    static List<Subscription> page(
            Snapshot snapshot, long topicNumber, String afterId, int countMax) {
        byte[] from =
                afterId.isEmpty()
                        ? SnsKeys.subscriptions(topicNumber)
                        : Bytes.after(SnsKeys.subscription(topicNumber, afterId));
        byte[] to = Bytes.prefixEnd(SnsKeys.subscriptions(topicNumber));
        List<Subscription> page = new ArrayList<>();
        try (Cursor cursor = snapshot.range(from, to, Snapshot.Direction.FORWARD)) {
            while (page.size() < countMax && cursor.next()) {
                page.add(Subscription.CODEC.decode(cursor.value()));
            }
        }
        return page;
    }

    static void create(Transaction tx, Subscription subscription) {
        long number = subscription.topicNumber();
        byte[] id = subscription.id().getBytes(StandardCharsets.UTF_8);
        put(tx, subscription);
        tx.put(byOwner(subscription), Bytes.EMPTY);
        tx.put(SnsKeys.byEndpoint(number, subscription.protocol(), subscription.endpoint()), id);
        tx.add(SnsKeys.count(number, state(subscription)), 1);
    }

    static void put(Transaction tx, Subscription subscription) {
        byte[] key = SnsKeys.subscription(subscription.topicNumber(), subscription.id());
        Recipients.changed(tx, Subscription.CODEC.decodeOrNull(tx.get(key)), subscription);
        tx.put(key, Subscription.CODEC.encode(subscription));
    }

    static void confirm(Transaction tx, Subscription confirmed) {
        put(tx, confirmed);
        tx.add(SnsKeys.count(confirmed.topicNumber(), Count.PENDING), -1);
        tx.add(SnsKeys.count(confirmed.topicNumber(), Count.CONFIRMED), 1);
        Replays.confirmed(tx, confirmed);
    }

    static void delete(Transaction tx, Subscription subscription) {
        long number = subscription.topicNumber();
        tx.delete(SnsKeys.subscription(number, subscription.id()));
        Recipients.changed(tx, subscription, null);
        tx.delete(byOwner(subscription));
        tx.delete(SnsKeys.byEndpoint(number, subscription.protocol(), subscription.endpoint()));
        tx.delete(SnsKeys.replay(number, subscription.id()));
        tx.add(SnsKeys.count(number, state(subscription)), -1);
        if (subscription.confirmed()) {
            tx.add(SnsKeys.count(number, Count.DELETED), 1);
        }
    }

    static io.millrace.api.sns.Subscription shown(Subscription subscription) {
        return io.millrace.api.sns.Subscription.builder()
                .subscriptionArn(
                        subscription.confirmed() ? subscription.arn() : "PendingConfirmation")
                .owner(subscription.owner())
                .protocol(subscription.protocol())
                .endpoint(HttpLogin.hidden(subscription.endpoint()))
                .topicArn(subscription.topicArn())
                .build();
    }

    private static Count state(Subscription subscription) {
        return subscription.confirmed() ? Count.CONFIRMED : Count.PENDING;
    }

    private static byte[] byOwner(Subscription subscription) {
        String region = Arn.parse(subscription.topicArn()).orElseThrow().region();
        return SnsKeys.byOwner(subscription.owner(), region, subscription.arn());
    }
}
