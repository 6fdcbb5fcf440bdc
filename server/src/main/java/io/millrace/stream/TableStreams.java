package io.millrace.stream;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;
import io.millrace.stream.TableStream.KeyPart;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// The streams of tables, as resources: switched on and off by DynamoDB, found by DynamoDB Streams.
/// Stateless but for the codec's cache.
public final class TableStreams {

    /// How long a record can be read, and a stream after it ended.
    public static final Duration RETENTION = Duration.ofHours(24);

    private static final ResourceCodec<TableStream> CODEC = new ResourceCodec<>(TableStream.class);
    private static final DateTimeFormatter LABEL =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private TableStreams() {}

    /// The time before which records are trimmed.
    public static long oldestMillis(Instant now) {
        return now.minus(RETENTION).toEpochMilli();
    }

    /// Switches a stream on.
    ///
    /// @param number an internal number that was never used
    public static TableStream enable(
            Transaction tx,
            Arn table,
            String tableName,
            String viewType,
            List<KeyPart> keySchema,
            long number,
            Instant now) {
        long millis = now.toEpochMilli();
        while (exists(tx, table, tableName, label(millis))) { // ends: each was once switched on
            millis++;
        }
        TableStream stream =
                new TableStream(
                        table.accountId(),
                        table.region(),
                        tableName,
                        label(millis),
                        viewType,
                        keySchema,
                        number,
                        1,
                        millis,
                        null);
        put(tx, stream);
        stream.log(0).open(tx);
        return stream;
    }

    private static String label(long epochMillis) {
        return LABEL.format(Instant.ofEpochMilli(epochMillis));
    }

    private static boolean exists(Snapshot tx, Arn table, String tableName, String label) {
        return find(tx, table.accountId(), table.region(), tableName, label) != null;
    }

    /// Switches a stream off; it stays readable for [#RETENTION].
    public static void disable(Transaction tx, TableStream stream, Instant now) {
        put(tx, stream.disabled(now.toEpochMilli()));
        for (int shard = 0; shard < stream.shardCount(); shard++) {
            stream.log(shard).close(tx);
        }
    }

    public static @Nullable TableStream find(
            Snapshot tx, String accountId, String region, String tableName, String label) {
        return CODEC.decodeOrNull(
                tx.get(StreamKeys.tableStream(accountId, region, tableName, label)));
    }

    /// Whether a stream ended so long ago that it counts as gone.
    public static boolean isGone(TableStream stream, Instant now) {
        Long disabled = stream.disabledMillis();
        return disabled != null && disabled < oldestMillis(now);
    }

    /// The streams of an account and region by table name and label.
    ///
    /// @param tableName only this table's, when not null
    /// @param after begins behind this stream, when not null
    public static List<TableStream> list(
            Snapshot tx,
            String accountId,
            String region,
            @Nullable String tableName,
            @Nullable TableStream after,
            Instant now,
            int countMax) {
        byte[] prefix =
                tableName == null
                        ? StreamKeys.tableStreams(accountId, region).toBytes()
                        : StreamKeys.tableStreams(accountId, region).string(tableName).toBytes();
        byte[] from = after == null ? prefix : max(prefix, Bytes.after(key(after)));
        List<TableStream> streams = new ArrayList<>();
        try (Cursor cursor = tx.range(from, Bytes.prefixEnd(prefix), Direction.FORWARD)) {
            while (streams.size() < countMax && cursor.next()) {
                TableStream stream = CODEC.decode(cursor.value());
                if (!isGone(stream, now)) {
                    streams.add(stream);
                }
            }
        }
        return streams;
    }

    private static byte[] max(byte[] a, byte[] b) {
        return java.util.Arrays.compareUnsigned(a, b) >= 0 ? a : b;
    }

    /// All streams there are, behind `after`; for the trimmer.
    static List<TableStream> page(Snapshot tx, @Nullable TableStream after, int countMax) {
        byte[] prefix = {StreamKeys.TABLE_STREAM};
        byte[] from = after == null ? prefix : Bytes.after(key(after));
        List<TableStream> streams = new ArrayList<>();
        try (Cursor cursor = tx.range(from, Bytes.prefixEnd(prefix), Direction.FORWARD)) {
            while (streams.size() < countMax && cursor.next()) {
                streams.add(CODEC.decode(cursor.value()));
            }
        }
        return streams;
    }

    static void remove(Transaction tx, TableStream stream) {
        for (int shard = 0; shard < stream.shardCount(); shard++) {
            stream.log(shard).drop(tx);
        }
        tx.delete(key(stream));
    }

    private static void put(Transaction tx, TableStream stream) {
        tx.put(key(stream), CODEC.encode(stream));
    }

    private static byte[] key(TableStream stream) {
        return StreamKeys.tableStream(
                stream.accountId(), stream.region(), stream.tableName(), stream.label());
    }
}
