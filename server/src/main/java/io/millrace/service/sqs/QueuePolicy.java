package io.millrace.service.sqs;

import io.millrace.api.OperationModel;
import io.millrace.api.sqs.SqsApi;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// The text of a queue's access policy: checked as SQS checks it, kept in the normal form in which
/// AWS shows it, and edited statement by statement. Source: [limitations of
/// policies](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html).
final class QueuePolicy {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String STATEMENT = "Statement";
    private static final String SID = "Sid";
    private static final String PREFIX = "sqs:";
    private static final Set<String> ACTIONS =
            SqsApi.MODEL.operations().stream()
                    .map(OperationModel::name)
                    .filter(name -> !name.endsWith(Permission.BATCH))
                    .map(name -> name.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toUnmodifiableSet());

    private QueuePolicy() {}

    /// Checks a policy and brings it into its normal form; an empty text stays one, it removes.
    ///
    /// @throws io.millrace.wire.ServiceException `InvalidAttributeValue`, `InvalidParameterValue`,
    ///   `OverLimit`
    static String normal(String text) {
        if (text.isEmpty()) {
            return text;
        }
        Policy policy;
        try {
            policy = Policy.parse(text);
        } catch (PolicyException _) { // AWS does not say why
            throw SqsErrors.invalidAttribute(QueueAttributes.POLICY);
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > SqsLimits.POLICY_BYTES_MAX) {
            throw SqsErrors.invalidAttribute(QueueAttributes.POLICY);
        }
        for (String action : policy.actions()) {
            checkAction(action);
        }
        checkCount("Actions", policy.actionCountMax(), SqsLimits.POLICY_ACTIONS_MAX);
        checkCount("Statements", policy.statements().size(), SqsLimits.POLICY_STATEMENTS_MAX);
        checkCount("Principals", policy.principalCount(), SqsLimits.POLICY_PRINCIPALS_MAX);
        checkCount("Conditions", policy.conditionCount(), SqsLimits.POLICY_CONDITIONS_MAX);
        return policy.text();
    }

    static void checkCount(String what, int count, int countMax) {
        if (count > countMax) {
            throw SqsErrors.tooMany(what, count, countMax);
        }
    }

    /// Whether SQS has the action, which is not so of batches: they need what a single one needs.
    static boolean isAction(String name) {
        return ACTIONS.contains(name.toLowerCase(Locale.ROOT));
    }

    private static void checkAction(String action) {
        if (action.equals("*")) {
            return;
        }
        boolean ours = action.toLowerCase(Locale.ROOT).startsWith(PREFIX);
        String name = ours ? action.substring(PREFIX.length()) : action;
        boolean pattern = name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
        if (!ours || !(pattern || isAction(name))) {
            throw SqsErrors.unknownAction(ours ? name : action);
        }
    }

    /// The policy with one more statement, which lets accounts do something.
    ///
    /// @param old the queue's policy, if it has one
    static String add(
            Queue queue,
            @Nullable String old,
            String label,
            List<String> accountIds,
            List<String> actions) {
        ObjectNode policy;
        if (old == null) {
            policy = MAPPER.createObjectNode();
            policy.put("Version", "2008-10-17");
            policy.put("Id", queue.arn() + "/SQSDefaultPolicy");
            policy.putArray(STATEMENT);
        } else {
            policy = (ObjectNode) MAPPER.readTree(old);
        }
        ArrayNode statements = (ArrayNode) policy.get(STATEMENT);
        ObjectNode statement = MAPPER.createObjectNode();
        statement.put(SID, label);
        statement.put("Effect", "Allow");
        put(statement.putObject("Principal"), "AWS", accountIds, "arn:aws:iam::", ":root");
        put(statement, "Action", actions, "SQS:", "");
        statement.put("Resource", queue.arn());
        for (int i = 0; i < statements.size(); i++) {
            if (label.equals(statements.get(i).path(SID).asString(""))) {
                if (statements.get(i).equals(statement)) {
                    return MAPPER.writeValueAsString(policy);
                }
                throw SqsErrors.invalidValue(label, "Label", "Already exists.");
            }
        }
        statements.add(statement);
        return normal(MAPPER.writeValueAsString(policy));
    }

    /// The policy without the statement of that label; empty when it was the last.
    ///
    /// @param old the queue's policy, if it has one
    static String remove(@Nullable String old, String label) {
        if (old == null) {
            throw SqsErrors.invalidValue(label, "Label", "can't find label.");
        }
        ObjectNode policy = (ObjectNode) MAPPER.readTree(old);
        ArrayNode statements = (ArrayNode) policy.get(STATEMENT);
        for (int i = 0; i < statements.size(); i++) {
            if (label.equals(statements.get(i).path(SID).asString(""))) {
                statements.remove(i);
                return statements.isEmpty() ? "" : MAPPER.writeValueAsString(policy);
            }
        }
        throw SqsErrors.invalidValue(label, "Label", "can't find label on existing policy.");
    }

    private static void put(
            ObjectNode node, String name, List<String> values, String before, String after) {
        if (values.size() == 1) {
            node.put(name, before + values.getFirst() + after);
            return;
        }
        ArrayNode list = node.putArray(name);
        values.forEach(value -> list.add(before + value + after));
    }
}
