package io.millrace.service.sns;

import io.millrace.delivery.RetryPolicy;
import io.millrace.delivery.RetryPolicy.Backoff;
import io.millrace.delivery.RetryPolicy.Phase;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// How an HTTP endpoint is retried: the subscription's policy, else the topic's, else AWS's default
/// of three retries 20 seconds apart. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html).
///
/// @param retry AWS's `healthyRetryPolicy`, all numbers filled in
record DeliveryPolicy(Retry retry, @Nullable Double maxReceivesPerSecond, String contentType) {

    record Retry(
            int minDelayTarget,
            int maxDelayTarget,
            int numRetries,
            int numMaxDelayRetries,
            int numNoDelayRetries,
            int numMinDelayRetries,
            String backoffFunction) {

        static final Retry DEFAULT = new Retry(20, 20, 3, 0, 0, 0, "linear");

        /// The backoff begins at the shortest delay and ends one step before the longest: so counts
        /// AWS where it refuses a policy whose retries take longer than an hour.
        List<Phase> phases() {
            int backoffCount =
                    Math.max(
                            0,
                            numRetries
                                    - numNoDelayRetries
                                    - numMinDelayRetries
                                    - numMaxDelayRetries);
            long minMillis = 1000L * minDelayTarget;
            long rangeMillis = 1000L * maxDelayTarget - minMillis;
            long lastMillis =
                    minMillis
                            + rangeMillis
                                    * Math.max(0, backoffCount - 1)
                                    / Math.max(1, backoffCount);
            return List.of(
                    Phase.steady(numNoDelayRetries, Duration.ZERO),
                    Phase.steady(numMinDelayRetries, Duration.ofSeconds(minDelayTarget)),
                    new Phase(
                            backoffCount,
                            minMillis,
                            lastMillis,
                            Backoff.valueOf(backoffFunction.toUpperCase(Locale.ROOT))),
                    Phase.steady(numMaxDelayRetries, Duration.ofSeconds(maxDelayTarget)));
        }
    }

    private static final String CONTENT_TYPE = "text/plain; charset=UTF-8";
    private static final List<String> MEMBERS =
            List.of(
                    "minDelayTarget",
                    "maxDelayTarget",
                    "numRetries",
                    "numMaxDelayRetries",
                    "numNoDelayRetries",
                    "numMinDelayRetries",
                    "backoffFunction",
                    "maxReceivesPerSecond",
                    "headerContentType");
    private static final JsonMapper JSON = new JsonMapper();

    /// The effective policy. Both texts were checked when they were set.
    static DeliveryPolicy of(Topic topic, @Nullable String subscriptionPolicy) {
        JsonNode ofTopic =
                tree(topic.attributes().get(TopicAttributes.DELIVERY_POLICY)).path("http");
        boolean overrides = !ofTopic.path("disableSubscriptionOverrides").asBoolean(false);
        JsonNode ofSubscription = tree(overrides ? subscriptionPolicy : null);
        JsonNode retry = ofSubscription.path("healthyRetryPolicy");
        return new DeliveryPolicy(
                retry(retry.isObject() ? retry : ofTopic.path("defaultHealthyRetryPolicy")),
                perSecond(
                        ofSubscription.path("throttlePolicy"),
                        ofTopic.path("defaultThrottlePolicy")),
                contentType(
                        ofSubscription.path("requestPolicy"),
                        ofTopic.path("defaultRequestPolicy")));
    }

    RetryPolicy retryPolicy() {
        return new RetryPolicy(
                retry.phases(), SnsLimits.HTTP_RETRY_AGE.toMillis(), maxReceivesPerSecond);
    }

    /// `EffectiveDeliveryPolicy` of a topic.
    static String effective(Topic topic) {
        DeliveryPolicy policy = of(topic, null);
        ObjectNode http = JSON.createObjectNode();
        http.set("defaultHealthyRetryPolicy", JSON.valueToTree(policy.retry));
        http.put(
                "disableSubscriptionOverrides",
                tree(topic.attributes().get(TopicAttributes.DELIVERY_POLICY))
                        .path("http")
                        .path("disableSubscriptionOverrides")
                        .asBoolean(false));
        if (policy.maxReceivesPerSecond != null) {
            http.putObject("defaultThrottlePolicy")
                    .put("maxReceivesPerSecond", policy.maxReceivesPerSecond.intValue());
        }
        http.putObject("defaultRequestPolicy").put("headerContentType", policy.contentType);
        ObjectNode root = JSON.createObjectNode();
        root.set("http", http);
        return root.toString();
    }

    /// `EffectiveDeliveryPolicy` of a subscription.
    String effective() {
        ObjectNode root = JSON.createObjectNode();
        root.set("healthyRetryPolicy", JSON.valueToTree(retry));
        root.putNull("sicklyRetryPolicy");
        if (maxReceivesPerSecond == null) {
            root.putNull("throttlePolicy");
        } else {
            root.putObject("throttlePolicy")
                    .put("maxReceivesPerSecond", maxReceivesPerSecond.intValue());
        }
        root.putObject("requestPolicy").put("headerContentType", contentType);
        root.put("guaranteed", false);
        return root.toString();
    }

    /// A topic's `DeliveryPolicy` as AWS shows it: without what was not set.
    static String ofTopic(String json) {
        JsonNode given = tree(json).path("http");
        ObjectNode root = JSON.createObjectNode();
        ObjectNode http = root.putObject("http");
        List.of("defaultHealthyRetryPolicy", "defaultSicklyRetryPolicy")
                .forEach(name -> ordered(given.path(name), http, name));
        http.put(
                "disableSubscriptionOverrides",
                given.path("disableSubscriptionOverrides").asBoolean(false));
        List.of("defaultThrottlePolicy", "defaultRequestPolicy")
                .forEach(name -> ordered(given.path(name), http, name));
        return root.toString();
    }

    /// A subscription's `DeliveryPolicy` as AWS shows it: null for what was not set.
    static String ofSubscription(String json) {
        JsonNode given = tree(json);
        ObjectNode root = JSON.createObjectNode();
        for (String name :
                List.of(
                        "healthyRetryPolicy",
                        "sicklyRetryPolicy",
                        "throttlePolicy",
                        "requestPolicy")) {
            root.putNull(name);
            ordered(given.path(name), root, name);
        }
        return root.put("guaranteed", given.path("guaranteed").asBoolean(false)).toString();
    }

    private static void ordered(JsonNode given, ObjectNode into, String name) {
        if (given.isObject()) {
            ObjectNode shown = into.putObject(name);
            MEMBERS.forEach(member -> {
                if (given.hasNonNull(member)) {
                    shown.set(member, given.path(member));
                }
            });
        }
    }

    private static JsonNode tree(@Nullable String json) {
        return json == null || json.isEmpty() ? JSON.createObjectNode() : JSON.readTree(json);
    }

    /// What a policy leaves out is as in AWS's default.
    static Retry retry(JsonNode node) {
        Retry other = Retry.DEFAULT;
        return new Retry(
                node.path("minDelayTarget").asInt(other.minDelayTarget),
                node.path("maxDelayTarget").asInt(other.maxDelayTarget),
                node.path("numRetries").asInt(other.numRetries),
                node.path("numMaxDelayRetries").asInt(other.numMaxDelayRetries),
                node.path("numNoDelayRetries").asInt(other.numNoDelayRetries),
                node.path("numMinDelayRetries").asInt(other.numMinDelayRetries),
                node.path("backoffFunction").asString(other.backoffFunction));
    }

    private static @Nullable Double perSecond(JsonNode first, JsonNode second) {
        for (JsonNode node : List.of(first, second)) {
            JsonNode value = node.path("maxReceivesPerSecond");
            if (value.isNumber() && value.asDouble() > 0) {
                return value.asDouble();
            }
        }
        return null;
    }

    private static String contentType(JsonNode first, JsonNode second) {
        for (JsonNode node : List.of(first, second)) {
            JsonNode value = node.path("headerContentType");
            if (value.isString()) {
                return value.asString();
            }
        }
        return CONTENT_TYPE;
    }
}
