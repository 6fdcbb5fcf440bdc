package io.millrace.service.schemas;

import io.millrace.api.schemas.DescribeRegistryRequest;
import io.millrace.api.schemas.DescribeRegistryResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeRegistry`. Error: `NotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname.html).
final class DescribeRegistry
        implements Operation<DescribeRegistryRequest, DescribeRegistryResponse> {
    private final Store store;
    private final Registries registries;

    DescribeRegistry(Store store, Registries registries) {
        this.store = store;
        this.registries = registries;
    }

    @Override
    public DescribeRegistryResponse handle(Caller caller, DescribeRegistryRequest request) {
        Place place = Place.of(caller);
        StoredRegistry registry =
                store.read(snapshot -> registries.require(snapshot, place, request.registryName()));
        return DescribeRegistryResponse.builder()
                .registryName(registry.name())
                .registryArn(place.registryArn(registry.name()))
                .description(registry.description())
                .tags(registry.tags())
                .build();
    }
}
