package io.millrace.service.sns;

import io.millrace.delivery.RetryPolicy;
import io.millrace.delivery.RetryPolicy.Backoff;
import io.millrace.delivery.RetryPolicy.Phase;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

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

        List<Phase> phases() {
            int backoffCount =
                    Math.max(
                            0,
                            numRetries
                                    - numNoDelayRetries
                                    - numMinDelayRetries
                                    - numMaxDelayRetries);
            return List.of(
                    Phase.steady(numNoDelayRetries, Duration.ZERO),
                    Phase.steady(numMinDelayRetries, Duration.ofSeconds(minDelayTarget)),
                    new Phase(
                            backoffCount,
                            1000L * minDelayTarget,
                            1000L * maxDelayTarget,
                            Backoff.valueOf(backoffFunction.toUpperCase(Locale.ROOT))),
                    Phase.steady(numMaxDelayRetries, Duration.ofSeconds(maxDelayTarget)));
        }
    }

    private static final int RETRIES_MAX = 100;
    private static final int DELAY_SECONDS_MAX = 3600;
    private static final String CONTENT_TYPE = "text/plain; charset=UTF-8";
    private static final JsonMapper JSON = new JsonMapper();

    /// The effective policy. Both texts were checked when they were set.
    static DeliveryPolicy of(Topic topic, @Nullable String subscriptionPolicy) {
        JsonNode ofTopic =
                tree(topic.attributes().get(TopicAttributes.DELIVERY_POLICY)).path("http");
        boolean overrides = !ofTopic.path("disableSubscriptionOverrides").asBoolean(false);
        JsonNode ofSubscription = tree(overrides ? subscriptionPolicy : null);
        Retry retry = retry(ofTopic.path("defaultHealthyRetryPolicy"), Retry.DEFAULT);
        return new DeliveryPolicy(
                retry(ofSubscription.path("healthyRetryPolicy"), retry),
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
                    .put("maxReceivesPerSecond", policy.maxReceivesPerSecond);
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
            root.putObject("throttlePolicy").put("maxReceivesPerSecond", maxReceivesPerSecond);
        }
        root.putObject("requestPolicy").put("headerContentType", contentType);
        root.put("guaranteed", false);
        return root.toString();
    }

    static void checkTopic(String json, Function<String, ServiceException> refusal) {
        JsonNode root = parsed(json, refusal);
        checkRetry(root.path("http").path("defaultHealthyRetryPolicy"), refusal);
    }

    static void checkSubscription(String json, Function<String, ServiceException> refusal) {
        JsonNode root = parsed(json, refusal);
        checkRetry(root.path("healthyRetryPolicy"), refusal);
    }

    private static JsonNode parsed(String json, Function<String, ServiceException> refusal) {
        try {
            JsonNode root = json.isEmpty() ? JSON.createObjectNode() : JSON.readTree(json);
            if (root.isObject()) {
                return root;
            }
        } catch (JacksonException _) { // refused below
        }
        throw refusal.apply("DeliveryPolicy: failed to parse JSON.");
    }

    private static void checkRetry(JsonNode node, Function<String, ServiceException> refusal) {
        for (String name :
                List.of(
                        "minDelayTarget",
                        "maxDelayTarget",
                        "numRetries",
                        "numMaxDelayRetries",
                        "numNoDelayRetries",
                        "numMinDelayRetries")) {
            JsonNode value = node.path(name);
            if (!value.isMissingNode() && !value.isNull() && !value.isInt()) {
                throw refusal.apply("DeliveryPolicy: " + name + " must be an integer");
            }
        }
        JsonNode function = node.path("backoffFunction");
        if (function.isString()
                && !List.of("linear", "arithmetic", "geometric", "exponential")
                        .contains(function.asString())) {
            throw refusal.apply("DeliveryPolicy: backoffFunction is invalid");
        }
        Retry retry = retry(node, Retry.DEFAULT);
        check(between(retry.numRetries, 0, RETRIES_MAX), "numRetries", refusal);
        check(between(retry.minDelayTarget, 1, DELAY_SECONDS_MAX), "minDelayTarget", refusal);
        check(
                between(retry.maxDelayTarget, retry.minDelayTarget, DELAY_SECONDS_MAX),
                "maxDelayTarget",
                refusal);
        check(retry.numNoDelayRetries >= 0, "numNoDelayRetries", refusal);
        check(retry.numMinDelayRetries >= 0, "numMinDelayRetries", refusal);
        check(retry.numMaxDelayRetries >= 0, "numMaxDelayRetries", refusal);
        long phases =
                (long) retry.numNoDelayRetries
                        + retry.numMinDelayRetries
                        + retry.numMaxDelayRetries;
        check(phases <= retry.numRetries, "numRetries", refusal);
    }

    private static boolean between(int value, int min, int max) {
        return min <= value && value <= max;
    }

    private static void check(
            boolean valid, String name, Function<String, ServiceException> refusal) {
        if (!valid) {
            throw refusal.apply("DeliveryPolicy: " + name + " is out of range");
        }
    }

    private static JsonNode tree(@Nullable String json) {
        return json == null || json.isEmpty() ? JSON.createObjectNode() : JSON.readTree(json);
    }

    private static Retry retry(JsonNode node, Retry other) {
        int min = node.path("minDelayTarget").asInt(other.minDelayTarget);
        return new Retry(
                min,
                Math.max(
                        node.path("maxDelayTarget").asInt(other.maxDelayTarget),
                        node.has("maxDelayTarget") ? 0 : min),
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
