package io.millrace.service.schemas;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The discoverers of all accounts. Thread-safe.
final class Discoverers {
    private final Ids ids;
    private final ResourceCodec<StoredDiscoverer> codec =
            new ResourceCodec<>(StoredDiscoverer.class);
    private final ResourceCodec<StartedDiscoverer> started =
            new ResourceCodec<>(StartedDiscoverer.class);

    Discoverers(Ids ids) {
        this.ids = ids;
    }

    Optional<StoredDiscoverer> find(Snapshot snapshot, Place place, String id) {
        byte @Nullable [] value = snapshot.get(SchemasKeys.discoverer(place, id));
        return Optional.ofNullable(codec.decodeOrNull(value));
    }

    StoredDiscoverer require(Snapshot snapshot, Place place, String id) {
        return find(snapshot, place, id).orElseThrow(() -> SchemasErrors.discovererNotFound(id));
    }

    /// In order of ids; there are few: see [SchemasLimits#DISCOVERERS_MAX].
    List<StoredDiscoverer> all(Snapshot snapshot, Place place) {
        List<StoredDiscoverer> all = new ArrayList<>();
        try (Cursor cursor = snapshot.prefix(SchemasKeys.discoverers(place))) {
            while (cursor.next()) {
                all.add(codec.decode(cursor.value()));
            }
        }
        return all;
    }

    boolean any(Snapshot snapshot, Place place) {
        return !all(snapshot, place).isEmpty();
    }

    /// Writes the record, and starts or stops as it says.
    void put(Transaction tx, Place place, StoredDiscoverer discoverer) {
        tx.put(SchemasKeys.discoverer(place, discoverer.id()), codec.encode(discoverer));
        byte[] key = SchemasKeys.started(discoverer.sourceArn());
        if (discoverer.started()) {
            tx.put(
                    key,
                    started.encode(
                            new StartedDiscoverer(
                                    place.accountId(),
                                    place.region(),
                                    discoverer.id(),
                                    discoverer.number(),
                                    discoverer.crossAccount(),
                                    ids.number())));
        } else {
            tx.delete(key);
        }
    }

    /// Deletes a discoverer with all that waits for it; what it discovered stays.
    void delete(Transaction tx, Place place, StoredDiscoverer discoverer) {
        tx.delete(SchemasKeys.discoverer(place, discoverer.id()));
        tx.delete(SchemasKeys.started(discoverer.sourceArn()));
        byte[] pending = SchemasKeys.pending(discoverer.number());
        tx.deleteRange(pending, Bytes.prefixEnd(pending));
        tx.delete(SchemasKeys.dropped(discoverer.number()));
    }

    /// Makes servers forget which shapes of events are known, because a schema is gone.
    void raiseEpochs(Transaction tx, Place place) {
        for (StoredDiscoverer discoverer : all(tx, place)) {
            if (discoverer.started()) {
                put(tx, place, discoverer);
            }
        }
    }

    /// Who is started on a bus.
    Optional<StartedDiscoverer> startedOn(Snapshot snapshot, String busArn) {
        byte @Nullable [] value = snapshot.get(SchemasKeys.started(busArn));
        return Optional.ofNullable(started.decodeOrNull(value));
    }
}
