package io.millrace.service.schemas;

import io.millrace.delivery.EventBuses;
import io.millrace.engine.Transaction;
import io.millrace.pattern.JsonPathText;
import io.millrace.service.schemas.Versions.Versioned;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Tells the default bus of schemas and versions that are made, in the transaction that makes them.
/// Source: [EventBridge Schemas
/// events](https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-schemas.html).
final class SchemaEvents {
    static final String SOURCE = "aws.schemas";
    static final String SCHEMA_CREATED = "Schema Created";
    static final String VERSION_CREATED = "Schema Version Created";
    private static final String SENDER_ID = "schemas.amazonaws.com";

    private final EventBuses buses;

    SchemaEvents(EventBuses buses) {
        this.buses = buses;
    }

    void schemaCreated(Transaction tx, Place place, String registry, Versioned made) {
        put(tx, place, registry, made, SCHEMA_CREATED);
    }

    void versionCreated(Transaction tx, Place place, String registry, Versioned made) {
        put(tx, place, registry, made, VERSION_CREATED);
    }

    private void put(
            Transaction tx, Place place, String registry, Versioned made, String detailType) {
        String arn = place.schemaArn(registry, made.schema().name());
        Instant created = Instant.ofEpochMilli(made.version().createdMillis());
        String detail =
                "{\"SchemaName\":"
                        + JsonPathText.quote(made.schema().name())
                        + ",\"SchemaType\":\""
                        + made.version().type()
                        + "\",\"RegistryName\":"
                        + JsonPathText.quote(registry)
                        + ",\"CreationDate\":\""
                        + created.truncatedTo(ChronoUnit.SECONDS)
                        + "\",\"Version\":\""
                        + made.version().version()
                        + "\"}";
        buses.put( // when that bus cannot take it, the schema is made all the same
                tx,
                EventBuses.defaultBus(place.accountId(), place.region()),
                new EventBuses.Event(SOURCE, detailType, detail, List.of(arn), created, null),
                SENDER_ID,
                arn);
    }
}
