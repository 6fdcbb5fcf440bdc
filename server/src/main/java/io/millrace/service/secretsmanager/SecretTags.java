package io.millrace.service.secretsmanager;

import io.millrace.api.Unit;
import io.millrace.api.secretsmanager.Tag;
import io.millrace.api.secretsmanager.TagResourceRequest;
import io.millrace.api.secretsmanager.UntagResourceRequest;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `TagResource` and `UntagResource`. Errors: `InvalidParameterException`,
/// `InvalidRequestException`, `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html).
final class SecretTags {
    private final Store store;
    private final SecretRecords records;

    SecretTags(Store store, SecretRecords records) {
        this.store = store;
        this.records = records;
    }

    /// The tags with more; of equal keys the last one counts.
    static Map<String, String> with(@Nullable Map<String, String> before, List<Tag> more) {
        Map<String, String> tags = new LinkedHashMap<>(before == null ? Map.of() : before);
        for (Tag tag : more) {
            String key = tag.key();
            if (key == null) {
                throw SecretsManagerErrors.invalidParameter("Each tag must have a key.");
            }
            if (key.startsWith("aws:")) {
                throw SecretsManagerErrors.invalidParameter(
                        "Tag keys that begin with aws: are reserved.");
            }
            String value = tag.value();
            tags.put(key, value == null ? "" : value);
        }
        if (tags.size() > SecretsManagerLimits.TAGS_MAX) {
            throw SecretsManagerErrors.invalidParameter(
                    "A secret must not have more than " + SecretsManagerLimits.TAGS_MAX + " tags.");
        }
        return tags;
    }

    /// As answers have them; null as long as there were none.
    static @Nullable List<Tag> shapes(@Nullable Map<String, String> tags) {
        if (tags == null) {
            return null;
        }
        List<Tag> shapes = new ArrayList<>();
        tags.forEach((key, value) -> shapes.add(new Tag(key, value)));
        return shapes;
    }

    Unit tag(Caller caller, TagResourceRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        return store.write(tx -> {
            Secret secret = records.requireChangeable(tx, caller, id);
            Map<String, String> tags = with(secret.own().tags(), request.tags());
            records.put(tx, secret.name(), secret.own().change().tags(tags).done());
            return Unit.UNIT;
        });
    }

    Unit untag(Caller caller, UntagResourceRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        return store.write(tx -> {
            Secret secret = records.requireChangeable(tx, caller, id);
            Map<String, String> before = secret.own().tags();
            if (before != null) {
                Map<String, String> tags = new LinkedHashMap<>(before);
                request.tagKeys().forEach(tags::remove);
                records.put(tx, secret.name(), secret.own().change().tags(tags).done());
            }
            return Unit.UNIT;
        });
    }
}
