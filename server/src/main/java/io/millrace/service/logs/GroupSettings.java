package io.millrace.service.logs;

import io.millrace.api.Unit;
import io.millrace.api.logs.AssociateKmsKeyRequest;
import io.millrace.api.logs.DeleteRetentionPolicyRequest;
import io.millrace.api.logs.DisassociateKmsKeyRequest;
import io.millrace.api.logs.PutLogGroupDeletionProtectionRequest;
import io.millrace.api.logs.PutRetentionPolicyRequest;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.function.UnaryOperator;

/// `PutRetentionPolicy`, `DeleteRetentionPolicy`, `AssociateKmsKey`, `DisassociateKmsKey` and
/// `PutLogGroupDeletionProtection`: what can be changed of a group. Durable when they return.
/// Errors: `ResourceNotFoundException`, `InvalidParameterException`. Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html).
final class GroupSettings {
    private static final String QUERY_RESULT = ":query-result:";

    private final Store store;
    private final Groups groups;
    private final GroupEncryption encryption;

    GroupSettings(Store store, Groups groups, GroupEncryption encryption) {
        this.store = store;
        this.groups = groups;
        this.encryption = encryption;
    }

    Unit putRetention(Caller caller, PutRetentionPolicyRequest request) {
        Integer days = request.retentionInDays();
        if (!LogsLimits.RETENTION_DAYS.contains(days)) {
            throw LogsErrors.invalidParameter(
                    "1 validation error detected: Value '"
                            + days
                            + "' at 'retentionInDays' failed to satisfy constraint: Member must"
                            + " satisfy enum value set: "
                            + LogsLimits.RETENTION_DAYS);
        }
        return change(
                GroupName.of(caller, request.logGroupName()), group -> group.withRetention(days));
    }

    Unit deleteRetention(Caller caller, DeleteRetentionPolicyRequest request) {
        return change(
                GroupName.of(caller, request.logGroupName()), group -> group.withRetention(null));
    }

    Unit associateKey(Caller caller, AssociateKmsKeyRequest request) {
        GroupName name = named(caller, request.logGroupName(), request.resourceIdentifier());
        store.write(tx -> {
            StoredGroup group = groups.require(tx, name);
            encryption.check(tx, name, request.kmsKeyId());
            groups.put(tx, name, group.withKey(request.kmsKeyId()));
            return true;
        });
        return Unit.UNIT;
    }

    Unit disassociateKey(Caller caller, DisassociateKmsKeyRequest request) {
        GroupName name = named(caller, request.logGroupName(), request.resourceIdentifier());
        return change(name, group -> group.withKey(null));
    }

    Unit putProtection(Caller caller, PutLogGroupDeletionProtectionRequest request) {
        GroupName name = GroupName.of(caller, null, request.logGroupIdentifier());
        return change(name, group -> group.withProtection(request.deletionProtectionEnabled()));
    }

    private static GroupName named(
            Caller caller, @Nullable String name, @Nullable String identifier) {
        if (identifier != null && identifier.contains(QUERY_RESULT)) {
            throw LogsErrors.notImplemented("A key for the results of queries");
        }
        return GroupName.of(caller, name, identifier);
    }

    private Unit change(GroupName name, UnaryOperator<StoredGroup> change) {
        store.write(tx -> {
            groups.put(tx, name, change.apply(groups.require(tx, name)));
            return true;
        });
        return Unit.UNIT;
    }
}
