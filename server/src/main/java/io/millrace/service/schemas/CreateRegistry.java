package io.millrace.service.schemas;

import io.millrace.api.schemas.CreateRegistryRequest;
import io.millrace.api.schemas.CreateRegistryResponse;
import io.millrace.engine.Cursor;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `CreateRegistry`: makes a registry for schemas of one's own. Durable when it returns. Errors:
/// `ConflictException`, `BadRequestException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname.html).
final class CreateRegistry implements Operation<CreateRegistryRequest, CreateRegistryResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Registries registries;

    CreateRegistry(Store store, InstantSource clock, Ids ids, Registries registries) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.registries = registries;
    }

    @Override
    public CreateRegistryResponse handle(Caller caller, CreateRegistryRequest request) {
        Place place = Place.of(caller);
        Names.checkRegistry(request.registryName());
        StoredRegistry registry =
                StoredRegistry.of(
                        request.registryName(),
                        ids.number(),
                        clock.millis(),
                        request.description(),
                        SchemasTags.of(request.tags()));
        store.write(tx -> create(tx, place, registry));
        return CreateRegistryResponse.builder()
                .registryName(registry.name())
                .registryArn(place.registryArn(registry.name()))
                .description(registry.description())
                .tags(registry.tags())
                .build();
    }

    private boolean create(Transaction tx, Place place, StoredRegistry registry) {
        if (registries.find(tx, place, registry.name()).isPresent()) {
            throw SchemasErrors.registryExists(registry.name());
        }
        int count = 0;
        try (Cursor cursor = tx.prefix(SchemasKeys.registries(place))) {
            while (cursor.next()) {
                count++;
            }
        }
        if (count >= SchemasLimits.REGISTRIES_MAX) {
            throw SchemasErrors.limitExceeded("registries", SchemasLimits.REGISTRIES_MAX);
        }
        registries.put(tx, place, registry);
        return true;
    }
}
