package io.millrace.service.sns;

import io.millrace.delivery.Message;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.Targets;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;

/// Asks endpoints whether they want a subscription, or its end: a signed message with a link.
final class Confirmations {

    /// A message with its link, signed outside of any transaction.
    ///
    /// @param endpoint the base URL of its link
    record Prepared(String token, String messageId, String endpoint, String text) {}

    private final InstantSource clock;
    private final Ids ids;
    private final Targets targets;
    private final Outbox outbox;
    private final SigningKeys keys;

    Confirmations(InstantSource clock, Ids ids, Targets targets, Outbox outbox, SigningKeys keys) {
        this.clock = clock;
        this.ids = ids;
        this.targets = targets;
        this.outbox = outbox;
        this.keys = keys;
    }

    /// @param type `SubscriptionConfirmation` or `UnsubscribeConfirmation`
    Prepared prepare(String type, String subscriptionArn, String endpoint, String version) {
        String token = ids.hex(Token.DIGITS);
        String messageId = ids.uuid();
        String text =
                Envelope.confirmation(
                        type,
                        messageId,
                        token,
                        subscriptionArn,
                        endpoint,
                        clock.instant(),
                        version,
                        keys);
        return new Prepared(token, messageId, endpoint, text);
    }

    /// Sends it from the commit of `tx` on; its link is good for two days.
    ///
    /// @param removed what an unsubscription removed
    void send(
            Transaction tx,
            String type,
            Prepared prepared,
            Topic topic,
            Subscription subscription,
            @Nullable Subscription removed) {
        long nowMillis = clock.millis();
        long expiresMillis = nowMillis + SnsLimits.TOKEN_AGE.toMillis();
        byte[] key = SnsKeys.token(prepared.token);
        tx.put(key, Token.CODEC.encode(new Token(subscription.arn(), expiresMillis, removed)));
        Expiry.add(tx, expiresMillis, key, ids.number());
        if (!subscription.confirmed()) {
            Unconfirmed.await(tx, subscription, expiresMillis, ids.number());
        }
        Expiry.clear(tx, nowMillis); // after this one's time has been renewed
        if (subscription.isHttp()) {
            DeliveryPolicy policy =
                    DeliveryPolicy.of(
                            topic,
                            subscription.attributes().get(SubscriptionAttributes.DELIVERY_POLICY));
            outbox.add(
                    tx,
                    HttpNotifications.job(
                            type, prepared.messageId, subscription, policy, prepared.text));
        } else if (subscription.isMail()) {
            outbox.add(
                    tx,
                    MailNotifications.confirmation(
                            prepared, nowMillis, topic, subscription, removed != null));
        } else {
            Arn.parse(subscription.endpoint())
                    .ifPresent(queue ->
                            targets.deliver(
                                    tx,
                                    queue,
                                    Message.of(prepared.text, Dispatch.SENDER_ID)
                                            .from(subscription.topicArn())));
        }
    }
}
