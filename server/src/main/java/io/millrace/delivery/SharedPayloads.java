package io.millrace.delivery;

import io.millrace.delivery.DeliveryKeys.PayloadId;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Watch;
import io.millrace.storage.Worker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Removes shared payloads that nothing holds any more.
///
/// Nobody counts: neither does a receiver that deletes a message write anything about its payload,
/// nor a queue that is purged or deleted. Instead each payload is looked at when it is four seconds
/// old, sixteen, and so on, and removed when none of its holders is there; so a payload stays at
/// most four times as long as it was needed, and costs some twenty looks in its life. No look is
/// written down: a pass goes over the payloads that have reached such an age since the pass before.
/// After a restart, each waits for its next age.
///
/// One virtual thread, parked while there is nothing to look at.
public final class SharedPayloads implements AutoCloseable {

    /// What one pass did.
    ///
    /// @param youngestMillis when the youngest that is left was made; null when none is left
    private record Pass(int removedCount, @Nullable Long youngestMillis) {}

    private record Page(List<PayloadId> garbage, byte @Nullable [] next) {}

    private static final long AGE_MILLIS = DeliveryLimits.PAYLOAD_AGE.toMillis();
    private static final int AGE_FACTOR = 4;

    private final Store store;
    private final InstantSource clock;
    private final ReentrantLock passing = new ReentrantLock();
    private long lastMillis;
    private final Worker worker;

    public SharedPayloads(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.lastMillis = clock.millis();
        this.worker = new Worker(store, "shared-payloads", DeliveryKeys.holders(), this::step);
    }

    public void start() {
        worker.start();
    }

    @Override
    public void close() {
        worker.close();
    }

    /// One pass.
    ///
    /// @return how many were removed
    public int sweep() {
        return pass().removedCount;
    }

    private void step(Watch made) throws InterruptedException {
        Long youngest = pass().youngestMillis;
        made.await(youngest == null ? DeliveryLimits.WAIT_MAX : untilNext(youngest));
        Worker.pause(store, DeliveryLimits.PAYLOAD_AGE); // however many are made
    }

    private Duration untilNext(long youngestMillis) {
        long ageMillis = Math.max(0, clock.millis() - youngestMillis);
        long next = AGE_MILLIS;
        while (next <= ageMillis) {
            next *= AGE_FACTOR;
        }
        return Duration.ofMillis(next - ageMillis);
    }

    private Pass pass() {
        passing.lock();
        try {
            long nowMillis = clock.millis();
            long sinceMillis = Math.min(lastMillis, nowMillis);
            int removed = 0;
            for (long age = AGE_MILLIS; age <= nowMillis; age *= AGE_FACTOR) {
                removed += remove(Math.max(0, sinceMillis - age + 1), nowMillis - age + 1);
            }
            lastMillis = nowMillis;
            return new Pass(removed, store.<@Nullable Long>read(SharedPayloads::youngestMillis));
        } finally {
            passing.unlock();
        }
    }

    /// Looks at those that were made in `fromMillis <= time < toMillis`.
    private int remove(long fromMillis, long toMillis) {
        byte[] from = DeliveryKeys.holdersFrom(fromMillis);
        byte[] to = DeliveryKeys.holdersFrom(toMillis);
        int removed = 0;
        while (true) { // ends with the last page
            byte[] begin = from;
            Page page = store.read(snapshot -> garbage(snapshot, begin, to));
            if (!page.garbage.isEmpty()) {
                store.<@Nullable Void>write(tx -> {
                    for (PayloadId id : page.garbage) { // nothing can come to hold it again
                        tx.delete(DeliveryKeys.holders(id));
                        tx.delete(DeliveryKeys.payload(id.stamp(), id.number()));
                    }
                    return null;
                });
                removed += page.garbage.size();
            }
            if (page.next == null) {
                return removed;
            }
            from = page.next;
        }
    }

    private static Page garbage(Snapshot snapshot, byte[] from, byte[] to) {
        List<PayloadId> garbage = new ArrayList<>();
        try (Cursor cursor = snapshot.range(from, to, Snapshot.Direction.FORWARD)) {
            for (int count = 0; count < DeliveryLimits.PAYLOAD_PAGE; count++) {
                if (!cursor.next()) {
                    return new Page(garbage, null);
                }
                from = cursor.key();
                PayloadId id = DeliveryKeys.readHolders(from);
                if (!SharedPayload.isHeld(snapshot, id.stamp(), cursor.value())) {
                    garbage.add(id);
                }
            }
        }
        return new Page(garbage, Bytes.after(from));
    }

    private static @Nullable Long youngestMillis(Snapshot snapshot) {
        byte[] from = DeliveryKeys.holders();
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(from), Snapshot.Direction.BACKWARD)) {
            return cursor.next() ? DeliveryKeys.readHolders(cursor.key()).madeMillis() : null;
        }
    }
}
