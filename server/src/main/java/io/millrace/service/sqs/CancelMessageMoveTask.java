package io.millrace.service.sqs;

import io.millrace.api.sqs.CancelMessageMoveTaskRequest;
import io.millrace.api.sqs.CancelMessageMoveTaskResult;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `CancelMessageMoveTask`: ends a running task before its next page. What it has moved stays
/// moved.
///
/// Errors: `InvalidParameterValue` for what is no handle, `ResourceNotFoundException` when there is
/// no such queue, or no such task that is running. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CancelMessageMoveTask.html).
final class CancelMessageMoveTask
        implements Operation<CancelMessageMoveTaskRequest, CancelMessageMoveTaskResult> {
    private final Store store;

    CancelMessageMoveTask(Store store) {
        this.store = store;
    }

    @Override
    public CancelMessageMoveTaskResult handle(Caller caller, CancelMessageMoveTaskRequest request) {
        MoveTaskHandle handle =
                MoveTaskHandle.parse(request.taskHandle())
                        .orElseThrow(SqsErrors::invalidTaskHandle);
        long movedCount = store.write(tx -> cancel(tx, caller, handle));
        return CancelMessageMoveTaskResult.builder()
                .approximateNumberOfMessagesMoved(movedCount)
                .build();
    }

    private static long cancel(Transaction tx, Caller caller, MoveTaskHandle handle) {
        Queue source = MoveTasks.queue(tx, "SourceArn", handle.sourceArn());
        Permission.check(caller, source);
        MoveTask task = MoveTasks.active(tx, source);
        if (task == null
                || !task.id().equals(handle.taskId())
                || task.status() != MoveTask.Status.RUNNING) {
            throw SqsErrors.moveTaskDoesNotExist();
        }
        MoveTasks.putActive(tx, source, task.cancelling());
        return task.movedCount();
    }
}
