package io.millrace.service.events;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.secret.CustomerKeys;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Optional;

/// The stored buses. Thread-safe.
final class Buses {
    private final InstantSource clock;
    private final Ids ids;
    private final CustomerKeys keys;
    private final Rules rules = new Rules();
    private final ResourceCodec<StoredBus> codec = new ResourceCodec<>(StoredBus.class);

    /// @param keys that buses and archives may be encrypted with
    Buses(InstantSource clock, Ids ids, CustomerKeys keys) {
        this.clock = clock;
        this.ids = ids;
        this.keys = keys;
    }

    /// Requires the key that a bus or an archive is to be encrypted with.
    ///
    /// @param keyId null when there is to be none
    void checkKey(Snapshot snapshot, String accountId, String region, @Nullable String keyId) {
        keys.require(snapshot, accountId, region, keyId, EventsErrors::keyRefused);
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

    /// The bus, for somebody who may do with it what he wants to.
    StoredBus require(Snapshot snapshot, Permission permission) {
        StoredBus bus = find(snapshot, permission.bus()).orElse(null);
        permission.check(bus, creator(snapshot, permission, bus));
        return require(snapshot, permission.bus());
    }

    /// As [#own(Transaction, BusName)], for somebody who may do with it what he wants to.
    StoredBus own(Transaction transaction, Permission permission) {
        require(transaction, permission);
        return own(transaction, permission.bus());
    }

    /// Who made the rule that is meant, or is about to make it.
    private @Nullable String creator(
            Snapshot snapshot, Permission permission, @Nullable StoredBus bus) {
        String rule = permission.rule();
        if (rule == null) {
            return null;
        }
        String asking = permission.caller().accountId();
        return bus == null || bus.policy() == null
                ? asking
                : rules.find(snapshot, bus, rule).map(StoredRule::createdBy).orElse(asking);
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
