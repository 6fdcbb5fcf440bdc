package io.millrace.service.kms;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/// A grant as the policy that says the same: who, what, and in which encryption context. A source
/// that a grant asks for is nobody's who signs.
final class GrantPolicy {
    /// A condition key of ours: the grants that let their grantee give on what a request asks for.
    static final String COVERING = "kms:CoveringGrant";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CONTEXT = "kms:EncryptionContext:";

    private GrantPolicy() {}

    static String of(StoredGrant grant) {
        ObjectNode policy = JSON.createObjectNode();
        policy.put("Version", "2012-10-17");
        ArrayNode statements = policy.putArray("Statement");
        for (String operation : grant.operations()) {
            ObjectNode statement = statements.addObject();
            statement.put("Effect", "Allow");
            statement.putObject("Principal").put("AWS", grant.grantee());
            statement.put("Action", "kms:" + operation);
            statement.put("Resource", grant.key().arn());
            limit(statement.putObject("Condition"), grant, operation);
        }
        return policy.toString();
    }

    private static void limit(ObjectNode conditions, StoredGrant grant, String operation) {
        ObjectNode equal = conditions.putObject("StringEquals");
        equal.put("aws:ResourceAccount", grant.accountId()); // holds, so that it is not empty
        if (operation.equals("CreateGrant")) {
            conditions.putObject("ForAnyValue:StringEquals").put(COVERING, grant.grantId());
        }
        StoredGrant.Limits limits = grant.limits();
        if (limits == null) {
            return;
        }
        if (limits.sourceArn() != null) {
            equal.put("aws:SourceArn", limits.sourceArn());
        }
        if (Grants.WITHOUT_CONTEXT.contains(operation)) {
            return;
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

    private static void put(ObjectNode conditions, @Nullable Map<String, String> context) {
        if (context != null) {
            context.forEach((key, value) -> conditions.put(CONTEXT + key, value));
        }
    }
}
