package io.millrace.service.sqs;

import io.millrace.api.sqs.BatchResultErrorEntry;
import io.millrace.api.sqs.ChangeMessageVisibilityBatchRequest;
import io.millrace.api.sqs.ChangeMessageVisibilityBatchRequestEntry;
import io.millrace.api.sqs.ChangeMessageVisibilityBatchResult;
import io.millrace.api.sqs.ChangeMessageVisibilityBatchResultEntry;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `ChangeMessageVisibilityBatch`: changes the visibility of up to ten messages in one transaction.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html).
final class ChangeMessageVisibilityBatch
        implements Operation<
                ChangeMessageVisibilityBatchRequest, ChangeMessageVisibilityBatchResult> {
    private final Store store;
    private final InstantSource clock;
    private final Receipts receipts;

    ChangeMessageVisibilityBatch(Store store, InstantSource clock, Receipts receipts) {
        this.store = store;
        this.clock = clock;
        this.receipts = receipts;
    }

    @Override
    public ChangeMessageVisibilityBatchResult handle(
            Caller caller, ChangeMessageVisibilityBatchRequest request) {
        Batches.check(
                "ChangeMessageVisibilityBatchRequestEntry",
                request.entries().stream()
                        .map(ChangeMessageVisibilityBatchRequestEntry::id)
                        .toList());
        long now = clock.millis();
        return store.write(tx -> change(tx, caller, request, now));
    }

    private ChangeMessageVisibilityBatchResult change(
            Transaction tx, Caller caller, ChangeMessageVisibilityBatchRequest request, long now) {
        Queue queue = Queues.require(tx, caller, request.queueUrl());
        List<ChangeMessageVisibilityBatchResultEntry> successful = new ArrayList<>();
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        for (ChangeMessageVisibilityBatchRequestEntry entry : request.entries()) {
            try {
                int seconds = ChangeMessageVisibility.check(entry.visibilityTimeout());
                receipts.changeVisibility(tx, queue, entry.receiptHandle(), seconds, now);
                successful.add(
                        ChangeMessageVisibilityBatchResultEntry.builder().id(entry.id()).build());
            } catch (ServiceException e) {
                failed.add(Batches.failed(entry.id(), e));
            }
        }
        return ChangeMessageVisibilityBatchResult.builder()
                .successful(Batches.told(successful))
                .failed(Batches.told(failed))
                .build();
    }
}
