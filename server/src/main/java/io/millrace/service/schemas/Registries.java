package io.millrace.service.schemas;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// The registries of all accounts. Thread-safe.
final class Registries {

    /// Where discovery puts its schemas; it is there from an account's first discoverer on.
    static final String DISCOVERED = "discovered-schemas";

    private final ResourceCodec<StoredRegistry> codec = new ResourceCodec<>(StoredRegistry.class);

    Optional<StoredRegistry> find(Snapshot snapshot, Place place, String name) {
        if (name.equals(AwsEvents.REGISTRY)) {
            return Optional.of(AwsEvents.registry());
        }
        byte @Nullable [] value = snapshot.get(SchemasKeys.registry(place, name));
        return Optional.ofNullable(codec.decodeOrNull(value));
    }

    StoredRegistry require(Snapshot snapshot, Place place, String name) {
        return find(snapshot, place, name).orElseThrow(() -> SchemasErrors.registryNotFound(name));
    }

    /// The registry, for a change of it or in it.
    StoredRegistry requireChangeable(Snapshot snapshot, Place place, String name) {
        if (name.equals(AwsEvents.REGISTRY)) {
            throw SchemasErrors.readOnly(name);
        }
        return require(snapshot, place, name);
    }

    void put(Transaction tx, Place place, StoredRegistry registry) {
        tx.put(SchemasKeys.registry(place, registry.name()), codec.encode(registry));
    }

    StoredRegistry decode(byte[] value) {
        return codec.decode(value);
    }
}
