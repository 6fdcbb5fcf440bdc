package io.millrace.service.sqs;

import io.millrace.api.sqs.ListMessageMoveTasksRequest;
import io.millrace.api.sqs.ListMessageMoveTasksResult;
import io.millrace.api.sqs.ListMessageMoveTasksResultEntry;
import io.millrace.engine.Store;
import io.millrace.service.sqs.MoveTask.Status;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.List;

/// `ListMessageMoveTasks`: the last tasks that take from a queue, the newest first; one when not
/// told how many.
///
/// Errors: `ResourceNotFoundException`, `InvalidParameterValue`. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html).
final class ListMessageMoveTasks
        implements Operation<ListMessageMoveTasksRequest, ListMessageMoveTasksResult> {
    private final Store store;

    ListMessageMoveTasks(Store store) {
        this.store = store;
    }

    @Override
    public ListMessageMoveTasksResult handle(Caller caller, ListMessageMoveTasksRequest request) {
        Integer asked = request.maxResults();
        int countMax = asked == null ? 1 : asked;
        if (countMax < 1 || countMax > SqsLimits.MOVE_RESULTS_MAX) {
            throw SqsErrors.invalidMoveResults();
        }
        List<MoveTask> tasks =
                store.read(tx -> {
                    Queue source = MoveTasks.queue(tx, "SourceArn", request.sourceArn());
                    Permission.check(caller, source);
                    return MoveTasks.latest(tx, source, countMax);
                });
        return ListMessageMoveTasksResult.builder()
                .results(tasks.stream().map(ListMessageMoveTasks::entry).toList())
                .build();
    }

    private static ListMessageMoveTasksResultEntry entry(MoveTask task) {
        boolean running = task.status() == Status.RUNNING;
        return ListMessageMoveTasksResultEntry.builder()
                .taskHandle(running ? MoveTaskHandle.of(task) : null)
                .status(task.status().name())
                .sourceArn(task.sourceArn())
                .destinationArn(task.destinationArn())
                .maxNumberOfMessagesPerSecond(task.perSecondMax())
                .approximateNumberOfMessagesMoved(task.movedCount())
                .approximateNumberOfMessagesToMove(task.toMoveCount())
                .failureReason(task.failureReason())
                .startedTimestamp(task.startedMillis())
                .build();
    }
}
