package io.millrace.service.events;

import io.millrace.api.events.EventBus;
import io.millrace.api.events.ListEventBusesRequest;
import io.millrace.api.events.ListEventBusesResponse;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// `ListEventBuses`: in order of names, the default bus among them. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListEventBuses.html).
final class ListEventBuses implements Operation<ListEventBusesRequest, ListEventBusesResponse> {
    private final Store store;
    private final Buses buses;

    ListEventBuses(Store store, Buses buses) {
        this.store = store;
        this.buses = buses;
    }

    @Override
    public ListEventBusesResponse handle(Caller caller, ListEventBusesRequest request) {
        @Nullable String after = Page.after(request.nextToken());
        String prefix = request.namePrefix() == null ? "" : request.namePrefix();
        Page<EventBus> page = new Page<>(request.limit());
        for (StoredBus bus : store.read(snapshot -> all(snapshot, caller)).values()) {
            boolean wanted =
                    bus.name().startsWith(prefix)
                            && (after == null || bus.name().compareTo(after) > 0);
            if (wanted && !page.add(bus.name(), shape(caller, bus))) {
                break;
            }
        }
        return ListEventBusesResponse.builder()
                .eventBuses(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private Map<String, StoredBus> all(Snapshot snapshot, Caller caller) {
        Map<String, StoredBus> all = new TreeMap<>();
        all.put(BusName.DEFAULT, StoredBus.unstoredDefault());
        byte[] from = EventsKeys.buses(caller.accountId(), caller.region());
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(from), Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                StoredBus bus = buses.decode(cursor.value());
                all.put(bus.name(), bus);
            }
        }
        return all;
    }

    private static EventBus shape(Caller caller, StoredBus bus) {
        boolean stored = bus.number() != StoredBus.UNSTORED;
        return EventBus.builder()
                .name(bus.name())
                .arn(BusName.of(caller, bus.name()).arn().toString())
                .description(bus.description())
                .policy(bus.policy())
                .creationTime(stored ? Instant.ofEpochMilli(bus.createdMillis()) : null)
                .lastModifiedTime(stored ? Instant.ofEpochMilli(bus.modifiedMillis()) : null)
                .build();
    }
}
