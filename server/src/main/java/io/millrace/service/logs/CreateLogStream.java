package io.millrace.service.logs;

import io.millrace.api.Unit;
import io.millrace.api.logs.CreateLogStreamRequest;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `CreateLogStream`: makes a stream in a group. Durable when it returns. Errors:
/// `ResourceAlreadyExistsException`, `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html).
final class CreateLogStream implements Operation<CreateLogStreamRequest, Unit> {
    private final Store store;
    private final Groups groups;

    CreateLogStream(Store store, Groups groups) {
        this.store = store;
        this.groups = groups;
    }

    @Override
    public Unit handle(Caller caller, CreateLogStreamRequest request) {
        GroupName name = GroupName.of(caller, request.logGroupName());
        store.write(tx -> create(tx, name, request.logStreamName()));
        return Unit.UNIT;
    }

    private StoredStream create(Transaction tx, GroupName name, String stream) {
        StoredGroup group = groups.require(tx, name);
        if (groups.findStream(tx, group, stream) != null) {
            throw LogsErrors.streamExists();
        }
        return groups.createStream(tx, group, stream);
    }
}
