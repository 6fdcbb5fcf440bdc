package io.millrace.stream;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The shards of tables' streams in the store: opened, closed and followed, counted, found.
///
/// Writers learn from the table's record which shards are open; closing one therefore is a change
/// of that record, in the same transaction, and no writer can append to a closed shard. Stateless
/// but for the codec's cache.
public final class StreamShards {
    private static final ResourceCodec<StreamShard> CODEC = new ResourceCodec<>(StreamShard.class);

    private StreamShards() {}

    /// Appends a record and counts it.
    ///
    /// @param index its place among this transaction's records for the stream
    /// @param entry as [StreamLog#append] wants it
    public static void append(Transaction tx, StreamLog log, int index, byte[] entry) {
        log.append(tx, index, entry);
        tx.add(StreamKeys.shard(StreamKeys.COUNT, log).toBytes(), 1);
    }

    /// How many records were ever appended.
    public static long count(Snapshot tx, StreamLog log) {
        return Bytes.counter(tx.get(StreamKeys.shard(StreamKeys.COUNT, log).toBytes()));
    }

    /// The shard with this number, if it is still there.
    public static @Nullable StreamShard find(
            Snapshot tx, TableStream stream, int shard, long oldestMillis) {
        StreamShard found = CODEC.decodeOrNull(tx.get(key(stream, shard)));
        if (found == null && shard == 0 && stream.log(0).bounds(tx) != null) {
            found = StreamShard.first(stream.createdMillis()); // from before shards had records
        }
        return found == null || found.isGone(oldestMillis) ? null : found;
    }

    /// The shard with this id, if it is still there.
    public static @Nullable StreamShard find(
            Snapshot tx, TableStream stream, String shardId, long oldestMillis) {
        int shard = stream.shardNumber(shardId);
        StreamShard found = shard < 0 ? null : find(tx, stream, shard, oldestMillis);
        return found == null || !stream.shardId(found).equals(shardId) ? null : found;
    }

    /// Shards in the order of opening, behind the one with the number `after`.
    public static List<StreamShard> page(
            Snapshot tx, TableStream stream, int after, long oldestMillis, int countMax) {
        List<StreamShard> shards = new ArrayList<>();
        byte[] all = StreamKeys.shards(stream.number()).toBytes();
        byte[] from = key(stream, after + 1);
        try (Cursor cursor = tx.range(from, Bytes.prefixEnd(all), Direction.FORWARD)) {
            while (shards.size() < countMax && cursor.next()) {
                StreamShard shard = CODEC.decode(cursor.value());
                if (shards.isEmpty() && after < 0 && shard.shard() > 0) {
                    addFirst(tx, stream, oldestMillis, shards);
                }
                if (!shard.isGone(oldestMillis)) {
                    shards.add(shard);
                }
            }
        }
        if (shards.isEmpty() && after < 0) {
            addFirst(tx, stream, oldestMillis, shards);
        }
        return shards;
    }

    private static void addFirst(
            Snapshot tx, TableStream stream, long oldestMillis, List<StreamShard> shards) {
        StreamShard first = find(tx, stream, 0, oldestMillis);
        if (first != null) {
            shards.add(first);
        }
    }

    static void open(Transaction tx, TableStream stream, StreamShard shard) {
        put(tx, stream, shard);
        stream.log(shard.shard()).open(tx);
    }

    static void close(Transaction tx, TableStream stream, StreamShard shard, Instant now) {
        put(tx, stream, shard.closed(now.toEpochMilli()));
        stream.log(shard.shard()).close(tx);
    }

    /// Closes a shard and opens its children, each with an equal part of its range.
    ///
    /// @return the children, in the order of their ranges
    public static List<StreamShard> follow(
            Transaction tx, TableStream stream, StreamShard parent, int childCount, Instant now) {
        close(tx, stream, parent, now);
        StreamShard last = find(tx, stream, stream.shardCount() - 1, Long.MIN_VALUE);
        long openedMillis =
                Math.max(
                        now.toEpochMilli(),
                        last == null ? stream.createdMillis() : last.openedMillis() + 1);
        int width = parent.toHash() - parent.fromHash();
        List<StreamShard> children = new ArrayList<>();
        for (int i = 0; i < childCount; i++) {
            StreamShard child =
                    new StreamShard(
                            stream.shardCount() + i,
                            new StreamShard.Parent(parent.shard(), parent.openedMillis()),
                            parent.fromHash() + width * i / childCount,
                            parent.fromHash() + width * (i + 1) / childCount,
                            openedMillis + i,
                            null);
            open(tx, stream, child);
            children.add(child);
        }
        TableStreams.put(tx, stream.withShardCount(stream.shardCount() + childCount));
        return children;
    }

    static void remove(Transaction tx, TableStream stream, int shard) {
        StreamLog log = stream.log(shard);
        log.drop(tx);
        tx.delete(StreamKeys.shard(StreamKeys.COUNT, log).toBytes());
        tx.delete(key(stream, shard));
    }

    private static void put(Transaction tx, TableStream stream, StreamShard shard) {
        tx.put(key(stream, shard.shard()), CODEC.encode(shard));
    }

    private static byte[] key(TableStream stream, int shard) {
        return StreamKeys.shard(StreamKeys.SHARD, stream.log(shard)).toBytes();
    }
}
