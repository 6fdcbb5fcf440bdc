package io.millrace.service.logs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.function.Predicate;

/// The stored groups and streams. Thread-safe.
final class Groups {
    private final InstantSource clock;
    private final Ids ids;
    private final ResourceCodec<StoredGroup> groupCodec = new ResourceCodec<>(StoredGroup.class);
    private final ResourceCodec<StoredStream> streamCodec = new ResourceCodec<>(StoredStream.class);

    Groups(InstantSource clock, Ids ids) {
        this.clock = clock;
        this.ids = ids;
    }

    @Nullable StoredGroup find(Snapshot snapshot, GroupName name) {
        return groupCodec.decodeOrNull(snapshot.get(LogsKeys.group(name)));
    }

    StoredGroup require(Snapshot snapshot, GroupName name) {
        StoredGroup group = find(snapshot, name);
        if (group == null) {
            throw LogsErrors.groupNotFound();
        }
        return group;
    }

    void put(Transaction tx, GroupName name, StoredGroup group) {
        tx.put(LogsKeys.group(name), groupCodec.encode(group));
    }

    StoredGroup decode(byte[] value) {
        return groupCodec.decode(value);
    }

    /// Shows groups in the order of their names to `taker`, until it says false.
    ///
    /// @param after the name before the first; null to begin at the start
    void each(
            Snapshot snapshot,
            Caller caller,
            String prefix,
            @Nullable String after,
            Predicate<StoredGroup> taker) {
        byte[] all = LogsKeys.groups(caller.accountId(), caller.region());
        byte[] from =
                after == null
                        ? LogsKeys.groupsFrom(caller.accountId(), caller.region(), prefix)
                        : Bytes.after(LogsKeys.group(GroupName.of(caller, after)));
        try (Cursor cursor = snapshot.range(from, Bytes.prefixEnd(all), Direction.FORWARD)) {
            boolean more = true;
            while (more && cursor.next()) {
                StoredGroup group = decode(cursor.value());
                more = group.name().startsWith(prefix) && taker.test(group);
            }
        }
    }

    /// Shows the streams with this prefix in the order of their names to `taker`, until it says
    /// false.
    void eachStream(
            Snapshot snapshot, StoredGroup group, String prefix, Predicate<StoredStream> taker) {
        byte[] from = LogsKeys.streamsFrom(group.number(), prefix);
        byte[] to = Bytes.prefixEnd(LogsKeys.streams(group.number()));
        try (Cursor cursor = snapshot.range(from, to, Direction.FORWARD)) {
            boolean more = true;
            while (more && cursor.next()) {
                StoredStream stream = decodeStream(cursor.value());
                more = stream.name().startsWith(prefix) && taker.test(stream);
            }
        }
    }

    @Nullable StoredStream findStream(Snapshot snapshot, StoredGroup group, String name) {
        return streamCodec.decodeOrNull(snapshot.get(LogsKeys.stream(group.number(), name)));
    }

    StoredStream requireStream(Snapshot snapshot, StoredGroup group, String name) {
        StoredStream stream = findStream(snapshot, group, name);
        if (stream == null) {
            throw LogsErrors.streamNotFound();
        }
        return stream;
    }

    StoredStream decodeStream(byte[] value) {
        return streamCodec.decode(value);
    }

    /// A new group, for a service that makes its own.
    StoredGroup create(Transaction tx, GroupName name) {
        StoredGroup group = StoredGroup.of(name.name(), ids.number(), clock.millis());
        put(tx, name, group);
        return group;
    }

    StoredStream createStream(Transaction tx, StoredGroup group, String name) {
        StoredStream stream = new StoredStream(name, ids.number(), clock.millis());
        tx.put(LogsKeys.stream(group.number(), name), streamCodec.encode(stream));
        tx.put(
                LogsKeys.streamName(group.number(), stream.number()),
                name.getBytes(StandardCharsets.UTF_8));
        return stream;
    }

    /// Null when there is no such stream any more.
    static @Nullable String streamName(Snapshot snapshot, long group, long stream) {
        byte[] name = snapshot.get(LogsKeys.streamName(group, stream));
        return name == null ? null : new String(name, StandardCharsets.UTF_8);
    }
}
