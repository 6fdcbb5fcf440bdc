package io.millrace.service.logs;

import io.millrace.api.Unit;
import io.millrace.api.logs.DeleteLogGroupRequest;
import io.millrace.engine.Bytes;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DeleteLogGroup`: removes a group with all that is in it, at once. Errors:
/// `ResourceNotFoundException`, `ValidationException` for a protected group. Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html).
final class DeleteLogGroup implements Operation<DeleteLogGroupRequest, Unit> {
    private final Store store;
    private final Groups groups;

    DeleteLogGroup(Store store, Groups groups) {
        this.store = store;
        this.groups = groups;
    }

    @Override
    public Unit handle(Caller caller, DeleteLogGroupRequest request) {
        GroupName name = GroupName.of(caller, request.logGroupName());
        store.write(tx -> delete(tx, name));
        return Unit.UNIT;
    }

    private boolean delete(Transaction tx, GroupName name) {
        StoredGroup group = groups.require(tx, name);
        if (group.deletionProtected()) {
            throw LogsErrors.isProtected();
        }
        tx.delete(LogsKeys.group(name));
        for (byte[] prefix : LogsKeys.everythingOf(group.number())) {
            tx.deleteRange(prefix, Bytes.prefixEnd(prefix));
        }
        return true;
    }
}
