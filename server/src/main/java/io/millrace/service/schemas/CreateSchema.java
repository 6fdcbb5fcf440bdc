package io.millrace.service.schemas;

import io.millrace.api.schemas.CreateSchemaRequest;
import io.millrace.api.schemas.CreateSchemaResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.schemas.Versions.Definition;
import io.millrace.service.schemas.Versions.Versioned;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;

/// `CreateSchema`: puts a schema, as version 1, into a registry. Durable when it returns, with the
/// events that tell of it. Errors: `NotFoundException` for the registry, `ConflictException`,
/// `BadRequestException` for content that is no schema. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname-schemas-name-schemaname.html).
final class CreateSchema implements Operation<CreateSchemaRequest, CreateSchemaResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Registries registries;
    private final Versions versions;

    CreateSchema(Store store, InstantSource clock, Registries registries, Versions versions) {
        this.store = store;
        this.clock = clock;
        this.registries = registries;
        this.versions = versions;
    }

    @Override
    public CreateSchemaResponse handle(Caller caller, CreateSchemaRequest request) {
        Place place = Place.of(caller);
        Names.checkSchema(request.schemaName());
        ContentCheck.check(request.type(), request.content());
        Definition definition =
                new Definition(
                        request.schemaName(),
                        request.type(),
                        request.content(),
                        request.description(),
                        SchemasTags.of(request.tags()));
        long nowMillis = clock.millis();
        Versioned made =
                store.write(tx -> create(tx, place, request.registryName(), definition, nowMillis));
        return CreateSchemaResponse.builder()
                .schemaName(made.schema().name())
                .schemaArn(place.schemaArn(request.registryName(), made.schema().name()))
                .schemaVersion(made.version().version())
                .type(made.version().type())
                .description(made.schema().description())
                .tags(made.schema().tags())
                .lastModified(Instant.ofEpochMilli(made.schema().modifiedMillis()))
                .versionCreatedDate(Instant.ofEpochMilli(made.version().createdMillis()))
                .build();
    }

    private Versioned create(
            Transaction tx, Place place, String name, Definition definition, long nowMillis) {
        StoredRegistry registry = registries.requireChangeable(tx, place, name);
        if (versions.find(tx, registry, definition.name()).isPresent()) {
            throw SchemasErrors.schemaExists(definition.name());
        }
        return versions.create(tx, place, registry, definition, nowMillis);
    }
}
