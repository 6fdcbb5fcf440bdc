package io.millrace.service.sqs;

import io.millrace.api.sqs.BatchResultErrorEntry;
import io.millrace.api.sqs.SendMessageBatchRequest;
import io.millrace.api.sqs.SendMessageBatchRequestEntry;
import io.millrace.api.sqs.SendMessageBatchResult;
import io.millrace.api.sqs.SendMessageBatchResultEntry;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `SendMessageBatch`: adds up to ten messages to a queue in one transaction. An entry that is
/// refused is reported and does not hold up the others.
///
/// Durable when it returns. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html).
final class SendMessageBatch implements Operation<SendMessageBatchRequest, SendMessageBatchResult> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Enqueue enqueue;
    private final QueueEncryption encryption;

    /// What the transaction found.
    private record Done(
            boolean fifo, Map<String, Enqueue.Sent> sent, List<BatchResultErrorEntry> failed) {}

    SendMessageBatch(
            Store store,
            InstantSource clock,
            Ids ids,
            Enqueue enqueue,
            QueueEncryption encryption) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.enqueue = enqueue;
        this.encryption = encryption;
    }

    @Override
    public SendMessageBatchResult handle(Caller caller, SendMessageBatchRequest request) {
        List<SendMessageBatchRequestEntry> entries = request.entries();
        Batches.check(
                "SendMessageBatchRequestEntry",
                entries.stream().map(SendMessageBatchRequestEntry::id).toList());
        for (SendMessageBatchRequestEntry entry : entries) {
            MessageChecks.checkNoLists("SendMessageBatch", entry.messageAttributes());
        }
        long bytes = entries.stream().mapToLong(Outgoing::bytes).sum();
        if (bytes > SqsLimits.BATCH_BYTES_MAX) {
            throw SqsErrors.batchTooLong(bytes);
        }
        Map<String, Outgoing> outgoing = LinkedHashMap.newLinkedHashMap(entries.size());
        List<BatchResultErrorEntry> malformed = new ArrayList<>();
        for (SendMessageBatchRequestEntry entry : entries) {
            try {
                Outgoing message = Outgoing.of(ids.uuid(), entry);
                outgoing.put(entry.id(), message.traced(caller.traceHeader()));
            } catch (ServiceException e) {
                malformed.add(Batches.failed(entry.id(), e));
            }
        }
        long now = clock.millis();
        Store.Committed<Done> done =
                store.commit(tx -> send(tx, caller, request, outgoing, malformed, now));
        return result(done.value(), outgoing, done.version());
    }

    private Done send(
            Transaction tx,
            Caller caller,
            SendMessageBatchRequest request,
            Map<String, Outgoing> outgoing,
            List<BatchResultErrorEntry> malformed,
            long now) {
        Queue queue = Queues.require(tx, caller, request.queueUrl());
        encryption.check(tx, queue, caller.requestId());
        if (queue.fifo()) {
            checkFifo(queue, request.entries());
        }
        Map<String, Enqueue.Sent> sent = LinkedHashMap.newLinkedHashMap(outgoing.size());
        List<BatchResultErrorEntry> failed = new ArrayList<>(malformed);
        outgoing.forEach((id, message) -> {
            try {
                message.checkFor(queue);
            } catch (ServiceException e) {
                failed.add(Batches.failed(id, e));
                return;
            }
            sent.put(
                    id,
                    enqueue.send(
                            tx,
                            queue,
                            message.stored(queue, caller.userId(), now),
                            message.delaySecondsIn(queue),
                            now));
        });
        return new Done(queue.fifo(), sent, failed);
    }

    /// What a FIFO queue needs refuses the whole batch.
    private static void checkFifo(Queue queue, List<SendMessageBatchRequestEntry> entries) {
        for (SendMessageBatchRequestEntry entry : entries) {
            if (entry.messageDeduplicationId() == null && !queue.contentBasedDeduplication()) {
                throw SqsErrors.deduplicationRequired();
            }
            if (entry.messageGroupId() == null) {
                throw SqsErrors.groupRequiredInBatch();
            }
        }
    }

    private static SendMessageBatchResult result(
            Done done, Map<String, Outgoing> outgoing, long commit) {
        List<SendMessageBatchResultEntry> successful = new ArrayList<>();
        outgoing.forEach((id, message) -> {
            Enqueue.Sent sent = done.sent().get(id);
            if (sent != null) {
                successful.add(
                        SendMessageBatchResultEntry.builder()
                                .id(id)
                                .messageId(sent.messageId())
                                .md5OfMessageBody(message.bodyMd5())
                                .md5OfMessageAttributes(message.attributesMd5())
                                .md5OfMessageSystemAttributes(message.systemAttributesMd5())
                                .sequenceNumber(done.fifo() ? sent.sequenceNumber(commit) : null)
                                .build());
            }
        });
        return SendMessageBatchResult.builder()
                .successful(Batches.told(successful))
                .failed(Batches.told(done.failed()))
                .build();
    }
}
