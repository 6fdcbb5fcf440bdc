package io.millrace.service.schemas;

import io.millrace.api.schemas.CreateDiscovererRequest;
import io.millrace.api.schemas.CreateDiscovererResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.Map;

/// `CreateDiscoverer`: infers schemas from what comes onto a bus, from now on. Durable when it
/// returns. Errors: `ConflictException` when the bus has a discoverer, `BadRequestException`.
/// Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-discoverers.html).
final class CreateDiscoverer
        implements Operation<CreateDiscovererRequest, CreateDiscovererResponse> {
    private static final String BUS = "event-bus/";

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Registries registries;
    private final Discoverers discoverers;

    CreateDiscoverer(
            Store store,
            InstantSource clock,
            Ids ids,
            Registries registries,
            Discoverers discoverers) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.registries = registries;
        this.discoverers = discoverers;
    }

    @Override
    public CreateDiscovererResponse handle(Caller caller, CreateDiscovererRequest request) {
        Place place = Place.of(caller);
        Arn bus = bus(place, request.sourceArn());
        StoredDiscoverer discoverer =
                new StoredDiscoverer(
                        "events-" + bus.resource().replace('/', '-'),
                        ids.number(),
                        request.description(),
                        bus.toString(),
                        request.crossAccount() == null || request.crossAccount(),
                        true,
                        SchemasTags.of(request.tags()));
        store.write(tx -> create(tx, place, discoverer));
        return CreateDiscovererResponse.builder()
                .discovererId(discoverer.id())
                .discovererArn(place.discovererArn(discoverer.id()))
                .description(discoverer.description())
                .sourceArn(discoverer.sourceArn())
                .state(discoverer.state())
                .crossAccount(discoverer.crossAccount())
                .tags(discoverer.tags())
                .build();
    }

    private static Arn bus(Place place, String sourceArn) {
        return Arn.parse(sourceArn)
                .filter(arn -> arn.service().equals("events"))
                .filter(arn -> arn.resource().startsWith(BUS))
                .filter(arn -> arn.resource().length() > BUS.length())
                .filter(arn -> arn.accountId().equals(place.accountId()))
                .filter(arn -> arn.region().equals(place.region()))
                .orElseThrow(() ->
                        SchemasErrors.badRequest(
                                "SourceArn "
                                        + sourceArn
                                        + " is not an event bus of this account and"
                                        + " region."));
    }

    private boolean create(Transaction tx, Place place, StoredDiscoverer discoverer) {
        if (discoverers.find(tx, place, discoverer.id()).isPresent()) {
            throw SchemasErrors.discovererExists(discoverer.sourceArn());
        }
        if (discoverers.all(tx, place).size() >= SchemasLimits.DISCOVERERS_MAX) {
            throw SchemasErrors.limitExceeded("discoverers", SchemasLimits.DISCOVERERS_MAX);
        }
        if (registries.find(tx, place, Registries.DISCOVERED).isEmpty()) {
            registries.put(
                    tx,
                    place,
                    StoredRegistry.of(
                            Registries.DISCOVERED, ids.number(), clock.millis(), null, Map.of()));
        }
        discoverers.put(tx, place, discoverer);
        return true;
    }
}
