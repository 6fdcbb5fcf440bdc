package io.millrace.service.schemas;

import io.millrace.api.schemas.ExportSchemaRequest;
import io.millrace.api.schemas.ExportSchemaResponse;
import io.millrace.engine.Store;
import io.millrace.service.schemas.Versions.Versioned;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `ExportSchema`: an OpenAPI 3 schema as JSON Schema, draft 4; one that is that already as it is.
/// Errors: `NotFoundException`, `BadRequestException` for other types. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname-schemas-name-schemaname-export.html).
final class ExportSchema implements Operation<ExportSchemaRequest, ExportSchemaResponse> {
    private final Store store;
    private final Registries registries;
    private final Versions versions;

    ExportSchema(Store store, Registries registries, Versions versions) {
        this.store = store;
        this.registries = registries;
        this.versions = versions;
    }

    @Override
    public ExportSchemaResponse handle(Caller caller, ExportSchemaRequest request) {
        if (!request.type().equals(StoredVersion.JSON_SCHEMA)) {
            throw SchemasErrors.badRequest(
                    "Schemas can only be exported as " + StoredVersion.JSON_SCHEMA + ".");
        }
        Place place = Place.of(caller);
        Versioned found =
                store.read(snapshot ->
                        versions.require(
                                snapshot,
                                registries.require(snapshot, place, request.registryName()),
                                request.schemaName(),
                                request.schemaVersion()));
        return ExportSchemaResponse.builder()
                .content(content(found.version()))
                .schemaArn(place.schemaArn(request.registryName(), found.schema().name()))
                .schemaName(found.schema().name())
                .schemaVersion(found.version().version())
                .type(StoredVersion.JSON_SCHEMA)
                .build();
    }

    private static String content(StoredVersion version) {
        return version.type().equals(StoredVersion.JSON_SCHEMA)
                ? version.content()
                : DraftFour.of(ContentCheck.read(version.content())).toString();
    }
}
