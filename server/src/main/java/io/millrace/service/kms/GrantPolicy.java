package io.millrace.service.kms;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/// A grant as the policy that says the same: who, what, and in which encryption context. A source
/// that a grant asks for is nobody's who signs.
final class GrantPolicy {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CONTEXT = "kms:EncryptionContext:";

    private GrantPolicy() {}

    static String of(StoredGrant grant) {
        ObjectNode policy = JSON.createObjectNode();
        policy.put("Version", "2012-10-17");
        ObjectNode statement = policy.putArray("Statement").addObject();
        statement.put("Effect", "Allow");
        statement.putObject("Principal").put("AWS", grant.grantee());
        ArrayNode actions = statement.putArray("Action");
        grant.operations().forEach(operation -> actions.add("kms:" + operation));
        statement.put("Resource", grant.key().arn());
        StoredGrant.Limits limits = grant.limits();
        if (limits != null) {
            ObjectNode conditions = statement.putObject("Condition");
            ObjectNode equal = conditions.putObject("StringEquals");
            equal.put("aws:ResourceAccount", grant.accountId()); // holds, so that it is not empty
            if (limits.sourceArn() != null) {
                equal.put("aws:SourceArn", limits.sourceArn());
            }
            put(equal, limits.subset());
            put(equal, limits.exact());
            if (limits.exact() != null) {
                ArrayNode keys =
                        conditions
                                .putObject("ForAllValues:StringEquals")
                                .putArray("kms:EncryptionContextKeys");
                limits.exact().keySet().forEach(keys::add);
                if (keys.isEmpty()) {
                    keys.add("");
                }
            }
        }
        return policy.toString();
    }

    private static void put(ObjectNode conditions, @Nullable Map<String, String> context) {
        if (context != null) {
            context.forEach((key, value) -> conditions.put(CONTEXT + key, value));
        }
    }
}
