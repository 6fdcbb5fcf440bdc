package io.millrace.stream;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;
import io.millrace.stream.TableStream.KeyPart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// The streams of tables, as resources: switched on and off by DynamoDB, found by DynamoDB Streams.
/// Stateless but for the codec's cache.
public final class TableStreams {

    private static final ResourceCodec<TableStream> CODEC = new ResourceCodec<>(TableStream.class);
    private static final int PAGE_SHARDS = 100;
    private static final DateTimeFormatter LABEL =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private TableStreams() {}

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
        StreamShards.open(tx, stream, StreamShard.first(millis));
        return stream;
    }

    private static String label(long epochMillis) {
        return LABEL.format(Instant.ofEpochMilli(epochMillis));
    }

    private static boolean exists(Snapshot tx, Arn table, String tableName, String label) {
        return find(tx, table.accountId(), table.region(), tableName, label) != null;
    }

    /// Switches a stream off; it stays readable for the retention.
    public static void disable(Transaction tx, TableStream stream, Instant now) {
        put(tx, stream.disabled(now.toEpochMilli()));
        int after = -1;
        while (true) { // ends with the last page
            List<StreamShard> page =
                    StreamShards.page(tx, stream, after, Long.MIN_VALUE, PAGE_SHARDS);
            for (StreamShard shard : page) {
                if (shard.open()) {
                    StreamShards.close(tx, stream, shard, now);
                }
            }
            if (page.size() < PAGE_SHARDS) {
                return;
            }
            after = page.getLast().shard();
        }
    }

    public static @Nullable TableStream find(
            Snapshot tx, String accountId, String region, String tableName, String label) {
        return CODEC.decodeOrNull(
                tx.get(StreamKeys.tableStream(accountId, region, tableName, label)));
    }

    /// Where the resource policy of a stream is kept, while there is a stream.
    public static byte[] policyKey(
            String accountId, String region, String tableName, String label) {
        return new KeyWriter(StreamKeys.POLICY)
                .string(accountId)
                .string(region)
                .string(tableName)
                .string(label)
                .toBytes();
    }

    /// Whether a stream ended so long ago that it counts as gone.
    public static boolean isGone(TableStream stream, long oldestMillis) {
        Long disabled = stream.disabledMillis();
        return disabled != null && disabled < oldestMillis;
    }

    /// The streams of an account and region by table name and label, without those that ended too
    /// long ago.
    ///
    /// @param tableName only this table's, when not null
    /// @param after begins behind this stream, when not null
    public static List<TableStream> list(
            Snapshot tx,
            String accountId,
            String region,
            @Nullable String tableName,
            @Nullable TableStream after,
            long oldestMillis,
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
                if (!isGone(stream, oldestMillis)) {
                    streams.add(stream);
                }
            }
        }
        return streams;
    }

    private static byte[] max(byte[] a, byte[] b) {
        return java.util.Arrays.compareUnsigned(a, b) >= 0 ? a : b;
    }

    /// All streams there are, behind `after`.
    public static List<TableStream> page(Snapshot tx, @Nullable TableStream after, int countMax) {
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

    /// Removes a stream whose shards have been removed.
    static void remove(Transaction tx, TableStream stream) {
        tx.delete(key(stream));
        tx.delete(
                policyKey(stream.accountId(), stream.region(), stream.tableName(), stream.label()));
    }

    /// The prefix under which something is written when a record is appended to any stream.
    public static byte[] appends() {
        return new byte[] {StreamKeys.COUNT};
    }

    /// Opens a watch that wakes when shards of the stream are opened or closed, or it ends.
    public static Watch watchShards(Store store, TableStream stream) {
        return store.watch(key(stream));
    }

    /// The stream of an ARN, as `arn:aws:dynamodb:region:account:table/name/stream/label`, ended or
    /// not.
    public static @Nullable TableStream find(Snapshot tx, Arn arn) {
        String[] parts = arn.resource().split("/", -1);
        return parts.length == 4 && parts[0].equals("table") && parts[2].equals("stream")
                ? find(tx, arn.accountId(), arn.region(), parts[1], parts[3])
                : null;
    }

    static void put(Transaction tx, TableStream stream) {
        tx.put(key(stream), CODEC.encode(stream));
    }

    private static byte[] key(TableStream stream) {
        return StreamKeys.tableStream(
                stream.accountId(), stream.region(), stream.tableName(), stream.label());
    }
}
