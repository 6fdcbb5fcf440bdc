package io.millrace.service.schemas;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.log.Log;
import io.millrace.service.schemas.Versions.Definition;
import io.millrace.service.schemas.Versions.Versioned;
import io.millrace.storage.ResourceCodec;
import io.millrace.storage.Worker;
import io.millrace.wire.Ids;
import io.millrace.wire.ServiceException;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Infers schemas from the events that [DiscoveryTap] kept: one virtual thread, parked until there
/// are some.
///
/// The transaction that writes a schema's new version deletes the events that it was made of, so a
/// kill between two events loses none and repeats none. Several servers may do this at once: they
/// conflict, and one of them comes after the other. New shapes of a kind that come close together
/// make one version.
final class Discovery implements AutoCloseable {
    private static final Log LOG = Log.of(Discovery.class);
    private static final Duration WAIT_MAX = Duration.ofDays(1);

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final DiscoveryTap tap;
    private final Registries registries;
    private final Versions versions;
    private final Discoverers discoverers;
    private final Inferred inferred = new Inferred();
    private final ResourceCodec<PendingEvent> pending = new ResourceCodec<>(PendingEvent.class);
    private final Worker worker;

    /// How many the log has told of, of all discoverers.
    private volatile long droppedTold;

    /// A kind of event, which has one schema.
    private record Kind(Place place, String source, String detailType) {

        String schemaName() {
            return Names.ofEvent(source, detailType);
        }
    }

    /// What one transaction works on: events of one discoverer, by kind.
    private record Batch(long discoverer, Map<Kind, List<PendingEvent>> events) {}

    Discovery(
            Store store,
            InstantSource clock,
            Ids ids,
            DiscoveryTap tap,
            Registries registries,
            Versions versions,
            Discoverers discoverers) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.tap = tap;
        this.registries = registries;
        this.versions = versions;
        this.discoverers = discoverers;
        this.worker = new Worker(store, "schemas-discovery", SchemasKeys.pending(), this::step);
    }

    void start() {
        worker.start();
    }

    @Override
    public void close() {
        worker.close();
    }

    private void step(Watch changes) throws InterruptedException {
        inferAll();
        if (changes.await(WAIT_MAX)) {
            // events come in bursts: a burst is one version of a schema, not many
            Thread.sleep(SchemasLimits.LINGER);
        }
    }

    /// Infers from everything that waits.
    void inferAll() {
        while (inferSome()) {
            // until nothing is left; each turn takes some away
        }
        long dropped = store.<Long>read(this::droppedCount);
        if (dropped > droppedTold) {
            LOG.warning(
                    "Events were not taken into account by schema discovery",
                    "events",
                    dropped,
                    "before",
                    droppedTold);
            droppedTold = dropped;
        }
    }

    private long droppedCount(Snapshot snapshot) {
        long count = 0;
        try (Cursor cursor = snapshot.prefix(SchemasKeys.dropped())) {
            while (cursor.next()) {
                count += Bytes.counter(cursor.value());
            }
        }
        return count;
    }

    private boolean inferSome() {
        try {
            return store.<Boolean>write(this::inferSome);
        } catch (RefusedException e) {
            giveUp(e);
            return true;
        }
    }

    private boolean inferSome(Transaction tx) {
        Batch batch = batch(tx);
        batch.events().forEach((kind, events) -> infer(tx, batch.discoverer(), kind, events));
        return !batch.events().isEmpty();
    }

    /// Takes events of the first discoverer that has some.
    private Batch batch(Transaction tx) {
        Map<Kind, List<PendingEvent>> events = new LinkedHashMap<>();
        List<byte[]> keys = new ArrayList<>();
        long discoverer = 0;
        try (Cursor cursor =
                tx.range(
                        SchemasKeys.pending(),
                        Bytes.prefixEnd(SchemasKeys.pending()),
                        Snapshot.Direction.FORWARD)) {
            while (keys.size() < SchemasLimits.INFERRED_AT_ONCE_MAX && cursor.next()) {
                long owner = SchemasKeys.pendingDiscoverer(cursor.key());
                if (!keys.isEmpty() && owner != discoverer) {
                    break;
                }
                discoverer = owner;
                PendingEvent event = pending.decode(cursor.value());
                Kind kind = new Kind(event.place(), event.source(), event.detailType());
                events.computeIfAbsent(kind, _ -> new ArrayList<>()).add(event);
                keys.add(cursor.key());
            }
        }
        keys.forEach(tx::delete);
        return new Batch(discoverer, events);
    }

    private void infer(Transaction tx, long discoverer, Kind kind, List<PendingEvent> events) {
        StoredRegistry registry = registry(tx, kind.place());
        Optional<StoredSchema> schema = versions.find(tx, registry, kind.schemaName());
        EventShape before =
                schema.flatMap(each -> inferred.find(tx, each.number())).orElse(EventShape.NONE);
        EventShape shape = before;
        for (PendingEvent event : events) {
            shape = shape.merge(EventShapes.ofDetail(event.event()).orElse(EventShape.NONE));
        }
        if (shape.equals(before)) {
            return;
        }
        String content =
                OpenApiText.ofEvents(kind.source(), kind.detailType(), OpenApiText.event(shape))
                        .toString();
        if (content.length() > SchemasLimits.CONTENT_LENGTH_MAX) {
            throw new RefusedException(
                    discoverer, kind, "the schema would be longer than schemas may be");
        }
        Versioned made;
        try {
            made = write(tx, kind, registry, schema, content);
        } catch (ServiceException e) {
            throw new RefusedException(discoverer, kind, e.message());
        }
        inferred.put(tx, made.schema().number(), shape);
    }

    private Versioned write(
            Transaction tx,
            Kind kind,
            StoredRegistry registry,
            Optional<StoredSchema> schema,
            String content) {
        long nowMillis = clock.millis();
        if (schema.isPresent()) {
            return versions.add(
                    tx,
                    kind.place(),
                    registry,
                    schema.get(),
                    StoredVersion.OPEN_API,
                    content,
                    nowMillis);
        }
        Definition definition =
                new Definition(kind.schemaName(), StoredVersion.OPEN_API, content, null, Map.of());
        return versions.create(tx, kind.place(), registry, definition, nowMillis);
    }

    /// It may have been deleted meanwhile.
    private StoredRegistry registry(Transaction tx, Place place) {
        Optional<StoredRegistry> found = registries.find(tx, place, Registries.DISCOVERED);
        if (found.isPresent()) {
            return found.get();
        }
        StoredRegistry made =
                StoredRegistry.of(
                        Registries.DISCOVERED, ids.number(), clock.millis(), null, Map.of());
        registries.put(tx, place, made);
        return made;
    }

    /// Drops the events of a kind whose schema cannot grow, and tells the operator.
    private void giveUp(RefusedException refusal) {
        List<PendingEvent> dropped = store.write(tx -> drop(tx, refusal));
        LOG.info(
                "A discovered schema cannot take more",
                "schema",
                refusal.kind.schemaName(),
                "account",
                refusal.kind.place().accountId(),
                "cause",
                refusal.getMessage());
        store.<List<StartedDiscoverer>>read(snapshot -> started(snapshot, refusal.kind.place()))
                .forEach(discoverer ->
                        dropped.forEach(event -> tap.giveUp(discoverer, event.fingerprint())));
    }

    private List<PendingEvent> drop(Transaction tx, RefusedException refusal) {
        List<PendingEvent> dropped = new ArrayList<>();
        List<byte[]> keys = new ArrayList<>();
        try (Cursor cursor = tx.prefix(SchemasKeys.pending(refusal.discoverer))) {
            while (cursor.next()) {
                PendingEvent event = pending.decode(cursor.value());
                if (refusal.kind.equals(
                        new Kind(event.place(), event.source(), event.detailType()))) {
                    dropped.add(event);
                    keys.add(cursor.key());
                }
            }
        }
        keys.forEach(tx::delete);
        tx.add(SchemasKeys.dropped(refusal.discoverer), keys.size());
        return dropped;
    }

    private List<StartedDiscoverer> started(Snapshot snapshot, Place place) {
        return discoverers.all(snapshot, place).stream()
                .flatMap(each -> discoverers.startedOn(snapshot, each.sourceArn()).stream())
                .toList();
    }

    /// A schema cannot take what was seen.
    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final long discoverer;
        private final transient Kind kind;

        RefusedException(long discoverer, Kind kind, String message) {
            super(message, null, false, false);
            this.discoverer = discoverer;
            this.kind = kind;
        }
    }
}
