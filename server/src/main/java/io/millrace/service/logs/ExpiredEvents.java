package io.millrace.service.logs;

import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.storage.Sweeper;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Removes events that are older than their group's retention, a page at a time.
final class ExpiredEvents implements Sweeper.Pass {
    private final Store store;
    private final InstantSource clock;
    private final Groups groups;

    ExpiredEvents(Store store, InstantSource clock, Groups groups) {
        this.store = store;
        this.clock = clock;
        this.groups = groups;
    }

    @Override
    public boolean sweep() {
        List<byte[]> retained = store.read(this::retained);
        for (byte[] key : retained) {
            boolean more = true;
            while (more) { // ends: each turn removes events
                more = store.<Boolean>write(tx -> removePage(tx, key));
            }
        }
        return !retained.isEmpty();
    }

    /// The keys of the groups that do not keep everything.
    private List<byte[]> retained(Snapshot snapshot) {
        List<byte[]> retained = new ArrayList<>();
        try (Cursor cursor = snapshot.prefix(LogsKeys.groups())) {
            while (cursor.next()) {
                StoredGroup group = groups.decode(cursor.value());
                if (group.retentionDays() != null) {
                    retained.add(cursor.key());
                }
            }
        }
        return retained;
    }

    /// Removes what is too old for the group as it is now; false when nothing is left to remove.
    private boolean removePage(Transaction tx, byte[] groupKey) {
        byte[] found = tx.get(groupKey);
        if (found == null) {
            return false;
        }
        StoredGroup group = groups.decode(found);
        byte[] from = LogsKeys.event(group.number(), Position.FIRST);
        byte[] to = LogsKeys.event(group.number(), Position.at(group.oldestMillis(clock.millis())));
        long bytes = 0;
        int count = 0;
        try (Cursor cursor = tx.range(from, to, Direction.FORWARD)) {
            while (count < LogsLimits.REMOVED_PAGE && cursor.next()) {
                count++;
                byte[] value = cursor.value();
                bytes += StoredEvent.size(value);
                tx.delete(
                        LogsKeys.byStream(
                                group.number(),
                                StoredEvent.stream(value),
                                LogsKeys.eventPosition(cursor.key())));
                tx.delete(cursor.key());
            }
        }
        if (count > 0) {
            tx.add(LogsKeys.storedBytes(group.number()), -bytes);
        }
        return count == LogsLimits.REMOVED_PAGE;
    }
}
