package io.millrace.service.schemas;

import io.millrace.api.schemas.DiscovererSummary;
import io.millrace.api.schemas.ListDiscoverersRequest;
import io.millrace.api.schemas.ListDiscoverersResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `ListDiscoverers`: in order of ids. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-discoverers.html).
final class ListDiscoverers implements Operation<ListDiscoverersRequest, ListDiscoverersResponse> {
    private final Store store;
    private final Discoverers discoverers;

    ListDiscoverers(Store store, Discoverers discoverers) {
        this.store = store;
        this.discoverers = discoverers;
    }

    @Override
    public ListDiscoverersResponse handle(Caller caller, ListDiscoverersRequest request) {
        Place place = Place.of(caller);
        String after = Page.after(request.nextToken());
        Page<DiscovererSummary> page = new Page<>(request.limit());
        for (StoredDiscoverer each : store.read(snapshot -> discoverers.all(snapshot, place))) {
            if (each.id().compareTo(after) > 0
                    && begins(each.id(), request.discovererIdPrefix())
                    && begins(each.sourceArn(), request.sourceArnPrefix())
                    && !page.add(each.id(), summary(place, each))) {
                break;
            }
        }
        return ListDiscoverersResponse.builder()
                .discoverers(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private static boolean begins(String text, @Nullable String prefix) {
        return prefix == null || text.startsWith(prefix);
    }

    private static DiscovererSummary summary(Place place, StoredDiscoverer discoverer) {
        return DiscovererSummary.builder()
                .discovererId(discoverer.id())
                .discovererArn(place.discovererArn(discoverer.id()))
                .sourceArn(discoverer.sourceArn())
                .state(discoverer.state())
                .crossAccount(discoverer.crossAccount())
                .tags(discoverer.tags())
                .build();
    }
}
