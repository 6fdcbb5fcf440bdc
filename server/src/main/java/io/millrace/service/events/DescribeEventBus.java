package io.millrace.service.events;

import io.millrace.api.events.DescribeEventBusRequest;
import io.millrace.api.events.DescribeEventBusResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;

/// `DescribeEventBus`. Error: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html).
final class DescribeEventBus
        implements Operation<DescribeEventBusRequest, DescribeEventBusResponse> {
    private final Store store;
    private final Buses buses;

    DescribeEventBus(Store store, Buses buses) {
        this.store = store;
        this.buses = buses;
    }

    @Override
    public DescribeEventBusResponse handle(Caller caller, DescribeEventBusRequest request) {
        BusName name = BusName.of(caller, request.name());
        StoredBus bus =
                store.read(snapshot ->
                        buses.require(
                                snapshot, Permission.onBus(caller, "DescribeEventBus", name)));
        boolean stored = bus.number() != StoredBus.UNSTORED;
        return DescribeEventBusResponse.builder()
                .name(bus.name())
                .arn(name.arn().toString())
                .description(bus.description())
                .kmsKeyIdentifier(bus.kmsKeyIdentifier())
                .deadLetterConfig(bus.deadLetterConfig())
                .policy(bus.policy())
                .logConfig(bus.logConfig())
                .creationTime(stored ? Instant.ofEpochMilli(bus.createdMillis()) : null)
                .lastModifiedTime(stored ? Instant.ofEpochMilli(bus.modifiedMillis()) : null)
                .build();
    }
}
