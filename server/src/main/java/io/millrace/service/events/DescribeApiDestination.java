package io.millrace.service.events;

import io.millrace.api.events.DescribeApiDestinationRequest;
import io.millrace.api.events.DescribeApiDestinationResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeApiDestination`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeApiDestination.html).
final class DescribeApiDestination
        implements Operation<DescribeApiDestinationRequest, DescribeApiDestinationResponse> {
    private final Store store;
    private final Destinations destinations;

    DescribeApiDestination(Store store, Destinations destinations) {
        this.store = store;
        this.destinations = destinations;
    }

    @Override
    public DescribeApiDestinationResponse handle(
            Caller caller, DescribeApiDestinationRequest request) {
        return store.read(s -> shape(s, destinations.require(s, caller, request.name())));
    }

    private DescribeApiDestinationResponse shape(Snapshot snapshot, StoredDestination found) {
        return DescribeApiDestinationResponse.builder()
                .apiDestinationArn(found.arn().toString())
                .name(found.name())
                .description(found.description())
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
