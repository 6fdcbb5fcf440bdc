package io.millrace.service.schemas;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// The shapes that discovered schemas were made of. Thread-safe.
final class Inferred {
    private final Registries registries = new Registries();
    private final ResourceCodec<StoredSchema> schemas = new ResourceCodec<>(StoredSchema.class);
    private final ResourceCodec<EventShape> shapes = new ResourceCodec<>(EventShape.class);

    /// The shape of the details of a kind of event; empty when none was seen yet.
    Optional<EventShape> find(Snapshot snapshot, Place place, String schemaName) {
        Optional<StoredRegistry> registry = registries.find(snapshot, place, Registries.DISCOVERED);
        if (registry.isEmpty()) {
            return Optional.empty();
        }
        byte @Nullable [] schema =
                snapshot.get(SchemasKeys.schema(registry.get().number(), schemaName));
        return schema == null ? Optional.empty() : find(snapshot, schemas.decode(schema).number());
    }

    Optional<EventShape> find(Snapshot snapshot, long schema) {
        byte @Nullable [] value = snapshot.get(SchemasKeys.inferred(schema));
        return Optional.ofNullable(shapes.decodeOrNull(value));
    }

    void put(Transaction tx, long schema, EventShape shape) {
        tx.put(SchemasKeys.inferred(schema), shapes.encode(shape));
    }
}
