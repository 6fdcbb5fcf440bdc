package io.millrace.service.schemas;

import io.millrace.api.schemas.ListSchemaVersionsRequest;
import io.millrace.api.schemas.ListSchemaVersionsResponse;
import io.millrace.api.schemas.SchemaVersionSummary;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `ListSchemaVersions`: the newest first. Error: `NotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname-schemas-name-schemaname-versions.html).
final class ListSchemaVersions
        implements Operation<ListSchemaVersionsRequest, ListSchemaVersionsResponse> {
    private final Store store;
    private final Registries registries;
    private final Versions versions;

    ListSchemaVersions(Store store, Registries registries, Versions versions) {
        this.store = store;
        this.registries = registries;
        this.versions = versions;
    }

    @Override
    public ListSchemaVersionsResponse handle(Caller caller, ListSchemaVersionsRequest request) {
        Place place = Place.of(caller);
        Page<SchemaVersionSummary> page = store.read(snapshot -> page(snapshot, place, request));
        return ListSchemaVersionsResponse.builder()
                .schemaVersions(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private Page<SchemaVersionSummary> page(
            Snapshot snapshot, Place place, ListSchemaVersionsRequest request) {
        StoredRegistry registry = registries.require(snapshot, place, request.registryName());
        StoredSchema schema = versions.require(snapshot, registry, request.schemaName());
        Page<SchemaVersionSummary> page = new Page<>(request.limit());
        String after = Page.after(request.nextToken());
        long before = after.isEmpty() ? Long.MAX_VALUE : Names.version(after);
        for (StoredVersion version :
                versions.newestFirst(snapshot, schema, before, SchemasLimits.PAGE_SIZE + 1)) {
            SchemaVersionSummary summary =
                    SchemaVersionSummary.builder()
                            .schemaName(schema.name())
                            .schemaArn(place.schemaArn(registry.name(), schema.name()))
                            .schemaVersion(version.version())
                            .type(version.type())
                            .build();
            if (!page.add(version.version(), summary)) {
                break;
            }
        }
        return page;
    }
}
