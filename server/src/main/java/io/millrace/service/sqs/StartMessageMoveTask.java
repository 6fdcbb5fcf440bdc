package io.millrace.service.sqs;

import io.millrace.api.sqs.StartMessageMoveTaskRequest;
import io.millrace.api.sqs.StartMessageMoveTaskResult;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;

/// `StartMessageMoveTask`: moves the messages of a dead-letter queue to another queue, or back to
/// where they came from, in the background.
///
/// The task is durable when it returns. Errors: `ResourceNotFoundException`,
/// `InvalidParameterValue`, `UnsupportedOperation` for the hundred-and-first active task. Source:
/// [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html);
/// the wording of the refusals as recorded from AWS by public test suites.
final class StartMessageMoveTask
        implements Operation<StartMessageMoveTaskRequest, StartMessageMoveTaskResult> {

    /// What a caller must be allowed to do to the dead-letter queue besides. Source: [developer
    /// guide](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html).
    private static final List<String> TAKING =
            List.of("ReceiveMessage", "DeleteMessage", "GetQueueAttributes");

    /// What is to be moved.
    ///
    /// @param filter null: everything
    record Order(
            String sourceArn,
            @Nullable String destinationArn,
            @Nullable Integer perSecondMax,
            @Nullable MoveFilter filter) {

        /// The queue to take from.
        ///
        /// @throws io.millrace.wire.ServiceException when that cannot be
        Queue check(Snapshot tx, Caller caller) {
            Queue source = MoveTasks.queue(tx, "SourceArn", sourceArn);
            Permission.check(caller, source);
            for (String operation : TAKING) {
                Permission.check(caller.calling(operation), source);
            }
            if (ListDeadLetterSourceQueues.sources(tx, source, null, 1).queues().isEmpty()) {
                throw SqsErrors.notDeadLetterQueue();
            }
            if (destinationArn == null) {
                Caller sending = caller.calling("SendMessage");
                ListDeadLetterSourceQueues.sources(tx, source)
                        .forEach(origin -> Permission.check(sending, origin));
            } else {
                checkDestination(tx, caller, source, destinationArn);
            }
            if (perSecondMax != null
                    && (perSecondMax < 1 || perSecondMax > SqsLimits.MOVES_PER_SECOND_MAX)) {
                throw SqsErrors.invalidMoveRate();
            }
            return source;
        }

        private static void checkDestination(
                Snapshot tx, Caller caller, Queue source, String destinationArn) {
            Queue destination = MoveTasks.queue(tx, "DestinationArn", destinationArn);
            Permission.check(caller.calling("SendMessage"), destination);
            if (destination.number() == source.number()) {
                throw SqsErrors.moveToItself();
            }
            if (destination.fifo() != source.fifo()) {
                throw SqsErrors.moveToOtherType();
            }
        }
    }

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;

    StartMessageMoveTask(Store store, InstantSource clock, Ids ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public StartMessageMoveTaskResult handle(Caller caller, StartMessageMoveTaskRequest request) {
        Order order =
                new Order(
                        request.sourceArn(),
                        request.destinationArn(),
                        request.maxNumberOfMessagesPerSecond(),
                        null);
        return StartMessageMoveTaskResult.builder().taskHandle(start(caller, order)).build();
    }

    /// Begins a task.
    ///
    /// @return its handle
    String start(Caller caller, Order order) {
        String id = ids.uuid();
        long now = clock.millis();
        return MoveTaskHandle.of(store.<MoveTask>write(tx -> start(tx, caller, order, id, now)));
    }

    private static MoveTask start(
            Transaction tx, Caller caller, Order order, String id, long nowMillis) {
        Queue source = order.check(tx, caller);
        if (MoveTasks.active(tx, source) != null) {
            throw SqsErrors.moveIsRunning();
        }
        if (MoveTasks.activeCount(tx, source.accountId(), source.region())
                >= SqsLimits.ACTIVE_MOVES_MAX) {
            throw SqsErrors.tooManyMoves();
        }
        MoveTask task =
                new MoveTask(
                        id,
                        source.arn(),
                        source.number(),
                        order.destinationArn(),
                        order.perSecondMax(),
                        order.filter(),
                        MoveTask.Status.RUNNING,
                        null,
                        nowMillis,
                        tx.version(),
                        Counts.of(tx, source, nowMillis).visible(),
                        0,
                        new Position(0, 0),
                        nowMillis);
        MoveTasks.putActive(tx, source, task);
        return task;
    }
}
