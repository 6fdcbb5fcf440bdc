package io.millrace.service.sns;

import io.millrace.api.sns.BatchResultErrorEntry;
import io.millrace.api.sns.PublishBatchInput;
import io.millrace.api.sns.PublishBatchRequestEntry;
import io.millrace.api.sns.PublishBatchResponse;
import io.millrace.api.sns.PublishBatchResultEntry;
import io.millrace.delivery.Message;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// `PublishBatch`: up to ten messages to one topic, in one transaction and in their order.
///
/// As at AWS, a message that is not valid refuses the batch; one that the topic's data protection
/// policy denies fails alone. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html).
final class PublishBatch implements Operation<PublishBatchInput, PublishBatchResponse> {
    /// What became of one message.
    private sealed interface Outcome {
        record Accepted(Publisher.Published published) implements Outcome {}

        record Denied(ServiceException why) implements Outcome {}
    }

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]+");

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Publisher publisher;
    private final int messageBytesMax;
    private final TopicEncryption encryption;

    PublishBatch(
            Store store, InstantSource clock, Ids ids, Publisher publisher, SnsOptions options) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.publisher = publisher;
        this.messageBytesMax = options.messageBytesMax();
        this.encryption = new TopicEncryption(options.keys());
    }

    @Override
    public PublishBatchResponse handle(Caller caller, PublishBatchInput request) {
        List<PublishBatchRequestEntry> entries = request.publishBatchRequestEntries();
        checkEntries(entries);
        Arn arn = Topics.parse(caller, "TopicArn", request.topicArn());
        List<Publication> publications = publications(caller, arn, entries);
        List<Outcome> outcomes =
                publisher.write(store, tx -> publish(tx, caller, arn, publications));
        List<PublishBatchResultEntry> successful = new ArrayList<>();
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            String id = entries.get(i).id();
            switch (outcomes.get(i)) {
                case Outcome.Accepted(Publisher.Published published) -> {
                    publisher.told(published);
                    successful.add(
                            PublishBatchResultEntry.builder()
                                    .id(id)
                                    .messageId(published.result().messageId())
                                    .sequenceNumber(published.result().sequenceNumber())
                                    .build());
                }
                case Outcome.Denied(ServiceException why) ->
                        failed.add(
                                BatchResultErrorEntry.builder()
                                        .id(id)
                                        .code(why.error().code())
                                        .message(why.message())
                                        .senderFault(true)
                                        .build());
            }
        }
        return PublishBatchResponse.builder().successful(successful).failed(failed).build();
    }

    private List<Outcome> publish(
            Transaction tx, Caller caller, Arn arn, List<Publication> publications) {
        Topic topic = Topics.require(tx, caller, "Publish", arn);
        encryption.check(tx, topic, caller.requestId());
        for (Publication publication : publications) {
            MessageCheck.checkDeduplication(topic, publication.deduplicationId());
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Publication publication : publications) {
            try {
                outcomes.add(
                        new Outcome.Accepted(
                                publisher.publish(tx, topic, publication, caller.principalArn())));
            } catch (ServiceException e) { // the data protection policy denies the one message
                outcomes.add(new Outcome.Denied(e));
            }
        }
        return outcomes;
    }

    private static void checkEntries(List<PublishBatchRequestEntry> entries) {
        if (entries.isEmpty()) {
            throw SnsErrors.emptyBatch();
        }
        if (entries.size() > SnsLimits.BATCH_ENTRIES) {
            throw SnsErrors.tooManyEntries();
        }
        Set<String> distinct = new HashSet<>();
        for (PublishBatchRequestEntry entry : entries) {
            if (!distinct.add(entry.id())) {
                throw SnsErrors.entryIdsNotDistinct();
            }
        }
        for (PublishBatchRequestEntry entry : entries) {
            if (entry.id().length() > SnsLimits.BATCH_ID_CHARACTERS) {
                throw SnsErrors.invalidEntryId("is too long: " + entry.id());
            }
            if (!ID.matcher(entry.id()).matches()) {
                throw SnsErrors.invalidEntryId(
                        "contains an impermissible character: " + entry.id());
            }
        }
    }

    private List<Publication> publications(
            Caller caller, Arn arn, List<PublishBatchRequestEntry> entries) {
        List<Publication> publications = new ArrayList<>();
        int bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            PublishBatchRequestEntry entry = entries.get(i);
            MessageCheck.checkSubject(entry.subject());
            MessageCheck.checkMessage(entry.message());
            Map<String, Message.Attribute> attributes =
                    MessageCheck.attributes(
                            entry.messageAttributes(),
                            "publishBatchRequestEntries." + (i + 1) + ".member.messageAttributes");
            bytes += MessageCheck.bytes(entry.message(), attributes);
            MessageCheck.checkFifo(
                    arn.resource().endsWith(".fifo"),
                    entry.messageGroupId(),
                    entry.messageDeduplicationId());
            publications.add(
                    new Publication(
                            ids.uuid(),
                            clock.millis(),
                            MessageCheck.bodies(entry.messageStructure(), entry.message()),
                            entry.subject(),
                            attributes,
                            entry.messageGroupId(),
                            entry.messageDeduplicationId(),
                            null,
                            caller.endpoint(),
                            false,
                            caller.traceHeader()));
        }
        if (bytes > messageBytesMax) {
            throw SnsErrors.batchTooLong();
        }
        return publications;
    }
}
