package io.millrace.service.sqs;

import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.api.sqs.ReceiveMessageResult;
import io.millrace.delivery.Renderings;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Duration;
import java.util.List;

/// `ReceiveMessage`: hands out up to ten messages and hides them for the visibility timeout; waits
/// for the first when asked to.
///
/// The new visibility is durable when it returns. In a FIFO queue a receive with a
/// `ReceiveRequestAttemptId` can be repeated, see [Attempts]; a standard queue takes no notice of
/// the parameter, as AWS. Errors: `QueueDoesNotExist` (also when the queue is deleted while it
/// waits), `InvalidParameterValue`, `OverLimit`. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html).
final class ReceiveMessage implements Operation<ReceiveMessageRequest, ReceiveMessageResult> {
    private final Store store;
    private final Receiver receiver;
    private final Renderings renderings;
    private final QueueEncryption encryption;

    ReceiveMessage(
            Store store, Receiver receiver, Renderings renderings, QueueEncryption encryption) {
        this.store = store;
        this.receiver = receiver;
        this.renderings = renderings;
        this.encryption = encryption;
    }

    @Override
    public ReceiveMessageResult handle(Caller caller, ReceiveMessageRequest request) {
        check(request);
        Selection selection = Selection.of(request);
        Queue queue =
                store.read(tx -> {
                    Queue found = Queues.require(tx, caller, request.queueUrl());
                    encryption.check(tx, found, caller.requestId());
                    return found;
                });
        if (queue.fifo()) {
            MessageChecks.checkFifoId("ReceiveRequestAttemptId", request.receiveRequestAttemptId());
        }
        Receiver.Call call = new Receiver.Call(caller, request, queue);
        Integer wait = request.waitTimeSeconds();
        int waitSeconds = wait == null ? queue.waitTimeSeconds() : wait;
        Receiver.Answer answer =
                waitSeconds == 0
                        ? receiver.receiveNow(call)
                        : receiver.receive(call, Duration.ofSeconds(waitSeconds));
        List<Message> messages =
                answer.received().stream()
                        .map(message -> selection.apply(queue, message, renderings))
                        .toList();
        store.awaitDurable(answer.version());
        return ReceiveMessageResult.builder()
                .messages(messages.isEmpty() ? null : messages)
                .build();
    }

    private static void check(ReceiveMessageRequest request) {
        Integer count = request.maxNumberOfMessages();
        if (count != null && (count < 1 || count > SqsLimits.RECEIVE_MESSAGES_MAX)) {
            throw SqsErrors.invalidValue(
                    count, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.");
        }
        Integer wait = request.waitTimeSeconds();
        if (wait != null && (wait < 0 || wait > SqsLimits.WAIT_TIME_SECONDS_MAX)) {
            throw SqsErrors.invalidValue(
                    wait, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.");
        }
        Integer timeout = request.visibilityTimeout();
        if (timeout != null
                && (timeout < 0 || timeout > SqsLimits.VISIBILITY_TIMEOUT_SECONDS_MAX)) {
            throw SqsErrors.invalidValue(
                    timeout, "VisibilityTimeout", "Must be >= 0 and <= 43200, if provided.");
        }
    }
}
