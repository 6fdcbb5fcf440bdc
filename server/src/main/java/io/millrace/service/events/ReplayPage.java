package io.millrace.service.events;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.service.events.ArchiveKeys.Position;
import io.millrace.service.events.ArchivedEvents.Arrival;

import java.util.ArrayList;
import java.util.List;

/// The events that a replay sends next.
///
/// @param next where to go on after all of them
/// @param isLast whether nothing comes behind them
record ReplayPage(List<Entry> entries, Position next, boolean isLast) {

    record Entry(Position position, ArchivedEvent event) {}

    /// How much one transaction looks at.
    ///
    /// @param events of those that are meant
    /// @param keys of all that are on the way
    record Bounds(int events, int keys) {}

    /// Reads from a position on.
    ///
    /// @param beginningMillis what arrived before has expired
    static ReplayPage read(
            Snapshot snapshot, ReplayPlan plan, Position from, long beginningMillis, Bounds max) {
        return plan.inCommitOrder()
                ? inCommitOrder(snapshot, plan, from, beginningMillis, max)
                : inOrderOfTime(snapshot, plan, from, beginningMillis, max);
    }

    private static ReplayPage inOrderOfTime(
            Snapshot snapshot, ReplayPlan plan, Position from, long beginningMillis, Bounds max) {
        List<Entry> entries = new ArrayList<>();
        long bytes = 0;
        int keys = 0;
        try (Cursor cursor =
                snapshot.range(
                        ArchiveKeys.event(plan.archiveNumber(), from),
                        ArchiveKeys.event(plan.archiveNumber(), Position.of(plan.untilSecond())),
                        Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                Position position = ArchiveKeys.position(cursor.key());
                if (entries.size() == max.events
                        || keys++ == max.keys
                        || bytes >= EventsLimits.REPLAY_BYTES) {
                    return new ReplayPage(entries, position, false);
                }
                byte[] value = cursor.value();
                ArchivedEvent event = ArchivedEvent.of(value);
                if (position.stamp() <= plan.versionMax()
                        && event.arrivedMillis() >= beginningMillis) {
                    entries.add(new Entry(position, event));
                    bytes += value.length;
                }
            }
        }
        return new ReplayPage(entries, Position.of(plan.untilSecond()), true);
    }

    private static ReplayPage inCommitOrder(
            Snapshot snapshot, ReplayPlan plan, Position from, long beginningMillis, Bounds max) {
        List<Entry> entries = new ArrayList<>();
        long archive = plan.archiveNumber();
        long bytes = 0;
        int keys = 0;
        try (Cursor cursor =
                snapshot.range(
                        ArchiveKeys.arrival(archive, from.stamp(), from.tie()),
                        Bytes.prefixEnd(ArchiveKeys.arrivals(archive)),
                        Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                Arrival arrival = Arrival.of(cursor.value());
                Position position = ArchiveKeys.arrivalPosition(cursor.key(), arrival.second());
                if (position.stamp() > plan.versionMax()) {
                    break;
                }
                if (entries.size() == max.events
                        || keys++ == max.keys
                        || bytes >= EventsLimits.REPLAY_BYTES) {
                    return new ReplayPage(entries, position, false);
                }
                byte[] value =
                        plan.has(arrival.second()) && arrival.arrivedMillis() >= beginningMillis
                                ? snapshot.get(ArchiveKeys.event(archive, position))
                                : null;
                if (value != null) {
                    entries.add(new Entry(position, ArchivedEvent.of(value)));
                    bytes += value.length;
                }
            }
        }
        return new ReplayPage(entries, new Position(0, plan.versionMax() + 1, 0), true);
    }
}
