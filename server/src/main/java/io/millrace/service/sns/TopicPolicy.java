package io.millrace.service.sns;

import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyException;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/// A topic's policy: what may stand in it, and how its statements come and go. Source: [actions and
/// quotas](https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html).
final class TopicPolicy {
    private static final String STATEMENT = "Statement";
    private static final String SID = "Sid";
    private static final String PREFIX = "sns:";

    /// What a policy may allow, in lower case; account-wide actions and patterns may not stand
    /// there.
    private static final Set<String> ACTIONS =
            Set.of(
                    "sns:addpermission",
                    "sns:deletetopic",
                    "sns:getdataprotectionpolicy",
                    "sns:gettopicattributes",
                    "sns:listsubscriptionsbytopic",
                    "sns:listtagsforresource",
                    "sns:publish",
                    "sns:putdataprotectionpolicy",
                    "sns:receive",
                    "sns:removepermission",
                    "sns:settopicattributes",
                    "sns:subscribe");

    /// The condition keys that only SNS's requests have.
    private static final Set<String> KEYS =
            Set.of(Permission.PROTOCOL, Permission.ENDPOINT, Permission.SOURCE_OWNER);

    private static final JsonMapper JSON = new JsonMapper();

    private TopicPolicy() {}

    /// What AWS shows of a topic that set nothing, in normal form.
    static String ofNewTopic(Arn topic) {
        return """
        {"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":\
        "__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},"Action":[\
        "SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission",\
        "SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe",\
        "SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"%s","Condition":{\
        "StringEquals":{"AWS:SourceOwner":"%s"}}}]}\
        """
                .formatted(topic, topic.accountId());
    }

    /// The normal form of a policy, for the topic that is to have it.
    ///
    /// @param refusal how the action words a fault
    static String checked(String text, Arn topic, Function<String, ServiceException> refusal) {
        if (text.getBytes(StandardCharsets.UTF_8).length > SnsLimits.POLICY_BYTES) {
            throw refusal.apply("Policy Error: null");
        }
        Policy policy;
        try {
            policy = Policy.parse(text);
        } catch (PolicyException e) { // AWS's answer tells no more
            throw refusal.apply(
                    e.message().startsWith("Invalid principal")
                            ? "Policy Error: PrincipalNotFound"
                            : "Policy Error: null");
        }
        if (policy.statements().size() > SnsLimits.POLICY_STATEMENTS
                || policy.principalCountMax() > SnsLimits.STATEMENT_PRINCIPALS) {
            throw refusal.apply("Policy Error: null");
        }
        for (String action : policy.actions()) {
            if (!ACTIONS.contains(action.toLowerCase(Locale.ROOT))) {
                throw refusal.apply("Policy statement action out of service scope!");
            }
        }
        if (!policy.isOnlyAbout(topic.toString())) {
            throw refusal.apply("Policy statement must apply to a single resource!");
        }
        for (String key : policy.conditionKeys()) {
            if (!Access.knows(key) && !KEYS.contains(key.toLowerCase(Locale.ROOT))) {
                throw SnsErrors.notImplemented("the condition key " + key);
            }
        }
        return policy.text();
    }

    /// The policy with a statement that allows accounts some actions.
    static String allow(Topic topic, String label, List<String> accounts, List<String> actions) {
        ObjectNode policy = tree(topic);
        ArrayNode statements = statements(policy);
        if (indexOf(statements, label) >= 0) {
            throw SnsErrors.invalidParameter("Statement already exists");
        }
        ObjectNode added = statements.addObject().put(SID, label).put("Effect", "Allow");
        ArrayNode principals = added.putObject("Principal").putArray("AWS");
        accounts.forEach(principals::add);
        ArrayNode allowed = added.putArray("Action");
        actions.forEach(action -> allowed.add(PREFIX.toUpperCase(Locale.ROOT) + action));
        added.put("Resource", topic.arn().toString());
        return checked(JSON.writeValueAsString(policy), topic.arn(), SnsErrors::invalidParameter);
    }

    /// The policy without a statement; null when no statement is left.
    static @Nullable String without(Topic topic, String label) {
        ObjectNode policy = tree(topic);
        ArrayNode statements = statements(policy);
        int index = indexOf(statements, label);
        if (index >= 0) {
            statements.remove(index);
        }
        return statements.isEmpty() ? null : JSON.writeValueAsString(policy);
    }

    private static ObjectNode tree(Topic topic) {
        return (ObjectNode) JSON.readTree(topic.policy());
    }

    /// A policy in normal form has a list of statements.
    private static ArrayNode statements(ObjectNode policy) {
        return (ArrayNode) policy.path(STATEMENT);
    }

    private static int indexOf(ArrayNode statements, String label) {
        for (int i = 0; i < statements.size(); i++) {
            JsonNode sid = statements.get(i).path(SID);
            if (sid.isString() && sid.stringValue().equals(label)) {
                return i;
            }
        }
        return -1;
    }
}
