package io.millrace.service.kms;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A grant as the policy that says the same: who, what, and in which encryption context. A source
/// that a grant asks for is nobody's who signs. Without a version, so that nothing in it is taken
/// for a variable.
final class GrantPolicy {
    /// A condition key of ours: the grants that let their grantee give on what a request asks for,
    /// or use its encryption context. The keys of AWS's that are about that do not know the case of
    /// an encryption context's keys.
    static final String COVERING = "kms:CoveringGrant";

    private static final JsonMapper JSON = JsonMapper.shared();

    private GrantPolicy() {}

    static String of(StoredGrant grant) {
        ObjectNode policy = JSON.createObjectNode();
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
        StoredGrant.Limits limits = grant.limits();
        if (limits != null && limits.sourceArn() != null) {
            equal.put("aws:SourceArn", limits.sourceArn());
        }
        boolean isLimited = limits != null && !Grants.WITHOUT_CONTEXT.contains(operation);
        if (isLimited || operation.equals("CreateGrant")) {
            conditions.putObject("ForAnyValue:StringEquals").put(COVERING, grant.grantId());
        }
    }
}
