package io.millrace.service.sqs;

import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.MessageAttributeValue;
import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.delivery.Message.Attribute;
import io.millrace.delivery.QueueConsumer;
import io.millrace.delivery.QueueSource;
import io.millrace.delivery.Renderings;
import io.millrace.delivery.SourceException;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.http.Client;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Queues as the source of other services of this server: the same receives, in the same line, as
/// `ReceiveMessage` makes, so that visibility, order and redrive are those of any consumer.
final class SqsSource implements QueueSource {
    private static final Selection ALL = new Selection(Set.of("All"), List.of("All"));
    private static final int VISIBILITY_SECONDS_MIN = 1; // a receipt that is over holds nothing

    private final Store store;
    private final InstantSource clock;
    private final Receiver receiver;
    private final Receipts receipts;
    private final Renderings renderings;

    SqsSource(
            Store store,
            InstantSource clock,
            Receiver receiver,
            Receipts receipts,
            Renderings renderings) {
        this.store = store;
        this.clock = clock;
        this.receiver = receiver;
        this.receipts = receipts;
        this.renderings = renderings;
    }

    @Override
    public boolean exists(Snapshot snapshot, Arn queue) {
        return Queues.byArn(snapshot, queue) != null;
    }

    @Override
    public List<Received> receive(Poll poll, QueueConsumer consumer) {
        Queue queue = store.<@Nullable Queue>read(tx -> Queues.byArn(tx, poll.queue()));
        if (queue == null) {
            throw new SourceException(SqsErrors.queueDoesNotExist().message());
        }
        Receiver.Call call = new Receiver.Call(caller(poll, consumer), request(poll, queue), queue);
        try {
            Receiver.Answer answer =
                    poll.patience().isZero()
                            ? receiver.receiveNow(call)
                            : receiver.receive(call, poll.patience());
            store.awaitDurable(answer.version());
            return answer.received().stream()
                    .map(each -> received(ALL.apply(queue, each, renderings)))
                    .toList();
        } catch (ServiceException e) {
            throw new SourceException(e.message());
        }
    }

    @Override
    public boolean isHeld(Snapshot snapshot, Arn queue, String receiptHandle) {
        Queue found = Queues.byArn(snapshot, queue);
        return found != null && receipts.isHeld(snapshot, found, receiptHandle, clock.millis());
    }

    @Override
    public void delete(Transaction transaction, Arn queue, String receiptHandle) {
        Queue found = Queues.byArn(transaction, queue);
        if (found == null || !receipts.delete(transaction, found, receiptHandle, clock.millis())) {
            throw new IllegalStateException("a message is not held: " + receiptHandle);
        }
    }

    @Override
    public void release(Transaction transaction, Arn queue, List<String> receiptHandles) {
        Queue found = Queues.byArn(transaction, queue);
        for (String handle : receiptHandles) {
            if (found != null && receipts.isHeld(transaction, found, handle, clock.millis())) {
                receipts.changeVisibility(transaction, found, handle, 0, clock.millis());
            }
        }
    }

    private static Caller caller(Poll poll, QueueConsumer consumer) {
        Arn queue = poll.queue();
        return new Caller(
                        queue.accountId(),
                        queue.region(),
                        poll.principalArn(),
                        queue.accountId(),
                        "",
                        "")
                .calling("ReceiveMessage")
                .with(client(consumer));
    }

    private static Client client(QueueConsumer consumer) {
        return new Client() {
            @Override
            public void watch(Runnable hangUp) {
                consumer.onLeaving(hangUp);
            }

            @Override
            public boolean hasHungUp() {
                return consumer.hasLeft();
            }
        };
    }

    private static ReceiveMessageRequest request(Poll poll, Queue queue) {
        long seconds =
                Math.max(VISIBILITY_SECONDS_MIN, queue.visibilityTimeoutSeconds())
                        + poll.longer().toSeconds();
        return ReceiveMessageRequest.builder()
                .queueUrl("/" + queue.accountId() + "/" + queue.name())
                .maxNumberOfMessages(poll.countMax())
                .visibilityTimeout(
                        (int) Math.min(seconds, SqsLimits.VISIBILITY_TIMEOUT_SECONDS_MAX))
                .build();
    }

    private static Received received(Message message) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        if (message.messageAttributes() != null) {
            message.messageAttributes()
                    .forEach((name, value) -> attributes.put(name, attribute(value)));
        }
        return new Received(
                String.valueOf(message.messageId()),
                String.valueOf(message.receiptHandle()),
                String.valueOf(message.body()),
                String.valueOf(message.md5OfBody()),
                message.attributes() == null ? Map.of() : message.attributes(),
                attributes,
                message.md5OfMessageAttributes());
    }

    private static Attribute attribute(MessageAttributeValue value) {
        return new Attribute(value.dataType(), value.stringValue(), value.binaryValue());
    }
}
