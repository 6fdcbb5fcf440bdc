package io.millrace.service.sqs;

import io.millrace.api.Unit;
import io.millrace.api.sqs.SetQueueAttributesRequest;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.Map;

/// `SetQueueAttributes`: changes settings of a queue, all or none, with effect at once.
///
/// Errors: `QueueDoesNotExist`, `InvalidAttributeName`, `InvalidAttributeValue`. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html).
final class SetQueueAttributes implements Operation<SetQueueAttributesRequest, Unit> {
    private final Store store;
    private final InstantSource clock;

    SetQueueAttributes(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public Unit handle(Caller caller, SetQueueAttributesRequest request) {
        return store.write(tx -> set(tx, caller, request));
    }

    private Unit set(Transaction tx, Caller caller, SetQueueAttributesRequest request) {
        Queue queue = Queues.require(tx, caller, request.queueUrl());
        Map<String, String> attributes =
                QueueAttributes.merge(queue.attributes(), request.attributes(), queue.fifo());
        Queue.Redrive redrive =
                request.attributes().containsKey(QueueAttributes.REDRIVE_POLICY)
                        ? RedrivePolicies.redrive(
                                tx,
                                queue.resource(),
                                request.attributes().get(QueueAttributes.REDRIVE_POLICY))
                        : queue.redrive();
        Queues.put(tx, queue.with(attributes, redrive, clock.instant().getEpochSecond()));
        return Unit.UNIT;
    }
}
