package io.millrace.service.sns;

import io.millrace.api.sns.GetSubscriptionAttributesInput;
import io.millrace.api.sns.GetSubscriptionAttributesResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.LinkedHashMap;
import java.util.Map;

/// `GetSubscriptionAttributes`: what was set, the defaults, and the subscription's state.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html).
final class GetSubscriptionAttributes
        implements Operation<GetSubscriptionAttributesInput, GetSubscriptionAttributesResponse> {
    private final Store store;

    GetSubscriptionAttributes(Store store) {
        this.store = store;
    }

    @Override
    public GetSubscriptionAttributesResponse handle(
            Caller caller, GetSubscriptionAttributesInput request) {
        String arn = request.subscriptionArn();
        Unsubscribe.checkArn(arn);
        return store.read(snapshot -> {
            Subscription subscription = require(snapshot, caller, "GetSubscriptionAttributes", arn);
            return GetSubscriptionAttributesResponse.builder()
                    .attributes(attributes(snapshot, subscription))
                    .build();
        });
    }

    /// The subscription, for its owner or the topic's.
    private static Subscription require(
            Snapshot snapshot, Caller caller, String action, String arn) {
        Subscription subscription = Subscriptions.require(snapshot, arn);
        String topicOwner = Arn.parse(arn).orElseThrow().accountId();
        if (!caller.accountId().equals(subscription.owner())
                && !caller.accountId().equals(topicOwner)) {
            throw SnsErrors.notAuthorized(caller.principalArn(), action, arn);
        }
        return subscription;
    }

    private static Map<String, String> attributes(Snapshot snapshot, Subscription subscription) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("SubscriptionPrincipal", subscription.principalArn());
        attributes.put("Owner", subscription.owner());
        attributes.put("RawMessageDelivery", "false");
        attributes.put("TopicArn", subscription.topicArn());
        attributes.put("Endpoint", HttpLogin.hidden(subscription.endpoint()));
        attributes.put("Protocol", subscription.protocol());
        attributes.put("PendingConfirmation", Boolean.toString(!subscription.confirmed()));
        attributes.put(
                "ConfirmationWasAuthenticated",
                Boolean.toString(subscription.confirmationAuthenticated()));
        attributes.put("SubscriptionArn", subscription.arn());
        attributes.putAll(subscription.attributes());
        attributes.computeIfPresent(
                SubscriptionAttributes.DELIVERY_POLICY,
                (_, given) -> DeliveryPolicy.ofSubscription(given));
        if (subscription.filterPolicy() == null) {
            attributes.remove(SubscriptionAttributes.FILTER_POLICY_SCOPE);
        } else {
            attributes.put(
                    SubscriptionAttributes.FILTER_POLICY_SCOPE,
                    SubscriptionAttributes.scope(subscription.attributes()).text());
        }
        Topic topic = Topics.find(snapshot, Arn.parse(subscription.topicArn()).orElseThrow());
        if (subscription.isHttp() && topic != null) {
            attributes.put(
                    "EffectiveDeliveryPolicy",
                    DeliveryPolicy.of(
                                    topic,
                                    subscription
                                            .attributes()
                                            .get(SubscriptionAttributes.DELIVERY_POLICY))
                            .effective());
        }
        return attributes;
    }
}
