package io.millrace.service.schemas;

import io.millrace.api.Unit;
import io.millrace.api.schemas.DeleteRegistryRequest;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DeleteRegistry`: deletes a registry with all its schemas. Error: `NotFoundException`. Source:
/// [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname.html).
final class DeleteRegistry implements Operation<DeleteRegistryRequest, Unit> {
    private final Store store;
    private final Registries registries;
    private final Versions versions;
    private final Discoverers discoverers;

    DeleteRegistry(Store store, Registries registries, Versions versions, Discoverers discoverers) {
        this.store = store;
        this.registries = registries;
        this.versions = versions;
        this.discoverers = discoverers;
    }

    @Override
    public Unit handle(Caller caller, DeleteRegistryRequest request) {
        Place place = Place.of(caller);
        store.write(tx -> delete(tx, place, request.registryName()));
        return Unit.UNIT;
    }

    private boolean delete(Transaction tx, Place place, String name) {
        StoredRegistry registry = registries.requireChangeable(tx, place, name);
        if (name.equals(Registries.DISCOVERED) && discoverers.any(tx, place)) {
            throw SchemasErrors.badRequest(
                    "Registry with name " + name + " cannot be deleted while discoverers exist.");
        }
        for (StoredSchema schema : versions.page(tx, registry, "", "", SchemasLimits.SCHEMAS_MAX)) {
            versions.delete(tx, registry, schema);
        }
        tx.delete(SchemasKeys.registry(place, name));
        return true;
    }
}
