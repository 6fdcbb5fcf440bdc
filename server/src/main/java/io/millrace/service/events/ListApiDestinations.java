package io.millrace.service.events;

import io.millrace.api.events.ApiDestination;
import io.millrace.api.events.ListApiDestinationsRequest;
import io.millrace.api.events.ListApiDestinationsResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `ListApiDestinations`: in order of names. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListApiDestinations.html).
final class ListApiDestinations
        implements Operation<ListApiDestinationsRequest, ListApiDestinationsResponse> {
    private final Store store;
    private final Destinations destinations;

    ListApiDestinations(Store store, Destinations destinations) {
        this.store = store;
        this.destinations = destinations;
    }

    @Override
    public ListApiDestinationsResponse handle(Caller caller, ListApiDestinationsRequest request) {
        return store.read(s -> list(s, caller, request));
    }

    private ListApiDestinationsResponse list(
            Snapshot snapshot, Caller caller, ListApiDestinationsRequest request) {
        @Nullable String after = Page.after(request.nextToken());
        @Nullable String connection = request.connectionArn();
        String prefix = request.namePrefix() == null ? "" : request.namePrefix();
        Page<ApiDestination> page = new Page<>(request.limit());
        for (StoredDestination found : destinations.all(snapshot, caller)) {
            boolean wanted =
                    found.name().startsWith(prefix)
                            && (connection == null || found.connectionArn().equals(connection))
                            && (after == null || found.name().compareTo(after) > 0);
            if (wanted && !page.add(found.name(), shape(snapshot, found))) {
                break;
            }
        }
        return ListApiDestinationsResponse.builder()
                .apiDestinations(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private ApiDestination shape(Snapshot snapshot, StoredDestination found) {
        return ApiDestination.builder()
                .apiDestinationArn(found.arn().toString())
                .name(found.name())
                .apiDestinationState(destinations.state(snapshot, found))
                .connectionArn(found.connectionArn())
                .invocationEndpoint(found.endpoint())
                .httpMethod(found.method())
                .invocationRateLimitPerSecond(found.invocationsPerSecond())
                .creationTime(found.created())
                .lastModifiedTime(found.modified())
                .build();
    }
}
