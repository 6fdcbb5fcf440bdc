package io.millrace.service.sns;

import io.millrace.pattern.Arn;
import io.millrace.pattern.FilterPolicy;
import io.millrace.pattern.FilterPolicyException;
import io.millrace.pattern.FilterPolicyScope;
import io.millrace.pattern.JsonFault;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The attributes of a subscription: names, and which values they take. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html).
///
/// @param isFifo whether the topic is
/// @param account the subscription's owner
/// @param region the topic's
/// @param refusal how the action words a fault
record SubscriptionAttributes(
        boolean isFifo,
        String account,
        String region,
        String protocol,
        String endpoint,
        Function<String, ServiceException> refusal) {

    static final String RAW_MESSAGE_DELIVERY = "RawMessageDelivery";
    static final String FILTER_POLICY = "FilterPolicy";
    static final String FILTER_POLICY_SCOPE = "FilterPolicyScope";
    static final String REDRIVE_POLICY = "RedrivePolicy";
    static final String DELIVERY_POLICY = "DeliveryPolicy";
    static final String REPLAY_POLICY = "ReplayPolicy";

    private static final Set<String> NAMES =
            Set.of(
                    RAW_MESSAGE_DELIVERY,
                    FILTER_POLICY,
                    FILTER_POLICY_SCOPE,
                    REDRIVE_POLICY,
                    DELIVERY_POLICY,
                    REPLAY_POLICY,
                    "SubscriptionRoleArn");
    private static final Set<String> RAW_PROTOCOLS = Set.of("sqs", "http", "https", "firehose");
    private static final JsonMapper JSON = new JsonMapper();

    static SubscriptionAttributes ofSubscribe(
            Topic topic, String account, String protocol, String endpoint) {
        return new SubscriptionAttributes(
                topic.isFifo(),
                account,
                topic.arn().region(),
                protocol,
                endpoint,
                fault -> SnsErrors.invalidParameter("Attributes", fault));
    }

    static SubscriptionAttributes ofSet(Subscription subscription) {
        return new SubscriptionAttributes(
                subscription.topicArn().endsWith(".fifo"),
                subscription.owner(),
                Arn.parse(subscription.topicArn()).orElseThrow().region(),
                subscription.protocol(),
                subscription.endpoint(),
                SnsErrors::invalidParameter);
    }

    /// `had` with one attribute changed; an empty value removes it, and so does `{}` a filter
    /// policy
    /// ([documented](https://docs.aws.amazon.com/sns/latest/dg/example_sns_SetSubscriptionAttributes_section.html)).
    Map<String, String> set(Map<String, String> had, String name, @Nullable String value) {
        checkName(name);
        Map<String, String> attributes = new LinkedHashMap<>(had);
        boolean mayBeEmpty =
                !name.equals(RAW_MESSAGE_DELIVERY) && !name.equals(FILTER_POLICY_SCOPE);
        if (mayBeEmpty && (value == null || value.isEmpty())) {
            attributes.remove(name);
        } else {
            attributes.put(name, checked(name, value == null ? "null" : value));
        }
        attributes.remove(REPLAY_POLICY, ""); // `{}` asks for none
        checkFilterPolicy(attributes);
        checkDeliveryPolicy(attributes);
        if (name.equals(FILTER_POLICY)) {
            removeEmptyFilterPolicy(attributes);
        }
        return attributes;
    }

    /// Attributes with these values; what is empty, or a filter policy `{}`, is not there.
    Map<String, String> setAll(Map<String, String> requested) {
        Map<String, String> attributes = new LinkedHashMap<>();
        requested.forEach((name, value) -> {
            checkName(name);
            if (!value.isEmpty() || name.equals(RAW_MESSAGE_DELIVERY)) {
                attributes.put(name, checked(name, value));
            }
        });
        attributes.remove(REPLAY_POLICY, ""); // `{}` asks for none
        checkFilterPolicy(attributes);
        checkDeliveryPolicy(attributes);
        removeEmptyFilterPolicy(attributes);
        return attributes;
    }

    /// The queue in a redrive policy that was checked when it was set.
    static @Nullable String deadLetterArn(Subscription subscription) {
        String policy = subscription.attributes().get(REDRIVE_POLICY);
        return policy == null ? null : JSON.readTree(policy).path("deadLetterTargetArn").asString();
    }

    static FilterPolicyScope scope(Map<String, String> attributes) {
        return FilterPolicyScope.of(attributes.getOrDefault(FILTER_POLICY_SCOPE, ""))
                .orElse(FilterPolicyScope.MESSAGE_ATTRIBUTES);
    }

    private static void removeEmptyFilterPolicy(Map<String, String> attributes) {
        String policy = attributes.get(FILTER_POLICY);
        if (policy != null && JSON.readTree(policy).isEmpty()) {
            attributes.remove(FILTER_POLICY);
        }
    }

    private void checkName(String name) {
        if (!NAMES.contains(name)) {
            throw refusal.apply("AttributeName");
        }
    }

    private String checked(String name, String value) {
        switch (name) {
            case RAW_MESSAGE_DELIVERY -> {
                checkRaw(value);
                return value.toLowerCase(Locale.ROOT);
            }
            case FILTER_POLICY_SCOPE -> {
                if (FilterPolicyScope.of(value).isEmpty()) {
                    throw refusal.apply(
                            "FilterPolicyScope: Invalid value ["
                                    + value
                                    + "]. Please use either MessageBody or MessageAttributes");
                }
            }
            case REDRIVE_POLICY -> checkRedrivePolicy(value);
            case REPLAY_POLICY -> {
                if (!isFifo) {
                    throw refusal.apply("AttributeName");
                }
                if (ReplayPolicy.parse(value, refusal).isEmpty()) {
                    return "";
                }
            }
            default -> {} // filter and delivery policies are checked with what they depend on
        }
        return value;
    }

    private void checkRaw(String value) {
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            throw refusal.apply(
                    "RawMessageDelivery: Invalid value [" + value + "]. Must be true or false.");
        }
        if (value.equalsIgnoreCase("true") && !RAW_PROTOCOLS.contains(protocol)) {
            throw refusal.apply(
                    "RawMessageDelivery: Delivery protocol ["
                            + protocol
                            + "] does not support raw message delivery.");
        }
    }

    private void checkRedrivePolicy(String value) {
        JsonNode policy;
        try {
            policy = JSON.readTree(value);
        } catch (JacksonException _) {
            throw refusal.apply("RedrivePolicy: " + JsonFault.words(value));
        }
        for (String name : policy.propertyNames()) {
            if (!name.equals("deadLetterTargetArn")) {
                throw refusal.apply(
                        "RedrivePolicy: invalid JSON. Attribute " + name + " is unknown.");
            }
        }
        Arn queue = Arn.parse(policy.path("deadLetterTargetArn").asString("")).orElse(null);
        if (queue == null || !queue.service().equals("sqs")) {
            throw refusal.apply("RedrivePolicy: deadLetterTargetArn is an invalid arn");
        }
        if (!queue.accountId().equals(account) || !queue.region().equals(region)) {
            throw refusal.apply(
                    "RedrivePolicy: deadLetterTargetArn must be in the same account and region as"
                            + " the subscription.");
        }
        boolean isFifoQueue = queue.resource().endsWith(".fifo");
        if (isFifo && endpoint.endsWith(".fifo") && !isFifoQueue) {
            throw refusal.apply(
                    "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a"
                            + " FIFO Topic.");
        }
        if (!endpoint.endsWith(".fifo") && isFifoQueue) {
            throw refusal.apply(
                    "RedrivePolicy: must use a standard queue as DLQ for a standard"
                            + " subscription.");
        }
    }

    /// Which content types a policy may ask for depends on the envelope.
    private void checkDeliveryPolicy(Map<String, String> attributes) {
        String policy = attributes.get(DELIVERY_POLICY);
        if (policy != null) {
            new DeliveryPolicyCheck(refusal)
                    .ofSubscription(policy, "true".equals(attributes.get(RAW_MESSAGE_DELIVERY)));
        }
    }

    private void checkFilterPolicy(Map<String, String> attributes) {
        String policy = attributes.get(FILTER_POLICY);
        if (policy == null) {
            return;
        }
        try {
            FilterPolicy.of(policy, scope(attributes));
        } catch (FilterPolicyException e) {
            throw refusal.apply(e.message());
        }
    }
}
