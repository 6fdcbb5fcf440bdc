package io.millrace.service.kms;

import io.millrace.api.Unit;
import io.millrace.api.kms.ListResourceTagsRequest;
import io.millrace.api.kms.ListResourceTagsResponse;
import io.millrace.api.kms.Tag;
import io.millrace.api.kms.TagResourceRequest;
import io.millrace.api.kms.UntagResourceRequest;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// `TagResource`, `UntagResource` and `ListResourceTags`, for keys. Errors: `NotFoundException`,
/// `KMSInvalidStateException`, `TagException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html).
final class Tags {
    private final Store store;
    private final Keys keys;

    Tags(Store store, Keys keys) {
        this.store = store;
        this.keys = keys;
    }

    /// The tags with more.
    static Map<String, String> with(Map<String, String> before, @Nullable List<Tag> more) {
        Map<String, String> tags = new TreeMap<>(before);
        Set<String> added = new HashSet<>();
        for (Tag tag : more == null ? List.<Tag>of() : more) {
            if (tag.tagKey().toLowerCase(java.util.Locale.ROOT).startsWith("aws:")) {
                throw KmsErrors.tag("Tags beginning with aws: are reserved");
            }
            if (!added.add(tag.tagKey())) {
                throw KmsErrors.tag("Duplicate tag keys");
            }
            tags.put(tag.tagKey(), tag.tagValue());
        }
        if (tags.size() > KmsLimits.TAGS_MAX) {
            throw KmsErrors.limit("Too many tags");
        }
        return tags;
    }

    Unit tag(Caller caller, TagResourceRequest request) {
        return keys.change(
                caller,
                request.keyId(),
                KeyAction.of("TagResource"),
                (tx, key) -> {
                    Map<String, String> tags = with(key.requireAlive().tags(), request.tags());
                    keys.put(tx, key.change().tags(tags).build());
                    return Unit.UNIT;
                });
    }

    Unit untag(Caller caller, UntagResourceRequest request) {
        return keys.change(
                caller,
                request.keyId(),
                KeyAction.of("UntagResource"),
                (tx, key) -> {
                    Map<String, String> tags = new TreeMap<>(key.requireAlive().tags());
                    request.tagKeys().forEach(tags::remove);
                    keys.put(tx, key.change().tags(tags).build());
                    return Unit.UNIT;
                });
    }

    ListResourceTagsResponse list(Caller caller, ListResourceTagsRequest request) {
        StoredKey key =
                store.read(snapshot ->
                        keys.requireOwn(
                                snapshot,
                                caller,
                                request.keyId(),
                                KeyAction.of("ListResourceTags")));
        MarkerPage<Tag> page =
                new MarkerPage<>(request.limit(), KmsLimits.SMALL_PAGE_SIZE, request.marker());
        new TreeMap<>(key.tags())
                .forEach((name, value) -> page.offer(name, () -> new Tag(name, value)));
        return ListResourceTagsResponse.builder()
                .tags(page.items())
                .nextMarker(page.nextMarker())
                .truncated(page.truncated())
                .build();
    }
}
