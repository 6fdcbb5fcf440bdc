package io.millrace.service.schemas;

import io.millrace.api.Unit;
import io.millrace.api.schemas.DeleteDiscovererRequest;
import io.millrace.api.schemas.StartDiscovererRequest;
import io.millrace.api.schemas.StartDiscovererResponse;
import io.millrace.api.schemas.StopDiscovererRequest;
import io.millrace.api.schemas.StopDiscovererResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

/// `StartDiscoverer`, `StopDiscoverer` and `DeleteDiscoverer`. A stopped discoverer sees no more
/// events; what it saw before is still inferred from. Error: `NotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-discoverers-id-discovererid-start.html).
final class DiscovererStates {
    private final Store store;
    private final Discoverers discoverers;

    DiscovererStates(Store store, Discoverers discoverers) {
        this.store = store;
        this.discoverers = discoverers;
    }

    StartDiscovererResponse start(Caller caller, StartDiscovererRequest request) {
        StoredDiscoverer discoverer = set(Place.of(caller), request.discovererId(), true);
        return StartDiscovererResponse.builder()
                .discovererId(discoverer.id())
                .state(discoverer.state())
                .build();
    }

    StopDiscovererResponse stop(Caller caller, StopDiscovererRequest request) {
        StoredDiscoverer discoverer = set(Place.of(caller), request.discovererId(), false);
        return StopDiscovererResponse.builder()
                .discovererId(discoverer.id())
                .state(discoverer.state())
                .build();
    }

    Unit delete(Caller caller, DeleteDiscovererRequest request) {
        Place place = Place.of(caller);
        store.write(tx -> {
            discoverers.delete(tx, place, discoverers.require(tx, place, request.discovererId()));
            return true;
        });
        return Unit.UNIT;
    }

    private StoredDiscoverer set(Place place, String id, boolean started) {
        return store.write(tx -> {
            StoredDiscoverer discoverer = discoverers.require(tx, place, id).withState(started);
            discoverers.put(tx, place, discoverer);
            return discoverer;
        });
    }
}
