package io.millrace.service.logs;

import io.millrace.api.Unit;
import io.millrace.api.logs.CreateLogGroupRequest;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/// `CreateLogGroup`: makes a log group. Durable when it returns. Errors:
/// `ResourceAlreadyExistsException`, `InvalidParameterException`. Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html).
final class CreateLogGroup implements Operation<CreateLogGroupRequest, Unit> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Groups groups;
    private final GroupEncryption encryption;

    CreateLogGroup(
            Store store, InstantSource clock, Ids ids, Groups groups, GroupEncryption encryption) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.groups = groups;
        this.encryption = encryption;
    }

    @Override
    public Unit handle(Caller caller, CreateLogGroupRequest request) {
        String name = request.logGroupName();
        if (name.startsWith("aws/")) {
            throw LogsErrors.invalidParameter(
                    "Log groups starting with AWS/ are reserved for AWS.");
        }
        StoredGroup group =
                new StoredGroup(
                        name,
                        ids.number(),
                        clock.millis(),
                        null,
                        request.kmsKeyId(),
                        Objects.requireNonNullElse(request.logGroupClass(), StoredGroup.STANDARD),
                        Boolean.TRUE.equals(request.deletionProtectionEnabled()),
                        request.tags() == null ? Map.of() : GroupTags.checked(request.tags()));
        store.write(tx -> create(tx, GroupName.of(caller, name), group));
        return Unit.UNIT;
    }

    private boolean create(Transaction tx, GroupName name, StoredGroup group) {
        if (groups.find(tx, name) != null) {
            throw LogsErrors.groupExists();
        }
        encryption.check(tx, name, group.kmsKeyId());
        groups.put(tx, name, group);
        return true;
    }
}
