package io.millrace.service.schemas;

import io.millrace.api.schemas.UpdateSchemaRequest;
import io.millrace.api.schemas.UpdateSchemaResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.schemas.Versions.Versioned;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;

/// `UpdateSchema`: changes a schema's description, and adds a version when the content is another
/// than that of the newest version. Durable when it returns, with the event that tells of it.
///
/// A client token that was the last one's does nothing again. Errors: `NotFoundException`,
/// `BadRequestException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname-schemas-name-schemaname.html).
final class UpdateSchema implements Operation<UpdateSchemaRequest, UpdateSchemaResponse> {
    private final Store store;
    private final InstantSource clock;
    private final Registries registries;
    private final Versions versions;

    UpdateSchema(Store store, InstantSource clock, Registries registries, Versions versions) {
        this.store = store;
        this.clock = clock;
        this.registries = registries;
        this.versions = versions;
    }

    @Override
    public UpdateSchemaResponse handle(Caller caller, UpdateSchemaRequest request) {
        Place place = Place.of(caller);
        long nowMillis = clock.millis();
        Versioned updated = store.write(tx -> update(tx, place, request, nowMillis));
        return UpdateSchemaResponse.builder()
                .schemaName(updated.schema().name())
                .schemaArn(place.schemaArn(request.registryName(), updated.schema().name()))
                .schemaVersion(updated.version().version())
                .type(updated.version().type())
                .description(updated.schema().description())
                .tags(updated.schema().tags())
                .lastModified(Instant.ofEpochMilli(updated.schema().modifiedMillis()))
                .versionCreatedDate(Instant.ofEpochMilli(updated.version().createdMillis()))
                .build();
    }

    private Versioned update(
            Transaction tx, Place place, UpdateSchemaRequest request, long nowMillis) {
        StoredRegistry registry = registries.requireChangeable(tx, place, request.registryName());
        Versioned before = versions.require(tx, registry, request.schemaName(), null);
        String token = request.clientTokenId();
        if (token != null && token.equals(before.schema().clientToken())) {
            return before;
        }
        String type = request.type() == null ? before.version().type() : request.type();
        String content = request.content() == null ? before.version().content() : request.content();
        ContentCheck.check(type, content);
        StoredSchema schema = before.schema().withUpdate(nowMillis, request.description(), token);
        if (type.equals(before.version().type()) && content.equals(before.version().content())) {
            versions.put(tx, registry, schema);
            return new Versioned(schema, before.version());
        }
        return versions.add(tx, place, registry, schema, type, content, nowMillis);
    }
}
