package io.millrace.service.sns;

import io.millrace.delivery.RetryPolicy;
import io.millrace.wire.ServiceException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/// Refuses what AWS refuses in a delivery policy. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html#creating-delivery-policy);
/// the guide has no wording, that of a missing member and of a bound is seen in users' reports.
///
/// @param refusal how the action words a fault
record DeliveryPolicyCheck(Function<String, ServiceException> refusal) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> REQUIRED =
            List.of("minDelayTarget", "maxDelayTarget", "numRetries");
    private static final List<String> PHASES =
            List.of("numNoDelayRetries", "numMinDelayRetries", "numMaxDelayRetries");
    private static final Set<String> RETRY_MEMBERS =
            Set.of(
                    "minDelayTarget",
                    "maxDelayTarget",
                    "numRetries",
                    "numNoDelayRetries",
                    "numMinDelayRetries",
                    "numMaxDelayRetries",
                    "backoffFunction");
    private static final Set<String> FUNCTIONS =
            Set.of("linear", "arithmetic", "geometric", "exponential");

    /// What an endpoint may be told of AWS's envelope.
    private static final Set<String> CONTENT_TYPES = Set.of("text/plain", "application/json");

    /// What it may be told of a raw message besides.
    private static final Set<String> RAW_CONTENT_TYPES =
            Set.of(
                    "text/css",
                    "text/csv",
                    "text/html",
                    "text/xml",
                    "application/atom+xml",
                    "application/octet-stream",
                    "application/soap+xml",
                    "application/x-www-form-urlencoded",
                    "application/xhtml+xml",
                    "application/xml");

    void ofTopic(String json) {
        JsonNode root = parsed(json);
        checkMembers(root, Set.of("http"));
        JsonNode http = root.path("http");
        checkMembers(
                http,
                Set.of(
                        "defaultHealthyRetryPolicy",
                        "defaultSicklyRetryPolicy",
                        "disableSubscriptionOverrides",
                        "defaultThrottlePolicy",
                        "defaultRequestPolicy"));
        JsonNode disable = http.path("disableSubscriptionOverrides");
        if (isGiven(disable) && !disable.isBoolean()) {
            throw fault("http.disableSubscriptionOverrides must be a boolean");
        }
        checkRetry("http.defaultHealthyRetryPolicy", http.path("defaultHealthyRetryPolicy"));
        checkRetry("http.defaultSicklyRetryPolicy", http.path("defaultSicklyRetryPolicy"));
        checkThrottle("http.defaultThrottlePolicy", http.path("defaultThrottlePolicy"));
        checkRequest("http.defaultRequestPolicy", http.path("defaultRequestPolicy"), false);
    }

    /// @param isRaw whether the endpoint gets messages without an envelope
    void ofSubscription(String json, boolean isRaw) {
        JsonNode root = parsed(json);
        checkMembers(
                root,
                Set.of(
                        "healthyRetryPolicy",
                        "sicklyRetryPolicy",
                        "throttlePolicy",
                        "requestPolicy",
                        "guaranteed"));
        checkRetry("healthyRetryPolicy", root.path("healthyRetryPolicy"));
        checkRetry("sicklyRetryPolicy", root.path("sicklyRetryPolicy"));
        checkThrottle("throttlePolicy", root.path("throttlePolicy"));
        checkRequest("requestPolicy", root.path("requestPolicy"), isRaw);
    }

    private JsonNode parsed(String json) {
        try {
            JsonNode root = json.isEmpty() ? JSON.createObjectNode() : JSON.readTree(json);
            if (root.isObject()) {
                return root;
            }
        } catch (JacksonException _) { // refused below
        }
        throw fault("failed to parse JSON.");
    }

    private void checkRetry(String path, JsonNode policy) {
        if (!isGiven(policy)) {
            return;
        }
        checkMembers(policy, RETRY_MEMBERS);
        for (String name : REQUIRED) {
            if (!isGiven(policy.path(name))) {
                throw fault(path + "." + name + " must be specified");
            }
        }
        long min = integer(path, policy, "minDelayTarget", 1);
        long max = integer(path, policy, "maxDelayTarget", 1);
        long retries = integer(path, policy, "numRetries", 0);
        long phases = 0;
        for (String name : PHASES) {
            phases += integer(path, policy, name, 0);
        }
        checkMax(path + ".numRetries", retries, SnsLimits.HTTP_RETRIES);
        checkMax(path + ".maxDelayTarget", max, SnsLimits.HTTP_RETRY_AGE.toSeconds());
        if (max < min) {
            throw fault(path + ".maxDelayTarget must be greater than or equal to minDelayTarget");
        }
        if (phases > retries) {
            throw fault(
                    path
                            + ".numRetries must be greater than or equal to total of"
                            + " numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries");
        }
        JsonNode function = policy.path("backoffFunction");
        if (isGiven(function) && !FUNCTIONS.contains(function.asString(""))) {
            throw fault(path + ".backoffFunction is invalid");
        }
        long seconds =
                DeliveryPolicy.retry(policy).phases().stream()
                        .mapToLong(RetryPolicy.Phase::totalSeconds)
                        .sum();
        checkMax(path + " total retry time", seconds, SnsLimits.HTTP_RETRY_AGE.toSeconds());
    }

    private void checkThrottle(String path, JsonNode policy) {
        if (isGiven(policy)) {
            checkMembers(policy, Set.of("maxReceivesPerSecond"));
            if (isGiven(policy.path("maxReceivesPerSecond"))) {
                integer(path, policy, "maxReceivesPerSecond", 1);
            }
        }
    }

    private void checkRequest(String path, JsonNode policy, boolean isRaw) {
        if (!isGiven(policy)) {
            return;
        }
        checkMembers(policy, Set.of("headerContentType"));
        JsonNode type = policy.path("headerContentType");
        if (!isGiven(type)) {
            return;
        }
        String name = type.asString("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        boolean isPrintable = type.asString("").chars().allMatch(c -> c >= ' ' && c < 0x7f);
        if (!isPrintable
                || !(CONTENT_TYPES.contains(name) || (isRaw && RAW_CONTENT_TYPES.contains(name)))) {
            throw fault(path + ".headerContentType is not supported");
        }
    }

    private void checkMembers(JsonNode object, Set<String> known) {
        if (isGiven(object) && !object.isObject()) {
            throw fault("failed to parse JSON.");
        }
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw fault("Unexpected JSON member: " + name);
            }
        }
    }

    /// A member's number; 0 where it is not given.
    private long integer(String path, JsonNode policy, String name, int min) {
        JsonNode value = policy.path(name);
        if (!isGiven(value)) {
            return 0;
        }
        if (!value.isInt()) {
            throw fault(path + "." + name + " must be an integer");
        }
        if (value.asInt() < min) {
            throw fault(path + "." + name + " must be greater than or equal to " + min);
        }
        return value.asInt();
    }

    private void checkMax(String name, long value, long max) {
        if (value > max) {
            throw fault(name + " must be less than or equal to " + max);
        }
    }

    private static boolean isGiven(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }

    private ServiceException fault(String what) {
        return refusal.apply("DeliveryPolicy: " + what);
    }
}
