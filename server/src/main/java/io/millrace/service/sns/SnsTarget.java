package io.millrace.service.sns;

import io.millrace.delivery.Message;
import io.millrace.delivery.StoreTarget;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Ids;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Map;

/// A topic as the target of another service: publishes in that service's transaction.
final class SnsTarget implements StoreTarget {
    private final InstantSource clock;
    private final Ids ids;
    private final Publisher publisher;
    private final SnsOptions options;

    SnsTarget(InstantSource clock, Ids ids, Publisher publisher, SnsOptions options) {
        this.clock = clock;
        this.ids = ids;
        this.publisher = publisher;
        this.options = options;
    }

    @Override
    public Outcome deliver(Transaction transaction, Arn target, Message message) {
        Topic topic = Topics.find(transaction, target);
        if (topic == null) {
            return new Outcome.Refused("NotFound", "Topic does not exist");
        }
        try {
            new ServicePermission(options.secure()).check(topic, message);
            new TopicEncryption(options.keys()).check(transaction, topic, "");
            MessageCheck.checkMessage(message.body());
            if (MessageCheck.bytes(message.body(), message.attributes())
                    > options.messageBytesMax()) {
                throw SnsErrors.invalidParameter("Message too long");
            }
            MessageCheck.checkFifo(topic.isFifo(), message.groupId(), fifoId(topic, message));
            MessageCheck.checkDeduplication(topic, message.deduplicationId());
        } catch (ServiceException e) {
            return new Outcome.Refused(e.error().code(), e.message());
        }
        Publication publication =
                new Publication(
                        ids.uuid(),
                        clock.millis(),
                        Map.of(Publication.DEFAULT, message.body()),
                        message.subject(),
                        message.attributes(),
                        message.groupId(),
                        fifoId(topic, message),
                        null,
                        options.endpoint(),
                        false,
                        message.traceHeader());
        try {
            Publisher.Published published =
                    publisher.within(
                            transaction,
                            tx -> publisher.publish(tx, topic, publication, message.senderId()));
            publisher.toldWithin(transaction, published);
            return new Outcome.Delivered(published.result().messageId());
        } catch (ServiceException e) { // the data protection policy
            return new Outcome.Refused(e.error().code(), e.message());
        }
    }

    private static @Nullable String fifoId(Topic topic, Message message) {
        return topic.isFifo() ? message.deduplicationId() : null;
    }
}
