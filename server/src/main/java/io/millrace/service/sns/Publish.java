package io.millrace.service.sns;

import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.PublishResponse;
import io.millrace.delivery.Message;
import io.millrace.delivery.Outbox;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Map;

/// `Publish`: sends a message to a topic or to a device, or a text message to a number.
///
/// Durable when it returns, together with the enqueues of the topic's queues. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
final class Publish implements Operation<PublishInput, PublishResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Publisher publisher;
    private final Outbox outbox;
    private final int messageBytesMax;
    private final TopicEncryption encryption;

    Publish(
            Store store,
            InstantSource clock,
            Ids ids,
            Publisher publisher,
            Outbox outbox,
            SnsOptions options) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.publisher = publisher;
        this.outbox = outbox;
        this.messageBytesMax = options.messageBytesMax();
        this.encryption = new TopicEncryption(options.keys());
    }

    @Override
    public PublishResponse handle(Caller caller, PublishInput request) {
        MessageCheck.checkSubject(request.subject());
        MessageCheck.checkMessage(request.message());
        String number = request.phoneNumber();
        if (number != null) {
            PhoneNumbers.checkPublish(number);
        }
        Map<String, Message.Attribute> attributes =
                MessageCheck.attributes(request.messageAttributes(), "messageAttributes");
        if (MessageCheck.bytes(request.message(), attributes) > messageBytesMax) {
            throw SnsErrors.invalidParameter("Message too long");
        }
        if (number != null) {
            return text(caller, number, publication(caller, request, attributes));
        }
        String target = request.targetArn();
        if (target != null && target.contains(":endpoint/") && request.topicArn() == null) {
            return push(caller, target, publication(caller, request, attributes));
        }
        Arn arn = topic(caller, request);
        MessageCheck.checkFifo(
                arn.resource().endsWith(".fifo"),
                request.messageGroupId(),
                request.messageDeduplicationId());
        Publication publication = publication(caller, request, attributes);
        Publisher.Result result = publish(caller, arn, publication);
        return PublishResponse.builder()
                .messageId(result.messageId())
                .sequenceNumber(result.sequenceNumber())
                .build();
    }

    private Publication publication(
            Caller caller, PublishInput request, Map<String, Message.Attribute> attributes) {
        return new Publication(
                ids.uuid(),
                clock.millis(),
                MessageCheck.bodies(request.messageStructure(), request.message()),
                request.subject(),
                attributes,
                request.messageGroupId(),
                request.messageDeduplicationId(),
                null,
                caller.endpoint(),
                false,
                caller.traceHeader());
    }

    private PublishResponse text(Caller caller, String number, Publication publication) {
        Sms.check(publication.attributes());
        if (publication.body(SmsNotifications.PROTOCOL).length() > SnsLimits.SMS_CHARACTERS) {
            throw SnsErrors.invalidParameter("Message too long");
        }
        store.<@Nullable Void>write(tx -> {
            outbox.add(tx, SmsNotifications.message(tx, caller, number, publication));
            return null;
        });
        return PublishResponse.builder().messageId(publication.messageId()).build();
    }

    private PublishResponse push(Caller caller, String target, Publication publication) {
        if (!PlatformArn.isEndpoint(target)) {
            throw SnsErrors.noEndpoint();
        }
        PlatformArn arn = PlatformArn.endpoint(caller, "Publish", target);
        store.<@Nullable Void>write(tx -> {
            Platforms.Endpoint endpoint = Platforms.findEndpoint(tx, arn);
            Platforms.Application application = Platforms.find(tx, arn.application());
            if (endpoint == null || application == null) {
                throw SnsErrors.noEndpoint();
            }
            if (!application.enabled()) {
                throw SnsErrors.applicationDisabled();
            }
            if (!endpoint.enabled()) {
                throw SnsErrors.endpointDisabled();
            }
            outbox.add(tx, PushNotifications.message(arn, publication));
            return null;
        });
        return PublishResponse.builder().messageId(publication.messageId()).build();
    }

    private Publisher.Result publish(Caller caller, Arn arn, Publication publication) {
        Publisher.Published published =
                publisher.write(
                        store,
                        tx -> {
                            Topic topic = Topics.require(tx, caller, "Publish", arn);
                            encryption.check(tx, topic, caller.requestId());
                            MessageCheck.checkDeduplication(topic, publication.deduplicationId());
                            return publisher.publish(tx, topic, publication, caller.principalArn());
                        });
        publisher.told(published);
        return published.result();
    }

    private static Arn topic(Caller caller, PublishInput request) {
        if (request.topicArn() != null) {
            return Topics.parse(caller, "TopicArn", request.topicArn());
        }
        String target = request.targetArn();
        if (target == null) {
            throw SnsErrors.invalidParameter(
                    "TopicArn or TargetArn", "no value for required parameter");
        }
        return Topics.parse(caller, "TargetArn", target);
    }
}
