package io.millrace.service.events;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Ids;

import java.time.InstantSource;
import java.util.Optional;

/// The stored buses. Thread-safe.
final class Buses {
    private final InstantSource clock;
    private final Ids ids;
    private final ResourceCodec<StoredBus> codec = new ResourceCodec<>(StoredBus.class);

    Buses(InstantSource clock, Ids ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /// The default bus is always there.
    Optional<StoredBus> find(Snapshot snapshot, BusName name) {
        StoredBus bus = codec.decodeOrNull(snapshot.get(EventsKeys.bus(name)));
        return bus == null && name.isDefault()
                ? Optional.of(StoredBus.unstoredDefault())
                : Optional.ofNullable(bus);
    }

    StoredBus require(Snapshot snapshot, BusName name) {
        return find(snapshot, name).orElseThrow(() -> EventsErrors.busNotFound(name.name()));
    }

    /// The bus, for writing something that belongs to it: stores the default bus at its first use.
    StoredBus own(Transaction transaction, BusName name) {
        StoredBus bus = require(transaction, name);
        if (bus.number() != StoredBus.UNSTORED) {
            return bus;
        }
        StoredBus stored = StoredBus.of(name.name(), ids.number(), clock.millis());
        put(transaction, name, stored);
        return stored;
    }

    void put(Transaction transaction, BusName name, StoredBus bus) {
        transaction.put(EventsKeys.bus(name), codec.encode(bus));
    }

    StoredBus decode(byte[] value) {
        return codec.decode(value);
    }
}
