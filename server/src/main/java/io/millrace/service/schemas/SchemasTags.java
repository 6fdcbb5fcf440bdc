package io.millrace.service.schemas;

import io.millrace.api.Unit;
import io.millrace.api.schemas.ListTagsForResourceRequest;
import io.millrace.api.schemas.ListTagsForResourceResponse;
import io.millrace.api.schemas.TagResourceRequest;
import io.millrace.api.schemas.UntagResourceRequest;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/// `TagResource`, `UntagResource` and `ListTagsForResource`, for registries, schemas and
/// discoverers. Error: `NotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/tags-resource-arn.html).
final class SchemasTags {
    private static final String REGISTRY = "registry/";
    private static final String SCHEMA = "schema/";
    private static final String DISCOVERER = "discoverer/";

    private final Store store;
    private final Registries registries;
    private final Versions versions;
    private final Discoverers discoverers;

    SchemasTags(Store store, Registries registries, Versions versions, Discoverers discoverers) {
        this.store = store;
        this.registries = registries;
        this.versions = versions;
        this.discoverers = discoverers;
    }

    /// The tags of a request that makes a resource.
    static Map<String, String> of(@Nullable Map<String, String> tags) {
        return with(Map.of(), tags == null ? Map.of() : tags);
    }

    Unit tag(Caller caller, TagResourceRequest request) {
        Arn arn = own(caller, request.resourceArn());
        store.write(tx -> {
            put(tx, arn, with(tags(tx, arn), request.tags()));
            return true;
        });
        return Unit.UNIT;
    }

    Unit untag(Caller caller, UntagResourceRequest request) {
        Arn arn = own(caller, request.resourceArn());
        store.write(tx -> {
            Map<String, String> left = new TreeMap<>(tags(tx, arn));
            request.tagKeys().forEach(left::remove);
            put(tx, arn, left);
            return true;
        });
        return Unit.UNIT;
    }

    ListTagsForResourceResponse list(Caller caller, ListTagsForResourceRequest request) {
        Arn arn = own(caller, request.resourceArn());
        return ListTagsForResourceResponse.builder()
                .tags(store.read(snapshot -> tags(snapshot, arn)))
                .build();
    }

    /// The tags of a registry, a schema or a discoverer.
    ///
    /// @throws io.millrace.wire.ServiceException when it is not there
    Map<String, String> ofArn(String text) {
        Arn arn = arn(text);
        return store.read(snapshot -> tags(snapshot, arn));
    }

    private static Map<String, String> with(Map<String, String> before, Map<String, String> more) {
        Map<String, String> tags = new TreeMap<>(before);
        more.forEach((key, value) -> {
            check(key, value);
            tags.put(key, value);
        });
        if (tags.size() > SchemasLimits.TAGS_MAX) {
            throw SchemasErrors.badRequest(
                    "A resource must not have more than " + SchemasLimits.TAGS_MAX + " tags.");
        }
        return tags;
    }

    private static void check(String key, String value) {
        if (key.isEmpty() || key.length() > SchemasLimits.TAG_KEY_LENGTH_MAX) {
            throw SchemasErrors.badRequest(
                    "Tag keys must have between 1 and "
                            + SchemasLimits.TAG_KEY_LENGTH_MAX
                            + " characters.");
        }
        if (value.length() > SchemasLimits.TAG_VALUE_LENGTH_MAX) {
            throw SchemasErrors.badRequest(
                    "Tag values must not have more than "
                            + SchemasLimits.TAG_VALUE_LENGTH_MAX
                            + " characters.");
        }
        if (key.regionMatches(true, 0, "aws:", 0, 4)) {
            throw SchemasErrors.badRequest("Tag keys must not begin with aws:.");
        }
    }

    private static Arn arn(String text) {
        return Arn.parse(text)
                .filter(arn -> arn.service().equals("schemas"))
                .orElseThrow(
                        () -> SchemasErrors.badRequest("Resource ARN " + text + " is not valid."));
    }

    private static Arn own(Caller caller, String text) {
        Arn arn = arn(text);
        if (!arn.accountId().equals(caller.accountId())) {
            throw SchemasErrors.notFound("Resource with ARN " + text + " does not exist.");
        }
        return arn;
    }

    private Map<String, String> tags(Snapshot snapshot, Arn arn) {
        Place place = new Place(arn.accountId(), arn.region());
        String resource = arn.resource();
        if (resource.startsWith(REGISTRY)) {
            return registries.require(snapshot, place, after(resource, REGISTRY)).tags();
        }
        if (resource.startsWith(DISCOVERER)) {
            return discoverers.require(snapshot, place, after(resource, DISCOVERER)).tags();
        }
        StoredRegistry registry = registries.require(snapshot, place, registryOf(arn));
        return versions.require(snapshot, registry, schemaOf(arn)).tags();
    }

    private void put(Transaction tx, Arn arn, Map<String, String> tags) {
        Place place = new Place(arn.accountId(), arn.region());
        String resource = arn.resource();
        if (resource.startsWith(REGISTRY)) {
            String name = after(resource, REGISTRY);
            registries.put(tx, place, registries.requireChangeable(tx, place, name).withTags(tags));
        } else if (resource.startsWith(DISCOVERER)) {
            StoredDiscoverer discoverer =
                    discoverers.require(tx, place, after(resource, DISCOVERER));
            discoverers.put(tx, place, discoverer.withTags(tags));
        } else {
            StoredRegistry registry = registries.requireChangeable(tx, place, registryOf(arn));
            StoredSchema schema = versions.require(tx, registry, schemaOf(arn));
            versions.put(tx, registry, schema.withTags(tags));
        }
    }

    private static String after(String resource, String prefix) {
        return resource.substring(prefix.length());
    }

    private static String registryOf(Arn arn) {
        return parts(arn)[1];
    }

    private static String schemaOf(Arn arn) {
        return parts(arn)[2];
    }

    private static String[] parts(Arn arn) {
        String[] parts = arn.resource().split("/", 3);
        if (!arn.resource().startsWith(SCHEMA) || parts.length != 3) {
            throw SchemasErrors.badRequest("Resource ARN " + arn + " is not valid.");
        }
        return parts;
    }
}
