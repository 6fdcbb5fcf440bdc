package io.millrace.stream;

import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/// The stream of a table, for one period of its being switched on. Outlives the table by 24 hours.
///
/// @param label when it was switched on, as `2015-05-20T20:51:10.252`; unique for the table
/// @param viewType what its records show: `KEYS_ONLY`, `NEW_IMAGE`, `OLD_IMAGE`,
///   `NEW_AND_OLD_IMAGES`
/// @param keySchema the table's, hash key first
/// @param number the internal number of its logs
/// @param shardCount how many shards it has, from shard 0
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

    private static final int NUMBER_DIGITS = 20;

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

    /// The API's name of a shard.
    public String shardId(int shard) {
        String millis = Long.toString(createdMillis + shard);
        String unique = String.format("%08x", (int) number ^ shard);
        return "shardId-" + "0".repeat(NUMBER_DIGITS - millis.length()) + millis + "-" + unique;
    }

    /// The shard with this id, or -1.
    public int shard(String shardId) {
        for (int shard = 0; shard < shardCount; shard++) {
            if (shardId(shard).equals(shardId)) {
                return shard;
            }
        }
        return -1;
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
