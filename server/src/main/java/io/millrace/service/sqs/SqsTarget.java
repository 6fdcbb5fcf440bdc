package io.millrace.service.sqs;

import io.millrace.delivery.Message;
import io.millrace.delivery.StoreTarget;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Ids;
import io.millrace.wire.ServiceException;

import java.time.InstantSource;

/// Queues as targets of other services: the message is in the queue when the sender's transaction
/// commits, and only then. The queue's policy decides who may send.
final class SqsTarget implements StoreTarget {
    private final InstantSource clock;
    private final Ids ids;
    private final Enqueue enqueue;
    private final QueueEncryption encryption;
    private final boolean strict;

    /// @param strict whether services need a policy that lets them in, as at AWS
    SqsTarget(
            InstantSource clock,
            Ids ids,
            Enqueue enqueue,
            QueueEncryption encryption,
            boolean strict) {
        this.clock = clock;
        this.ids = ids;
        this.enqueue = enqueue;
        this.encryption = encryption;
        this.strict = strict;
    }

    @Override
    public Outcome deliver(Transaction transaction, Arn target, Message message) {
        try {
            Queue queue = Queues.byArn(transaction, target);
            if (queue == null) {
                throw SqsErrors.queueDoesNotExist();
            }
            Permission.checkDelivery(message.sourceArn(), queue, strict);
            encryption.check(transaction, queue, "");
            Outgoing outgoing = Outgoing.of(ids.uuid(), message);
            outgoing.checkFor(queue);
            long now = clock.millis();
            Enqueue.Sent sent =
                    enqueue.send(
                            transaction,
                            queue,
                            outgoing.stored(queue, message.senderId(), now),
                            outgoing.delaySecondsIn(queue),
                            now);
            return new Outcome.Delivered(sent.messageId());
        } catch (ServiceException e) {
            return new Outcome.Refused(e.error().queryCodeOrCode(), e.message());
        }
    }
}
