package io.millrace.service.logs;

import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// A position in the events of a group, or of some of its streams, in the order of their times.
/// Begins before the first.
abstract sealed class EventCursor implements AutoCloseable {

    /// Moves to the next event; false at the end.
    abstract boolean next();

    abstract Position position();

    /// The stored event.
    abstract byte[] value();

    @Override
    public abstract void close();

    static EventCursor ofGroup(Snapshot snapshot, StoredGroup group, EventRange range) {
        return range.isEmpty()
                ? new OfStreams(snapshot, group, List.of(), range)
                : new OfGroup(
                        snapshot.range(
                                LogsKeys.event(group.number(), range.from()),
                                LogsKeys.event(group.number(), range.to()),
                                range.direction()));
    }

    static EventCursor ofStreams(
            Snapshot snapshot, StoredGroup group, List<StoredStream> streams, EventRange range) {
        return new OfStreams(
                snapshot, group, range.isEmpty() ? List.of() : List.copyOf(streams), range);
    }

    private static final class OfGroup extends EventCursor {
        private final Cursor cursor;

        OfGroup(Cursor cursor) {
            this.cursor = cursor;
        }

        @Override
        boolean next() {
            return cursor.next();
        }

        @Override
        Position position() {
            return LogsKeys.eventPosition(cursor.key());
        }

        @Override
        byte[] value() {
            return cursor.value();
        }

        @Override
        public void close() {
            cursor.close();
        }
    }

    /// Merges the indexes of streams.
    private static final class OfStreams extends EventCursor {

        private record Head(Position position, Cursor cursor) {}

        private final Snapshot snapshot;
        private final long group;
        private final List<Cursor> cursors = new ArrayList<>();
        private final PriorityQueue<Head> heads;
        private Head head;

        @SuppressWarnings("NullAway") // head is there when next() has said so
        OfStreams(
                Snapshot snapshot,
                StoredGroup group,
                List<StoredStream> streams,
                EventRange range) {
            this.snapshot = snapshot;
            this.group = group.number();
            Comparator<Head> order = Comparator.comparing(Head::position);
            this.heads =
                    new PriorityQueue<>(
                            range.direction() == Direction.FORWARD ? order : order.reversed());
            for (StoredStream stream : streams) {
                Cursor cursor =
                        snapshot.range(
                                LogsKeys.byStream(group.number(), stream.number(), range.from()),
                                LogsKeys.byStream(group.number(), stream.number(), range.to()),
                                range.direction());
                cursors.add(cursor);
                advance(cursor);
            }
        }

        private void advance(Cursor cursor) {
            if (cursor.next()) {
                heads.add(new Head(LogsKeys.byStreamPosition(cursor.key()), cursor));
            }
        }

        @Override
        boolean next() {
            Head next = heads.poll();
            if (next == null) {
                return false;
            }
            head = next;
            advance(next.cursor);
            return true;
        }

        @Override
        Position position() {
            return head.position;
        }

        @Override
        byte[] value() {
            byte[] value = snapshot.get(LogsKeys.event(group, head.position));
            if (value == null) {
                throw new IllegalStateException("an event is missing at " + head.position);
            }
            return value;
        }

        @Override
        public void close() {
            cursors.forEach(Cursor::close);
        }
    }
}
