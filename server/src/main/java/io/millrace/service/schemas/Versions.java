package io.millrace.service.schemas;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The schemas of registries, and the versions of schemas. Thread-safe.
final class Versions {

    /// A schema and one of its versions.
    record Versioned(StoredSchema schema, StoredVersion version) {}

    /// What a schema is made with.
    record Definition(
            String name,
            String type,
            String content,
            @Nullable String description,
            Map<String, String> tags) {}

    private final Ids ids;
    private final SchemaEvents events;
    private final ResourceCodec<StoredSchema> schemas = new ResourceCodec<>(StoredSchema.class);
    private final ResourceCodec<StoredVersion> versions = new ResourceCodec<>(StoredVersion.class);

    /// @param events tells the default bus what was made
    Versions(Ids ids, SchemaEvents events) {
        this.ids = ids;
        this.events = events;
    }

    Optional<StoredSchema> find(Snapshot snapshot, StoredRegistry registry, String name) {
        if (registry.number() == AwsEvents.NUMBER) {
            return AwsEvents.schema(name);
        }
        byte @Nullable [] value = snapshot.get(SchemasKeys.schema(registry.number(), name));
        return Optional.ofNullable(schemas.decodeOrNull(value));
    }

    StoredSchema require(Snapshot snapshot, StoredRegistry registry, String name) {
        return find(snapshot, registry, name).orElseThrow(() -> SchemasErrors.schemaNotFound(name));
    }

    /// The version that is asked for; the newest for null.
    Versioned require(
            Snapshot snapshot, StoredRegistry registry, String name, @Nullable String version) {
        StoredSchema schema = require(snapshot, registry, name);
        Optional<StoredVersion> found =
                version == null || version.isEmpty()
                        ? newest(snapshot, schema)
                        : version(snapshot, schema, Names.version(version));
        return new Versioned(
                schema, found.orElseThrow(() -> SchemasErrors.versionNotFound(name, or(version))));
    }

    private static String or(@Nullable String version) {
        return version == null ? "" : version;
    }

    Optional<StoredVersion> version(Snapshot snapshot, StoredSchema schema, long number) {
        Optional<StoredVersion> provided = AwsEvents.version(schema);
        if (provided.isPresent()) {
            return provided.filter(version -> version.number() == number);
        }
        byte @Nullable [] value = snapshot.get(SchemasKeys.version(schema.number(), number));
        return Optional.ofNullable(versions.decodeOrNull(value));
    }

    Optional<StoredVersion> newest(Snapshot snapshot, StoredSchema schema) {
        return newestFirst(snapshot, schema, Long.MAX_VALUE, 1).stream().findFirst();
    }

    /// Versions with numbers below `before`, the newest first.
    List<StoredVersion> newestFirst(
            Snapshot snapshot, StoredSchema schema, long before, int countMax) {
        Optional<StoredVersion> provided = AwsEvents.version(schema);
        if (provided.isPresent()) {
            return provided.filter(version -> version.number() < before).stream().toList();
        }
        List<StoredVersion> found = new ArrayList<>();
        byte[] from = SchemasKeys.versions(schema.number());
        byte[] to =
                before == Long.MAX_VALUE
                        ? Bytes.prefixEnd(from)
                        : SchemasKeys.version(schema.number(), before);
        try (Cursor cursor = snapshot.range(from, to, Snapshot.Direction.BACKWARD)) {
            while (found.size() < countMax && cursor.next()) {
                found.add(versions.decode(cursor.value()));
            }
        }
        return found;
    }

    /// Schemas in order of names, whose names come after `after` and begin with `prefix`.
    List<StoredSchema> page(
            Snapshot snapshot, StoredRegistry registry, String after, String prefix, int countMax) {
        if (registry.number() == AwsEvents.NUMBER) {
            return AwsEvents.schemas(after, prefix, countMax);
        }
        byte[] all = SchemasKeys.schemas(registry.number());
        String start = prefix.compareTo(after) > 0 ? prefix : after;
        byte[] from = start.isEmpty() ? all : SchemasKeys.schema(registry.number(), start);
        List<StoredSchema> found = new ArrayList<>();
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(all), Snapshot.Direction.FORWARD)) {
            while (found.size() < countMax && cursor.next()) {
                StoredSchema schema = schemas.decode(cursor.value());
                if (schema.name().equals(after) && !after.isEmpty()) {
                    continue;
                }
                if (!schema.name().startsWith(prefix)) {
                    break;
                }
                found.add(schema);
            }
        }
        return found;
    }

    /// Makes a schema that is not there, with its first version.
    Versioned create(
            Transaction tx,
            Place place,
            StoredRegistry registry,
            Definition definition,
            long nowMillis) {
        if (page(tx, registry, "", "", SchemasLimits.SCHEMAS_MAX).size()
                >= SchemasLimits.SCHEMAS_MAX) {
            throw SchemasErrors.limitExceeded("schemas in a registry", SchemasLimits.SCHEMAS_MAX);
        }
        StoredSchema schema =
                StoredSchema.of(
                        definition.name(),
                        ids.number(),
                        nowMillis,
                        definition.description(),
                        definition.tags());
        Versioned first =
                write(tx, registry, schema, definition.type(), definition.content(), nowMillis);
        events.schemaCreated(tx, place, registry.name(), first);
        events.versionCreated(tx, place, registry.name(), first);
        return first;
    }

    /// Adds a version to a schema.
    Versioned add(
            Transaction tx,
            Place place,
            StoredRegistry registry,
            StoredSchema schema,
            String type,
            String content,
            long nowMillis) {
        if (schema.versionCount() >= SchemasLimits.VERSIONS_MAX) {
            throw SchemasErrors.limitExceeded("versions of a schema", SchemasLimits.VERSIONS_MAX);
        }
        Versioned next = write(tx, registry, schema, type, content, nowMillis);
        events.versionCreated(tx, place, registry.name(), next);
        return next;
    }

    private Versioned write(
            Transaction tx,
            StoredRegistry registry,
            StoredSchema before,
            String type,
            String content,
            long nowMillis) {
        StoredSchema schema = before.withVersionAdded(nowMillis);
        StoredVersion version = new StoredVersion(schema.lastVersion(), type, content, nowMillis);
        put(tx, registry, schema);
        tx.put(SchemasKeys.version(schema.number(), version.number()), versions.encode(version));
        return new Versioned(schema, version);
    }

    void put(Transaction tx, StoredRegistry registry, StoredSchema schema) {
        tx.put(SchemasKeys.schema(registry.number(), schema.name()), schemas.encode(schema));
    }

    /// Deletes a version that is there, and with the last one the schema.
    void delete(Transaction tx, StoredRegistry registry, Versioned versioned, long nowMillis) {
        StoredSchema left = versioned.schema().withVersionRemoved(nowMillis);
        if (left.versionCount() == 0) {
            delete(tx, registry, versioned.schema());
            return;
        }
        long number = versioned.version().number();
        tx.delete(SchemasKeys.version(left.number(), number));
        deletePrefix(tx, SchemasKeys.bindings(left.number(), number));
        put(tx, registry, left);
    }

    /// Deletes a schema with everything that belongs to it.
    void delete(Transaction tx, StoredRegistry registry, StoredSchema schema) {
        tx.delete(SchemasKeys.schema(registry.number(), schema.name()));
        deletePrefix(tx, SchemasKeys.versions(schema.number()));
        deletePrefix(tx, SchemasKeys.bindings(schema.number()));
        tx.delete(SchemasKeys.inferred(schema.number()));
    }

    private static void deletePrefix(Transaction tx, byte[] prefix) {
        tx.deleteRange(prefix, Bytes.prefixEnd(prefix));
    }
}
