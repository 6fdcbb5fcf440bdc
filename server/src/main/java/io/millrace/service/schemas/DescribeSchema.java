package io.millrace.service.schemas;

import io.millrace.api.schemas.DescribeSchemaRequest;
import io.millrace.api.schemas.DescribeSchemaResponse;
import io.millrace.engine.Store;
import io.millrace.service.schemas.Versions.Versioned;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;

/// `DescribeSchema`: a schema with the content of one version, the newest unless another is asked
/// for. Error: `NotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname-schemas-name-schemaname.html).
final class DescribeSchema implements Operation<DescribeSchemaRequest, DescribeSchemaResponse> {
    private final Store store;
    private final Registries registries;
    private final Versions versions;

    DescribeSchema(Store store, Registries registries, Versions versions) {
        this.store = store;
        this.registries = registries;
        this.versions = versions;
    }

    @Override
    public DescribeSchemaResponse handle(Caller caller, DescribeSchemaRequest request) {
        Place place = Place.of(caller);
        Versioned found =
                store.read(snapshot ->
                        versions.require(
                                snapshot,
                                registries.require(snapshot, place, request.registryName()),
                                request.schemaName(),
                                request.schemaVersion()));
        return DescribeSchemaResponse.builder()
                .schemaName(found.schema().name())
                .schemaArn(place.schemaArn(request.registryName(), found.schema().name()))
                .schemaVersion(found.version().version())
                .type(found.version().type())
                .content(found.version().content())
                .description(found.schema().description())
                .tags(found.schema().tags())
                .lastModified(Instant.ofEpochMilli(found.schema().modifiedMillis()))
                .versionCreatedDate(Instant.ofEpochMilli(found.version().createdMillis()))
                .build();
    }
}
