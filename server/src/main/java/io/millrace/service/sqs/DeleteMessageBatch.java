package io.millrace.service.sqs;

import io.millrace.api.sqs.BatchResultErrorEntry;
import io.millrace.api.sqs.DeleteMessageBatchRequest;
import io.millrace.api.sqs.DeleteMessageBatchRequestEntry;
import io.millrace.api.sqs.DeleteMessageBatchResult;
import io.millrace.api.sqs.DeleteMessageBatchResultEntry;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `DeleteMessageBatch`: removes up to ten messages in one transaction.
///
/// AWS words the error of an expired handle unlike `DeleteMessage` does, as
/// [users](https://github.com/smaskalik/sqsmover/issues/54) report.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html).
final class DeleteMessageBatch
        implements Operation<DeleteMessageBatchRequest, DeleteMessageBatchResult> {
    private final Store store;
    private final InstantSource clock;
    private final Receipts receipts;

    DeleteMessageBatch(Store store, InstantSource clock, Receipts receipts) {
        this.store = store;
        this.clock = clock;
        this.receipts = receipts;
    }

    @Override
    public DeleteMessageBatchResult handle(Caller caller, DeleteMessageBatchRequest request) {
        Batches.check(
                "DeleteMessageBatchRequestEntry",
                request.entries().stream().map(DeleteMessageBatchRequestEntry::id).toList());
        long now = clock.millis();
        return store.write(tx -> delete(tx, caller, request, now));
    }

    private DeleteMessageBatchResult delete(
            Transaction tx, Caller caller, DeleteMessageBatchRequest request, long now) {
        Queue queue = Queues.require(tx, caller, request.queueUrl());
        List<DeleteMessageBatchResultEntry> successful = new ArrayList<>();
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        for (DeleteMessageBatchRequestEntry entry : request.entries()) {
            try {
                if (!receipts.delete(tx, queue, entry.receiptHandle(), now)) {
                    throw SqsErrors.receiptHandleOfEntryExpired();
                }
                successful.add(DeleteMessageBatchResultEntry.builder().id(entry.id()).build());
            } catch (ServiceException e) {
                failed.add(Batches.failed(entry.id(), e));
            }
        }
        return DeleteMessageBatchResult.builder()
                .successful(Batches.told(successful))
                .failed(Batches.told(failed))
                .build();
    }
}
