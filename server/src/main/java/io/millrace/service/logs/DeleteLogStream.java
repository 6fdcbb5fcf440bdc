package io.millrace.service.logs;

import io.millrace.api.Unit;
import io.millrace.api.logs.DeleteLogStreamRequest;
import io.millrace.engine.Bytes;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DeleteLogStream`: removes a stream; its events are not shown any more, and go in the background
/// ([RemovedStreams]). Errors: `ResourceNotFoundException`, `ValidationException` in a protected
/// group. Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogStream.html).
final class DeleteLogStream implements Operation<DeleteLogStreamRequest, Unit> {
    private final Store store;
    private final Groups groups;

    DeleteLogStream(Store store, Groups groups) {
        this.store = store;
        this.groups = groups;
    }

    @Override
    public Unit handle(Caller caller, DeleteLogStreamRequest request) {
        GroupName name = GroupName.of(caller, request.logGroupName());
        store.write(tx -> delete(tx, name, request.logStreamName()));
        return Unit.UNIT;
    }

    private boolean delete(Transaction tx, GroupName name, String streamName) {
        StoredGroup group = groups.require(tx, name);
        StoredStream stream = groups.requireStream(tx, group, streamName);
        if (group.deletionProtected()) {
            throw LogsErrors.isProtected();
        }
        tx.delete(LogsKeys.stream(group.number(), streamName));
        tx.delete(LogsKeys.streamName(group.number(), stream.number()));
        tx.delete(LogsKeys.ingested(group.number(), stream.number()));
        tx.put(LogsKeys.removed(group.number(), stream.number()), Bytes.EMPTY);
        return true;
    }
}
