package io.millrace.service.sqs;

import io.millrace.api.Unit;
import io.millrace.api.sqs.RemovePermissionRequest;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `RemovePermission`: takes the statement of a label out of a queue's policy, and the policy with
/// its last one.
///
/// Errors: `QueueDoesNotExist`, `InvalidParameterValue`. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_RemovePermission.html).
final class RemovePermission implements Operation<RemovePermissionRequest, Unit> {
    private final Store store;
    private final InstantSource clock;

    RemovePermission(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public Unit handle(Caller caller, RemovePermissionRequest request) {
        AddPermission.checkLabel(request.label());
        return store.write(tx -> {
            Queue queue = Queues.require(tx, caller, request.queueUrl());
            String policy = QueuePolicy.remove(queue.policy(), request.label());
            Queues.put(tx, queue.withPolicy(policy, clock.instant().getEpochSecond()));
            return Unit.UNIT;
        });
    }
}
