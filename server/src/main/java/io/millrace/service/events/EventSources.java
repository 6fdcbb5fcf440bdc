package io.millrace.service.events;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The stored partner event sources. One that stays pending for two weeks is as good as deleted,
/// from that moment on. Thread-safe.
final class EventSources {
    static final String PREFIX = "aws.partner/";

    /// On which side of a source an account stands.
    enum Side {
        PARTNER,
        CUSTOMER
    }

    private final InstantSource clock;
    private final Buses buses;
    private final ResourceCodec<StoredEventSource> codec =
            new ResourceCodec<>(StoredEventSource.class);

    EventSources(InstantSource clock, Buses buses) {
        this.clock = clock;
        this.buses = buses;
    }

    static Arn arn(String region, String name) {
        return Arn.of("events", region, "", "event-source/" + name);
    }

    /// As it is now; empty when there is none, or when it has expired and nobody has a bus of it.
    Optional<StoredEventSource> find(Snapshot snapshot, String region, String name) {
        StoredEventSource source =
                codec.decodeOrNull(snapshot.get(EventsKeys.eventSource(region, name)));
        if (source == null || !isExpired(source)) {
            return Optional.ofNullable(source);
        }
        return hasBus(snapshot, region, source) ? Optional.of(source.deleted()) : Optional.empty();
    }

    /// As a customer sees it: also after its partner has deleted it, while there is a bus of it.
    Optional<StoredEventSource> ofCustomer(
            Snapshot snapshot, String accountId, String region, String name) {
        return find(snapshot, region, name)
                .filter(source -> source.customerAccountId().equals(accountId));
    }

    /// As its partner sees it: not once it is deleted.
    Optional<StoredEventSource> ofPartner(
            Snapshot snapshot, String accountId, String region, String name) {
        return find(snapshot, region, name)
                .filter(source ->
                        source.partnerAccountId().equals(accountId)
                                && !source.is(StoredEventSource.DELETED));
    }

    boolean hasBus(Snapshot snapshot, String region, StoredEventSource source) {
        BusName bus = new BusName(source.customerAccountId(), region, source.name());
        return buses.find(snapshot, bus).isPresent();
    }

    void put(Transaction tx, String region, StoredEventSource source) {
        String name = source.name();
        tx.put(EventsKeys.eventSource(region, name), codec.encode(source));
        tx.put(
                EventsKeys.eventSource(source.partnerAccountId(), region, Side.PARTNER, name),
                Bytes.EMPTY);
        tx.put(
                EventsKeys.eventSource(source.customerAccountId(), region, Side.CUSTOMER, name),
                Bytes.EMPTY);
    }

    void remove(Transaction tx, String region, StoredEventSource source) {
        String name = source.name();
        tx.delete(EventsKeys.eventSource(region, name));
        tx.delete(EventsKeys.eventSource(source.partnerAccountId(), region, Side.PARTNER, name));
        tx.delete(EventsKeys.eventSource(source.customerAccountId(), region, Side.CUSTOMER, name));
    }

    /// When a source expires that begins to wait now.
    long expiryMillis() {
        return clock.millis() + EventsLimits.EVENT_SOURCE_PENDING.toMillis();
    }

    /// What becomes of a source when the customer deletes the bus of it.
    void busDeleted(Transaction tx, BusName bus) {
        ofCustomer(tx, bus.accountId(), bus.region(), bus.name())
                .ifPresent(source -> {
                    if (source.is(StoredEventSource.DELETED)) {
                        remove(tx, bus.region(), source);
                    } else {
                        put(tx, bus.region(), source.pending(expiryMillis()));
                    }
                });
    }

    /// The names of an account's sources that begin with `prefix`, from behind `after` on.
    List<String> names(
            Snapshot snapshot,
            String accountId,
            String region,
            Side side,
            String prefix,
            String after) {
        byte[] all = EventsKeys.eventSources(accountId, region, side);
        String first = prefix.compareTo(after) > 0 ? prefix : after;
        List<String> names = new ArrayList<>();
        try (Cursor cursor =
                snapshot.range(
                        EventsKeys.eventSource(accountId, region, side, first),
                        Bytes.prefixEnd(all),
                        Snapshot.Direction.FORWARD)) {
            while (cursor.next() && names.size() <= EventsLimits.EVENT_SOURCES_MAX) {
                String name = EventsKeys.eventSourceName(cursor.key());
                if (!name.startsWith(prefix)) {
                    break;
                }
                if (!name.equals(after)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /// Removes what has expired and is shown to nobody any more. False when there are no sources.
    boolean sweep(Store store) {
        List<byte[]> keys =
                store.read(snapshot -> {
                    List<byte[]> found = new ArrayList<>();
                    try (Cursor cursor = snapshot.prefix(EventsKeys.eventSources())) {
                        while (cursor.next()) {
                            found.add(cursor.key());
                        }
                    }
                    return found;
                });
        for (byte[] key : keys) {
            store.write(tx -> removeExpired(tx, key));
        }
        return !keys.isEmpty();
    }

    private boolean removeExpired(Transaction tx, byte[] key) {
        StoredEventSource source = codec.decodeOrNull(tx.get(key));
        String region = EventsKeys.eventSourceRegion(key);
        if (source == null || !isExpired(source) || hasBus(tx, region, source)) {
            return false;
        }
        remove(tx, region, source);
        return true;
    }

    private boolean isExpired(StoredEventSource source) {
        return source.is(StoredEventSource.PENDING) && source.expiresMillis() <= clock.millis();
    }
}
