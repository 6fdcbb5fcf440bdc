package io.millrace.service.schemas;

import io.millrace.api.Unit;
import io.millrace.api.schemas.DeleteSchemaRequest;
import io.millrace.api.schemas.DeleteSchemaVersionRequest;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.schemas.Versions.Versioned;
import io.millrace.wire.Caller;

import java.time.InstantSource;

/// `DeleteSchema` with all versions, and `DeleteSchemaVersion`; the schema goes with its last
/// version. A discovered schema is inferred anew from what comes next. Error: `NotFoundException`.
/// Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname-schemas-name-schemaname.html).
final class DeleteSchema {
    private final Store store;
    private final InstantSource clock;
    private final Registries registries;
    private final Versions versions;
    private final Discoverers discoverers;

    DeleteSchema(
            Store store,
            InstantSource clock,
            Registries registries,
            Versions versions,
            Discoverers discoverers) {
        this.store = store;
        this.clock = clock;
        this.registries = registries;
        this.versions = versions;
        this.discoverers = discoverers;
    }

    Unit all(Caller caller, DeleteSchemaRequest request) {
        Place place = Place.of(caller);
        store.write(tx -> {
            StoredRegistry registry =
                    registries.requireChangeable(tx, place, request.registryName());
            versions.delete(tx, registry, versions.require(tx, registry, request.schemaName()));
            forget(tx, place, registry);
            return true;
        });
        return Unit.UNIT;
    }

    Unit version(Caller caller, DeleteSchemaVersionRequest request) {
        Place place = Place.of(caller);
        long nowMillis = clock.millis();
        store.write(tx -> {
            StoredRegistry registry =
                    registries.requireChangeable(tx, place, request.registryName());
            Versioned versioned =
                    versions.require(tx, registry, request.schemaName(), request.schemaVersion());
            versions.delete(tx, registry, versioned, nowMillis);
            tx.delete(SchemasKeys.inferred(versioned.schema().number()));
            forget(tx, place, registry);
            return true;
        });
        return Unit.UNIT;
    }

    private void forget(Transaction tx, Place place, StoredRegistry registry) {
        if (registry.name().equals(Registries.DISCOVERED)) {
            discoverers.raiseEpochs(tx, place);
        }
    }
}
