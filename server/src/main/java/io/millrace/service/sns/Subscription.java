package io.millrace.service.sns;

import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// A subscription, as it is stored.
///
/// @param topicNumber the internal number of its topic
/// @param owner the account of whoever subscribed
/// @param confirmed whether its endpoint receives messages
/// @param confirmationAuthenticated whether a signed request confirmed it
/// @param unsubscribeAuthenticated whether only a signed request may end it
/// @param attributes what was set, without defaults
record Subscription(
        String arn,
        long topicNumber,
        String protocol,
        String endpoint,
        String owner,
        String principalArn,
        boolean confirmed,
        boolean confirmationAuthenticated,
        boolean unsubscribeAuthenticated,
        Map<String, String> attributes) {

    static final ResourceCodec<Subscription> CODEC = new ResourceCodec<>(Subscription.class);

    static String topicArn(String subscriptionArn) {
        return subscriptionArn.substring(0, subscriptionArn.lastIndexOf(':'));
    }

    static String id(String subscriptionArn) {
        return subscriptionArn.substring(subscriptionArn.lastIndexOf(':') + 1);
    }

    String topicArn() {
        return topicArn(arn);
    }

    String id() {
        return id(arn);
    }

    boolean isHttp() {
        return protocol.equals("http") || protocol.equals("https");
    }

    boolean isMail() {
        return protocol.equals(MailNotifications.EMAIL)
                || protocol.equals(MailNotifications.EMAIL_JSON);
    }

    boolean isRaw() {
        return "true".equals(attributes.get(SubscriptionAttributes.RAW_MESSAGE_DELIVERY));
    }

    @Nullable String filterPolicy() {
        return attributes.get(SubscriptionAttributes.FILTER_POLICY);
    }

    Subscription withAttributes(Map<String, String> changed) {
        return new Subscription(
                arn,
                topicNumber,
                protocol,
                endpoint,
                owner,
                principalArn,
                confirmed,
                confirmationAuthenticated,
                unsubscribeAuthenticated,
                changed);
    }

    Subscription confirm(boolean authenticated, boolean onlyAuthenticatedUnsubscribe) {
        return new Subscription(
                arn,
                topicNumber,
                protocol,
                endpoint,
                owner,
                principalArn,
                true,
                authenticated,
                onlyAuthenticatedUnsubscribe,
                attributes);
    }
}
