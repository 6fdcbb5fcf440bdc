package io.millrace.service.schemas;

import io.millrace.api.schemas.ListSchemasRequest;
import io.millrace.api.schemas.ListSchemasResponse;
import io.millrace.api.schemas.SchemaSummary;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;

/// `ListSchemas`: in order of names. Error: `NotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname-schemas.html).
final class ListSchemas implements Operation<ListSchemasRequest, ListSchemasResponse> {
    private final Store store;
    private final Registries registries;
    private final Versions versions;

    ListSchemas(Store store, Registries registries, Versions versions) {
        this.store = store;
        this.registries = registries;
        this.versions = versions;
    }

    @Override
    public ListSchemasResponse handle(Caller caller, ListSchemasRequest request) {
        Place place = Place.of(caller);
        Page<SchemaSummary> page = store.read(snapshot -> page(snapshot, place, request));
        return ListSchemasResponse.builder()
                .schemas(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private Page<SchemaSummary> page(Snapshot snapshot, Place place, ListSchemasRequest request) {
        StoredRegistry registry = registries.require(snapshot, place, request.registryName());
        Page<SchemaSummary> page = new Page<>(request.limit());
        String after = Page.after(request.nextToken());
        String prefix = request.schemaNamePrefix() == null ? "" : request.schemaNamePrefix();
        for (StoredSchema schema :
                versions.page(snapshot, registry, after, prefix, SchemasLimits.PAGE_SIZE + 1)) {
            SchemaSummary summary =
                    SchemaSummary.builder()
                            .schemaName(schema.name())
                            .schemaArn(place.schemaArn(registry.name(), schema.name()))
                            .lastModified(Instant.ofEpochMilli(schema.modifiedMillis()))
                            .tags(schema.tags())
                            .versionCount(schema.versionCount())
                            .build();
            if (!page.add(schema.name(), summary)) {
                break;
            }
        }
        return page;
    }
}
