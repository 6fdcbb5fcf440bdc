package io.millrace.service.schemas;

import io.millrace.api.schemas.UpdateRegistryRequest;
import io.millrace.api.schemas.UpdateRegistryResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `UpdateRegistry`: changes a registry's description. Error: `NotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname.html).
final class UpdateRegistry implements Operation<UpdateRegistryRequest, UpdateRegistryResponse> {
    private final Store store;
    private final Registries registries;

    UpdateRegistry(Store store, Registries registries) {
        this.store = store;
        this.registries = registries;
    }

    @Override
    public UpdateRegistryResponse handle(Caller caller, UpdateRegistryRequest request) {
        Place place = Place.of(caller);
        StoredRegistry registry = store.write(tx -> update(tx, place, request));
        return UpdateRegistryResponse.builder()
                .registryName(registry.name())
                .registryArn(place.registryArn(registry.name()))
                .description(registry.description())
                .tags(registry.tags())
                .build();
    }

    private StoredRegistry update(Transaction tx, Place place, UpdateRegistryRequest request) {
        StoredRegistry before = registries.requireChangeable(tx, place, request.registryName());
        if (request.description() == null) {
            return before;
        }
        StoredRegistry registry = before.withDescription(request.description());
        registries.put(tx, place, registry);
        return registry;
    }
}
