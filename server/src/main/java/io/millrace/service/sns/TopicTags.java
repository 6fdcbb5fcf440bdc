package io.millrace.service.sns;

import io.millrace.api.sns.ListTagsForResourceRequest;
import io.millrace.api.sns.ListTagsForResourceResponse;
import io.millrace.api.sns.Tag;
import io.millrace.api.sns.TagResourceRequest;
import io.millrace.api.sns.TagResourceResponse;
import io.millrace.api.sns.UntagResourceRequest;
import io.millrace.api.sns.UntagResourceResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `TagResource`, `UntagResource` and `ListTagsForResource`, for topics.
///
/// Source: [API reference](https://docs.aws.amazon.com/sns/latest/api/API_TagResource.html).
final class TopicTags {
    private final Store store;

    TopicTags(Store store) {
        this.store = store;
    }

    TagResourceResponse tag(Caller caller, TagResourceRequest request) {
        Arn arn = Topics.parse(caller, "ResourceArn", request.resourceArn());
        Map<String, String> added = CreateTopic.tags(request.tags());
        store.<@Nullable Void>write(tx -> {
            Topic topic = require(tx, caller, "TagResource", arn);
            Map<String, String> tags = new LinkedHashMap<>(topic.tags());
            tags.putAll(added);
            if (tags.size() > SnsLimits.TAGS) {
                throw SnsErrors.tooManyTags();
            }
            Topics.put(tx, topic.withTags(tags));
            return null;
        });
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(Caller caller, UntagResourceRequest request) {
        Arn arn = Topics.parse(caller, "ResourceArn", request.resourceArn());
        store.<@Nullable Void>write(tx -> {
            Topic topic = require(tx, caller, "UntagResource", arn);
            Map<String, String> tags = new LinkedHashMap<>(topic.tags());
            request.tagKeys().forEach(tags::remove);
            Topics.put(tx, topic.withTags(tags));
            return null;
        });
        return UntagResourceResponse.builder().build();
    }

    ListTagsForResourceResponse list(Caller caller, ListTagsForResourceRequest request) {
        Arn arn = Topics.parse(caller, "ResourceArn", request.resourceArn());
        Topic topic = store.read(snapshot -> require(snapshot, caller, "ListTagsForResource", arn));
        List<Tag> tags = new ArrayList<>();
        topic.tags().forEach((key, value) -> tags.add(Tag.builder().key(key).value(value).build()));
        return ListTagsForResourceResponse.builder().tags(tags).build();
    }

    private static Topic require(Snapshot snapshot, Caller caller, String action, Arn arn) {
        if (arn.accountId().equals(caller.accountId()) && Topics.find(snapshot, arn) == null) {
            throw SnsErrors.resourceNotFound();
        }
        return Topics.require(snapshot, caller, action, arn);
    }
}
