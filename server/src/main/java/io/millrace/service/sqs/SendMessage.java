package io.millrace.service.sqs;

import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SendMessageResult;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `SendMessage`: adds one message to a queue.
///
/// Durable when it returns. Errors: `QueueDoesNotExist`, `InvalidMessageContents`,
/// `InvalidParameterValue`, `MissingParameter`. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
final class SendMessage implements Operation<SendMessageRequest, SendMessageResult> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Enqueue enqueue;
    private final QueueEncryption encryption;

    /// What the transaction found.
    private record Done(boolean fifo, Enqueue.Sent sent) {}

    SendMessage(
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
    public SendMessageResult handle(Caller caller, SendMessageRequest request) {
        MessageChecks.checkNoLists("SendMessage", request.messageAttributes());
        Outgoing outgoing = Outgoing.of(ids.uuid(), request).traced(caller.traceHeader());
        long now = clock.millis();
        Store.Committed<Done> done =
                store.commit(tx -> {
                    Queue queue = Queues.require(tx, caller, request.queueUrl());
                    encryption.check(tx, queue, caller.requestId());
                    outgoing.checkFor(queue);
                    Enqueue.Sent sent =
                            enqueue.send(
                                    tx,
                                    queue,
                                    outgoing.stored(queue, caller.userId(), now),
                                    outgoing.delaySecondsIn(queue),
                                    now);
                    return new Done(queue.fifo(), sent);
                });
        Enqueue.Sent sent = done.value().sent();
        return SendMessageResult.builder()
                .messageId(sent.messageId())
                .md5OfMessageBody(outgoing.bodyMd5())
                .md5OfMessageAttributes(outgoing.attributesMd5())
                .md5OfMessageSystemAttributes(outgoing.systemAttributesMd5())
                .sequenceNumber(done.value().fifo() ? sent.sequenceNumber(done.version()) : null)
                .build();
    }
}
