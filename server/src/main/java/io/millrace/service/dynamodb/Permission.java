package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DynamodbApi;
import io.millrace.engine.Snapshot;
import io.millrace.policy.Access;
import io.millrace.policy.Decision;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Who wants to do what to a table that a request names. In a table's own account everything is
/// allowed that its policy does not deny; from other accounts nothing is that it does not allow.
///
/// @param action as IAM names it, without its prefix: `GetItem`
/// @param indexName when the request is for an index alone
record Permission(Caller caller, String action, @Nullable String indexName) {
    private static final String PREFIX = "dynamodb:";

    /// The operations that reach tables of other accounts.
    private static final Set<String> ACROSS_ACCOUNTS =
            Set.of(
                    "BatchGetItem",
                    "BatchWriteItem",
                    "ConditionCheckItem",
                    "DeleteItem",
                    "DeleteTable",
                    "DescribeContinuousBackups",
                    "DescribeContributorInsights",
                    "DescribeKinesisStreamingDestination",
                    "DescribeTable",
                    "DescribeTimeToLive",
                    "DisableKinesisStreamingDestination",
                    "EnableKinesisStreamingDestination",
                    "GetItem",
                    "ListTagsOfResource",
                    "PartiQLDelete",
                    "PartiQLInsert",
                    "PartiQLSelect",
                    "PartiQLUpdate",
                    "PutItem",
                    "Query",
                    "Scan",
                    "TagResource",
                    "UntagResource",
                    "UpdateContinuousBackups",
                    "UpdateContributorInsights",
                    "UpdateItem",
                    "UpdateKinesisStreamingDestination",
                    "UpdateTable",
                    "UpdateTimeToLive");

    /// What IAM knows beside the operations.
    private static final Set<String> OTHER_ACTIONS =
            Set.of(
                    "AssociateTableReplica",
                    "ConditionCheckItem",
                    "CreateTableReplica",
                    "DeleteTableReplica",
                    "PartiQLDelete",
                    "PartiQLInsert",
                    "PartiQLSelect",
                    "PartiQLUpdate",
                    "ReadDataForReplication",
                    "ReplicateSettings",
                    "StartAwsBackupJob",
                    "RestoreTableFromAwsBackup",
                    "WriteDataForReplication");

    /// Whether the operation may name a table of another account at all.
    boolean reaches(String accountId) {
        return caller.accountId().equals(accountId) || ACROSS_ACCOUNTS.contains(action);
    }

    /// @param table null when there is none
    /// @throws io.millrace.wire.ServiceException `AccessDeniedException`
    void check(Snapshot tx, TableName name, @Nullable Table table) {
        boolean own = caller.accountId().equals(name.accountId());
        boolean guarded = table != null && table.features().guarded();
        if (own && !guarded) {
            return;
        }
        Decision decision =
                guarded ? ResourcePolicies.evaluate(tx, name, this) : Decision.IMPLICIT_DENY;
        if (decision == Decision.EXPLICIT_DENY) {
            throw denied(name, " with an explicit deny in a resource-based policy");
        }
        if (!own && decision != Decision.ALLOW) {
            throw denied(name);
        }
    }

    ServiceException denied(TableName name) {
        return denied(
                name,
                " because no resource-based policy allows the " + PREFIX + action + " action");
    }

    private ServiceException denied(TableName name, String reason) {
        return DynamoDbErrors.denied(
                "User: "
                        + caller.principalArn()
                        + " is not authorized to perform: "
                        + PREFIX
                        + action
                        + " on resource: "
                        + resource(name)
                        + reason);
    }

    String resource(TableName name) {
        return name.arn() + (indexName == null ? "" : "/index/" + indexName);
    }

    Access access(TableName name) {
        return Access.of(caller, PREFIX + action, resource(name), name.arn());
    }

    /// Whether a policy's action, which may be a pattern, is one of DynamoDB's.
    static boolean isAction(String text) {
        if (text.equals("*") || text.contains("*") || text.contains("?")) {
            return text.equals("*") || text.toLowerCase(Locale.ROOT).startsWith(PREFIX);
        }
        if (!text.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
            return false;
        }
        Set<String> known = new HashSet<>();
        OTHER_ACTIONS.forEach(each -> known.add(each.toLowerCase(Locale.ROOT)));
        DynamodbApi.MODEL
                .operations()
                .forEach(each -> known.add(each.name().toLowerCase(Locale.ROOT)));
        return known.contains(text.substring(PREFIX.length()).toLowerCase(Locale.ROOT));
    }
}
