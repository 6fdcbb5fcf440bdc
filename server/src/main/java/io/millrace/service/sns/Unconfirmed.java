package io.millrace.service.sns;

import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

/// Until when a subscription may wait for its confirmation: as long as its newest link is good,
/// then it is removed. Source:
/// [announcement](https://aws.amazon.com/about-aws/whats-new/2023/05/amazon-sns-automatic-deletion-unconfirmed-subscriptions/).
record Unconfirmed(String subscriptionArn, long expiresMillis) {
    private static final ResourceCodec<Unconfirmed> CODEC = new ResourceCodec<>(Unconfirmed.class);

    /// Lets the subscription wait until then, also when it has waited for an earlier link.
    static void await(Transaction tx, Subscription subscription, long expiresMillis, long random) {
        byte[] key = SnsKeys.unconfirmed(subscription.topicNumber(), subscription.id());
        tx.put(key, CODEC.encode(new Unconfirmed(subscription.arn(), expiresMillis)));
        Expiry.add(tx, expiresMillis, key, random);
    }

    /// Removes the subscription unless it has been confirmed.
    static void expired(Transaction tx, byte[] value) {
        Subscription subscription = Subscriptions.find(tx, CODEC.decode(value).subscriptionArn);
        if (subscription != null && !subscription.confirmed()) {
            Subscriptions.delete(tx, subscription);
        }
    }
}
