package io.millrace.service.pipes;

import io.millrace.api.pipes.ListTagsForResourceRequest;
import io.millrace.api.pipes.ListTagsForResourceResponse;
import io.millrace.api.pipes.TagResourceRequest;
import io.millrace.api.pipes.TagResourceResponse;
import io.millrace.api.pipes.UntagResourceRequest;
import io.millrace.api.pipes.UntagResourceResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/// `TagResource`, `UntagResource` and `ListTagsForResource`. Errors: `NotFoundException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_TagResource.html).
final class PipeTags {
    private final Store store;

    PipeTags(Store store) {
        this.store = store;
    }

    TagResourceResponse tag(Caller caller, TagResourceRequest request) {
        return store.write(tx -> {
            StoredPipe pipe = StoredPipes.requireArn(tx, caller, request.resourceArn());
            Map<String, String> tags = new TreeMap<>(pipe.tags());
            tags.putAll(request.tags());
            PipeCheck.checkTags(tags);
            StoredPipes.put(tx, pipe.withTags(tags));
            return new TagResourceResponse();
        });
    }

    UntagResourceResponse untag(Caller caller, UntagResourceRequest request) {
        return store.write(tx -> {
            StoredPipe pipe = StoredPipes.requireArn(tx, caller, request.resourceArn());
            Map<String, String> tags = new TreeMap<>(pipe.tags());
            request.tagKeys().forEach(tags::remove);
            StoredPipes.put(tx, pipe.withTags(tags));
            return new UntagResourceResponse();
        });
    }

    ListTagsForResourceResponse list(Caller caller, ListTagsForResourceRequest request) {
        return store.read(tx ->
                new ListTagsForResourceResponse(
                        StoredPipes.requireArn(tx, caller, request.resourceArn()).tags()));
    }

    /// The tags of a pipe, whoever asks.
    Map<String, String> ofArn(String arn) {
        StoredPipe pipe = store.<@Nullable StoredPipe>read(tx -> StoredPipes.findArn(tx, arn));
        return pipe == null ? Map.of() : pipe.tags();
    }
}
