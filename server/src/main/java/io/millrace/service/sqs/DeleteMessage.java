package io.millrace.service.sqs;

import io.millrace.api.Unit;
import io.millrace.api.sqs.DeleteMessageRequest;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `DeleteMessage`: removes a message by a receipt handle; of one that is gone, does nothing.
///
/// Durable when it returns. Errors: `QueueDoesNotExist`, `ReceiptHandleIsInvalid`, in a FIFO queue
/// `InvalidParameterValue` for a handle that has expired. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html).
final class DeleteMessage implements Operation<DeleteMessageRequest, Unit> {
    private final Store store;
    private final InstantSource clock;
    private final Receipts receipts;

    DeleteMessage(Store store, InstantSource clock, Receipts receipts) {
        this.store = store;
        this.clock = clock;
        this.receipts = receipts;
    }

    @Override
    public Unit handle(Caller caller, DeleteMessageRequest request) {
        long now = clock.millis();
        return store.write(tx -> {
            Queue queue = Queues.require(tx, caller, request.queueUrl());
            if (!receipts.delete(tx, queue, request.receiptHandle(), now)) {
                throw SqsErrors.receiptHandleExpired(request.receiptHandle());
            }
            return Unit.UNIT;
        });
    }
}
