package io.millrace.service.sqs;

import static io.millrace.service.sqs.SqsErrors.invalidAttribute;
import static io.millrace.service.sqs.SqsErrors.invalidValue;

import io.millrace.engine.Snapshot;
import io.millrace.pattern.Arn;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.Set;
import java.util.regex.Pattern;

/// The attributes of a queue that say where poisonous messages go: redrive policy and redrive allow
/// policy.
final class RedrivePolicies {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,4}");
    private static final String TARGET = "deadLetterTargetArn";
    private static final String MAX_COUNT = "maxReceiveCount";
    private static final String PERMISSION = "redrivePermission";
    private static final String SOURCES = "sourceQueueArns";
    private static final String UNSUPPORTED_FORMAT =
            "Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.";

    private RedrivePolicies() {}

    /// Without white space, and with the number as one; what is no document stays as it is, and is
    /// refused elsewhere.
    static String normal(String policy) {
        JsonNode json = object(policy);
        if (json == null) {
            return policy;
        }
        JsonNode count = json.get(MAX_COUNT);
        if (count != null && count.isString() && COUNT.matcher(count.stringValue()).matches()) {
            ((ObjectNode) json).put(MAX_COUNT, Integer.parseInt(count.stringValue()));
        }
        return MAPPER.writeValueAsString(json);
    }

    static void checkRedriveAllow(String policy) {
        if (policy.isEmpty()) {
            return;
        }
        JsonNode json = object(policy);
        JsonNode permission = json == null ? null : json.get(PERMISSION);
        if (json == null
                || permission == null
                || !permission.isString()
                || !Set.of(PERMISSION, SOURCES).containsAll(json.propertyNames())) {
            throw invalidAttribute(QueueAttributes.REDRIVE_ALLOW_POLICY, UNSUPPORTED_FORMAT);
        }
        JsonNode sources = json.get(SOURCES);
        switch (permission.stringValue()) {
            case "byQueue" -> checkSources(policy, sources);
            case "allowAll", "denyAll" -> {
                if (sources != null) {
                    throw invalidValue(
                            policy,
                            QueueAttributes.REDRIVE_ALLOW_POLICY,
                            "Amazon SQS can't create the redrive allow policy. You can specify"
                                    + " sourceQueueArns only when redrivePermission is set to"
                                    + " byQueue.");
                }
            }
            default ->
                    throw invalidAttribute(
                            QueueAttributes.REDRIVE_ALLOW_POLICY, UNSUPPORTED_FORMAT);
        }
    }

    /// Parses and checks the redrive policy of the queue `source`.
    static Queue.@Nullable Redrive redrive(Snapshot tx, Arn source, @Nullable String policy) {
        if (policy == null || policy.isEmpty()) {
            return null;
        }
        JsonNode json = object(policy);
        if (json == null) {
            throw invalidAttribute(
                    QueueAttributes.REDRIVE_POLICY, "Redrive policy is not a valid JSON map.");
        }
        int maxReceiveCount = maxReceiveCount(policy, json);
        String target = deadLetterTarget(policy, json);
        if (!Set.of(MAX_COUNT, TARGET).containsAll(json.propertyNames())) {
            throw invalidRedrive(
                    policy,
                    "Only following attributes are supported: [maxReceiveCount,"
                            + " deadLetterTargetArn].");
        }
        checkTarget(tx, source, policy, target);
        return new Queue.Redrive(target, maxReceiveCount);
    }

    private static void checkTarget(Snapshot tx, Arn source, String policy, String target) {
        Arn arn =
                Arn.parse(target)
                        .orElseThrow(() ->
                                invalidRedrive(policy, "Invalid value for deadLetterTargetArn."));
        if (!arn.service().equals("sqs")) {
            throw invalidRedrive(
                    policy, "Only SQS queues are valid resources for deadLetterTargetArn.");
        }
        if (arn.resource().endsWith(".fifo") != source.resource().endsWith(".fifo")) {
            throw invalidRedrive(
                    policy, "Dead-letter queue must be same type of queue as the source..");
        }
        if (!arn.region().equals(source.region()) || !arn.accountId().equals(source.accountId())) {
            throw invalidRedrive(
                    policy,
                    "Dead-letter target owner should be same as the source, and in the same"
                            + " region.");
        }
        Queue queue = Queues.byArn(tx, arn);
        if (queue == null) {
            throw invalidRedrive(policy, "Dead letter target does not exist.");
        }
        if (!allows(queue, source)) {
            throw invalidRedrive(
                    policy,
                    "The dead-letter queue's redrive allow policy does not permit this source"
                            + " queue.");
        }
    }

    private static boolean allows(Queue deadLetters, Arn source) {
        JsonNode json =
                object(
                        deadLetters
                                .attributes()
                                .getOrDefault(QueueAttributes.REDRIVE_ALLOW_POLICY, ""));
        if (json == null) {
            return true;
        }
        return switch (json.path(PERMISSION).asString("")) {
            case "denyAll" -> false;
            case "byQueue" -> {
                for (JsonNode allowed : json.path(SOURCES)) {
                    if (allowed.asString("").equals(source.toString())) {
                        yield true;
                    }
                }
                yield false;
            }
            default -> true;
        };
    }

    private static int maxReceiveCount(String policy, JsonNode json) {
        JsonNode count = json.get(MAX_COUNT);
        if (count == null || count.isNull()) {
            throw invalidRedrive(
                    policy,
                    "Redrive policy does not contain mandatory attribute: maxReceiveCount.");
        }
        String text = count.asString("");
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= SqsLimits.MAX_RECEIVE_COUNT_MAX) {
                return number;
            }
        } catch (NumberFormatException _) { // refused below
        }
        throw invalidRedrive(
                policy,
                "Invalid value for maxReceiveCount: "
                        + text
                        + ", valid values are from 1 to 1000 both inclusive.");
    }

    private static String deadLetterTarget(String policy, JsonNode json) {
        JsonNode target = json.get(TARGET);
        if (target == null || target.isNull()) {
            throw invalidRedrive(
                    policy,
                    "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
        }
        return target.asString("");
    }

    private static void checkSources(String policy, @Nullable JsonNode sources) {
        if (sources == null || (sources.isArray() && sources.isEmpty())) {
            throw invalidValue(
                    policy,
                    QueueAttributes.REDRIVE_ALLOW_POLICY,
                    "Amazon SQS can't create the redrive allow policy. When you specify the"
                            + " byQueue permission type, you must also specify one or more"
                            + " sourceQueueArns values.");
        }
        if (!sources.isArray() || sources.size() > SqsLimits.SOURCE_QUEUES_MAX) {
            throw invalidAttribute(QueueAttributes.REDRIVE_ALLOW_POLICY, UNSUPPORTED_FORMAT);
        }
    }

    private static ServiceException invalidRedrive(String policy, String reason) {
        return invalidValue(policy, QueueAttributes.REDRIVE_POLICY, reason);
    }

    /// Null when the text is not a JSON object.
    private static @Nullable JsonNode object(String text) {
        try {
            JsonNode json = MAPPER.readTree(text);
            return json != null && json.isObject() ? json : null;
        } catch (JacksonException _) {
            return null;
        }
    }
}
