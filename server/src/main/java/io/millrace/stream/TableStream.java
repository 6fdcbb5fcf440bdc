package io.millrace.stream;

import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/// The stream of a table, for one period of its being switched on. Outlives the table by the
/// retention, 24 hours at first.
///
/// @param label when it was switched on, as `2015-05-20T20:51:10.252`; unique for the table
/// @param viewType what its records show: `KEYS_ONLY`, `NEW_IMAGE`, `OLD_IMAGE`,
///   `NEW_AND_OLD_IMAGES`
/// @param keySchema the table's, hash key first
/// @param number the internal number of its logs
/// @param shardCount how many shards it ever had, from shard 0
/// @param disabledMillis when it was switched off, or null
public record TableStream(
        String accountId,
        String region,
        String tableName,
        String label,
        String viewType,
        List<KeyPart> keySchema,
        long number,
        int shardCount,
        long createdMillis,
        @Nullable Long disabledMillis) {

    /// An attribute of the table's key: `HASH` or `RANGE`.
    public record KeyPart(String attributeName, String keyType) {}

    private static final String SHARD_ID = "shardId-";
    private static final int TIME_DIGITS = 20;
    private static final HexFormat HEX = HexFormat.of();

    public boolean enabled() {
        return disabledMillis == null;
    }

    public Instant created() {
        return Instant.ofEpochMilli(createdMillis);
    }

    public String arn() {
        return arn(accountId, region, tableName, label);
    }

    public static String arn(String accountId, String region, String tableName, String label) {
        return Arn.of("dynamodb", region, accountId, "table/" + tableName + "/stream/" + label)
                .toString();
    }

    public StreamLog log(int shard) {
        return new StreamLog(number, shard);
    }

    /// The API's name of a shard: when it was opened, and its number, disguised by the stream's.
    public String shardId(StreamShard shard) {
        return shardId(shard.shard(), shard.openedMillis());
    }

    public String shardId(StreamShard.Parent parent) {
        return shardId(parent.shard(), parent.openedMillis());
    }

    private String shardId(int shard, long openedMillis) {
        String millis = Long.toString(openedMillis);
        String unique = HEX.toHexDigits((int) number ^ shard);
        return SHARD_ID + "0".repeat(TIME_DIGITS - millis.length()) + millis + "-" + unique;
    }

    /// The number of the shard that this id would be the name of, or -1.
    public int shardNumber(String shardId) {
        if (shardId.length() != SHARD_ID.length() + TIME_DIGITS + 1 + Integer.BYTES * 2) {
            return -1;
        }
        String unique = shardId.substring(SHARD_ID.length() + TIME_DIGITS + 1);
        if (!unique.chars().allMatch(HexFormat::isHexDigit)) {
            return -1;
        }
        int shard = HexFormat.fromHexDigits(unique) ^ (int) number;
        return shard < shardCount ? shard : -1;
    }

    TableStream withShardCount(int newShardCount) {
        return new TableStream(
                accountId,
                region,
                tableName,
                label,
                viewType,
                keySchema,
                number,
                newShardCount,
                createdMillis,
                disabledMillis);
    }

    TableStream disabled(long atMillis) {
        return new TableStream(
                accountId,
                region,
                tableName,
                label,
                viewType,
                keySchema,
                number,
                shardCount,
                createdMillis,
                atMillis);
    }
}
