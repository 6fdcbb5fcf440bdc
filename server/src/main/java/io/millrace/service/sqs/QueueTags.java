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
import java.util.Map;

/// `TagQueue`, `UntagQueue`, `ListQueueTags`: labels of a queue.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html).
final class QueueTags {
    private final Store store;

    QueueTags(Store store) {
        this.store = store;
    }

    Unit tag(Caller caller, TagQueueRequest request) {
        check(request.tags());
        return store.write(tx -> {
            Queue queue = Queues.require(tx, caller, request.queueUrl());
            Map<String, String> tags = new LinkedHashMap<>(queue.tags());
            tags.putAll(request.tags());
            check(tags);
            Queues.put(tx, queue.withTags(tags));
            return Unit.UNIT;
        });
    }

    Unit untag(Caller caller, UntagQueueRequest request) {
        List<String> keys = request.tagKeys();
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

    static void check(Map<String, String> tags) {
        if (tags.size() > SqsLimits.TAGS_MAX) {
            throw SqsErrors.invalid("Too many tags added for queue: the limit is 50.");
        }
        tags.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > SqsLimits.TAG_KEY_LENGTH_MAX) {
                throw SqsErrors.invalid("Tag keys must be between 1 and 128 characters in length.");
            }
            if (value.length() > SqsLimits.TAG_VALUE_LENGTH_MAX) {
                throw SqsErrors.invalid(
                        "Tag values must be between 0 and 256 characters in length.");
            }
        });
    }
}
