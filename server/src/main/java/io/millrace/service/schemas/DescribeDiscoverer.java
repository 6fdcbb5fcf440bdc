package io.millrace.service.schemas;

import io.millrace.api.schemas.DescribeDiscovererRequest;
import io.millrace.api.schemas.DescribeDiscovererResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeDiscoverer`. Error: `NotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-discoverers-id-discovererid.html).
final class DescribeDiscoverer
        implements Operation<DescribeDiscovererRequest, DescribeDiscovererResponse> {
    private final Store store;
    private final Discoverers discoverers;

    DescribeDiscoverer(Store store, Discoverers discoverers) {
        this.store = store;
        this.discoverers = discoverers;
    }

    @Override
    public DescribeDiscovererResponse handle(Caller caller, DescribeDiscovererRequest request) {
        Place place = Place.of(caller);
        StoredDiscoverer discoverer =
                store.read(
                        snapshot -> discoverers.require(snapshot, place, request.discovererId()));
        return DescribeDiscovererResponse.builder()
                .discovererId(discoverer.id())
                .discovererArn(place.discovererArn(discoverer.id()))
                .description(discoverer.description())
                .sourceArn(discoverer.sourceArn())
                .state(discoverer.state())
                .crossAccount(discoverer.crossAccount())
                .tags(discoverer.tags())
                .build();
    }
}
