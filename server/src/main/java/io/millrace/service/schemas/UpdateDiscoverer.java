package io.millrace.service.schemas;

import io.millrace.api.schemas.UpdateDiscovererRequest;
import io.millrace.api.schemas.UpdateDiscovererResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `UpdateDiscoverer`: changes the description and whether events of other accounts count. Error:
/// `NotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-discoverers-id-discovererid.html).
final class UpdateDiscoverer
        implements Operation<UpdateDiscovererRequest, UpdateDiscovererResponse> {
    private final Store store;
    private final Discoverers discoverers;

    UpdateDiscoverer(Store store, Discoverers discoverers) {
        this.store = store;
        this.discoverers = discoverers;
    }

    @Override
    public UpdateDiscovererResponse handle(Caller caller, UpdateDiscovererRequest request) {
        Place place = Place.of(caller);
        StoredDiscoverer discoverer = store.write(tx -> update(tx, place, request));
        return UpdateDiscovererResponse.builder()
                .discovererId(discoverer.id())
                .discovererArn(place.discovererArn(discoverer.id()))
                .description(discoverer.description())
                .sourceArn(discoverer.sourceArn())
                .state(discoverer.state())
                .crossAccount(discoverer.crossAccount())
                .tags(discoverer.tags())
                .build();
    }

    private StoredDiscoverer update(Transaction tx, Place place, UpdateDiscovererRequest request) {
        StoredDiscoverer before = discoverers.require(tx, place, request.discovererId());
        StoredDiscoverer discoverer =
                before.with(
                        request.description() == null
                                ? before.description()
                                : request.description(),
                        request.crossAccount() == null
                                ? before.crossAccount()
                                : request.crossAccount());
        discoverers.put(tx, place, discoverer);
        return discoverer;
    }
}
