package io.millrace.service.sqs;

import io.millrace.api.Unit;
import io.millrace.api.sqs.ListQueueTagsRequest;
import io.millrace.api.sqs.ListQueueTagsResult;
import io.millrace.api.sqs.TagQueueRequest;
import io.millrace.api.sqs.UntagQueueRequest;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `TagQueue`, `UntagQueue`, `ListQueueTags`: labels of a queue.
///
/// Errors: `QueueDoesNotExist`, `InvalidParameterValue`, `MissingParameter`. Sources: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html),
/// [tags](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html).
final class QueueTags {
    private static final String KEY_LENGTH =
            "Tag keys must be between 1 and 128 characters in length.";

    private final Store store;

    QueueTags(Store store) {
        this.store = store;
    }

    Unit tag(Caller caller, TagQueueRequest request) {
        if (request.tags().isEmpty()) {
            throw SqsErrors.missingParameter("Tags");
        }
        return store.write(tx -> {
            Queue queue = Queues.require(tx, caller, request.queueUrl());
            Map<String, String> tags = new LinkedHashMap<>(queue.tags());
            tags.putAll(request.tags());
            check(queue.name(), tags);
            Queues.put(tx, queue.withTags(tags));
            return Unit.UNIT;
        });
    }

    Unit untag(Caller caller, UntagQueueRequest request) {
        List<String> keys = request.tagKeys();
        if (keys.isEmpty()) {
            throw SqsErrors.invalid(KEY_LENGTH);
        }
        keys.forEach(QueueTags::checkKey);
        return store.write(tx -> {
            Queue queue = Queues.require(tx, caller, request.queueUrl());
            Map<String, String> tags = new LinkedHashMap<>(queue.tags());
            tags.keySet().removeAll(keys);
            Queues.put(tx, queue.withTags(tags));
            return Unit.UNIT;
        });
    }

    ListQueueTagsResult list(Caller caller, ListQueueTagsRequest request) {
        Queue queue = store.read(tx -> Queues.require(tx, caller, request.queueUrl()));
        return ListQueueTagsResult.builder()
                .tags(queue.tags().isEmpty() ? null : queue.tags())
                .build();
    }

    static void check(String queueName, Map<String, String> tags) {
        if (tags.size() > SqsLimits.TAGS_MAX) {
            throw SqsErrors.invalid("Too many tags added for queue " + queueName + ".");
        }
        tags.forEach((key, value) -> {
            checkKey(key);
            if (value.length() > SqsLimits.TAG_VALUE_LENGTH_MAX) {
                throw SqsErrors.invalid(
                        "Tag values must be between 0 and 256 characters in length.");
            }
            checkCharacters(value);
        });
    }

    private static void checkKey(String key) {
        if (key.isEmpty() || key.length() > SqsLimits.TAG_KEY_LENGTH_MAX) {
            throw SqsErrors.invalid(KEY_LENGTH);
        }
        if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
            throw SqsErrors.invalidValue(
                    key, "TagKey", "The prefix aws: is reserved for use by AWS.");
        }
        checkCharacters(key);
    }

    private static void checkCharacters(String text) {
        boolean legal =
                text.codePoints()
                        .allMatch(c ->
                                Character.isLetterOrDigit(c)
                                        || Character.isSpaceChar(c)
                                        || "_.:/=+-@".indexOf(c) >= 0);
        if (!legal) {
            throw SqsErrors.invalidValue(
                    text,
                    "Tag",
                    "Tags can only include Unicode letters, digits, white space and _ . : / = + - @.");
        }
    }
}
