package io.millrace.service.schemas;

import io.millrace.delivery.BusTap;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// Keeps events of buses with a discoverer for [Discovery], in the transaction that puts them.
/// Thread-safe.
///
/// A bus without a discoverer costs one look-up of a key that is not there. With one, the event's
/// shape is reduced to a number while it is read once; a shape that is known to be in its schema
/// ends there. Only what would change a schema is written: to a slot of the discoverer's, so that
/// not more than [SchemasLimits#PENDING_MAX] wait, and each shape only once. A shape whose slots
/// are all taken is dropped and counted; the next event of that shape gets another chance.
public final class DiscoveryTap implements BusTap {
    private final Inferred inferred = new Inferred();
    private final ResourceCodec<StartedDiscoverer> started =
            new ResourceCodec<>(StartedDiscoverer.class);
    private final ResourceCodec<PendingEvent> pending = new ResourceCodec<>(PendingEvent.class);
    private final KnownShapes known = new KnownShapes();

    @Override
    public void accepted(Transaction transaction, Arn bus, String json) {
        byte @Nullable [] value = transaction.get(SchemasKeys.started(bus.toString()));
        if (value == null || json.length() > SchemasLimits.EVENT_BYTES_MAX) {
            return;
        }
        StartedDiscoverer discoverer = started.decode(value);
        EventSample.of(json)
                .filter(each -> isWanted(each, discoverer))
                .ifPresent(sample -> see(transaction, discoverer, sample, json));
    }

    private static boolean isWanted(EventSample sample, StartedDiscoverer discoverer) {
        return !sample.source().isEmpty()
                && (discoverer.crossAccount() || sample.account().equals(discoverer.accountId()));
    }

    private void see(
            Transaction tx, StartedDiscoverer discoverer, EventSample sample, String json) {
        long number = KnownShapes.number(discoverer, sample.fingerprint());
        if (known.contains(number)) {
            return;
        }
        byte @Nullable [] free = null;
        int first = (int) Long.remainderUnsigned(sample.fingerprint(), SchemasLimits.PENDING_MAX);
        for (int i = 0; i < SchemasLimits.SLOTS_TRIED && free == null; i++) {
            int slot = (first + i) % SchemasLimits.PENDING_MAX;
            byte[] key = SchemasKeys.pending(discoverer.number(), slot);
            byte @Nullable [] waiting = tx.get(key);
            if (waiting == null) {
                free = key;
            } else if (pending.decode(waiting).fingerprint() == sample.fingerprint()) {
                return;
            }
        }
        if (isInItsSchema(tx, discoverer.place(), sample, json)) {
            known.add(number);
        } else if (free != null) {
            tx.put(free, pending.encode(pending(discoverer, sample, json)));
        } else {
            tx.add(SchemasKeys.dropped(discoverer.number()), 1);
        }
    }

    /// Whether the schema would stay as it is.
    private boolean isInItsSchema(Transaction tx, Place place, EventSample sample, String json) {
        String name = Names.ofEvent(sample.source(), sample.detailType());
        Optional<EventShape> before = inferred.find(tx, place, name);
        Optional<EventShape> shape = before.isEmpty() ? before : EventShapes.ofDetail(json);
        return shape.isPresent() && before.get().merge(shape.get()).equals(before.get());
    }

    private static PendingEvent pending(
            StartedDiscoverer discoverer, EventSample sample, String json) {
        return new PendingEvent(
                discoverer.accountId(),
                discoverer.region(),
                sample.source(),
                sample.detailType(),
                sample.fingerprint(),
                json);
    }

    /// Lets a shape pass without being kept, because its schema cannot take it.
    void giveUp(StartedDiscoverer discoverer, long fingerprint) {
        known.add(KnownShapes.number(discoverer, fingerprint));
    }
}
