package io.millrace.stream;

import java.time.Duration;
import java.time.Instant;

/// What an operator may choose about the streams of tables.
///
/// @param retention how long a record can be read, and a stream after it ended
/// @param shardAge after how long a shard is closed and followed by a child
/// @param shardRecordsMax after about how many records it is closed early
/// @param shardCountMax how many shards of a stream may be open: one that fills early is followed
///   by two children while there are fewer
public record StreamOptions(
        Duration retention, Duration shardAge, long shardRecordsMax, int shardCountMax) {

    public static final Duration RETENTION_MAX = Duration.ofDays(3650);
    public static final int SHARD_COUNT_MAX = 256;

    /// As AWS has it, but for streams of one open shard.
    public static final StreamOptions DEFAULT =
            new StreamOptions(Duration.ofHours(24), Duration.ofHours(4), 1_000_000, 1);

    public StreamOptions {
        if (retention.compareTo(Duration.ofHours(1)) < 0
                || retention.compareTo(RETENTION_MAX) > 0) {
            throw new IllegalArgumentException("retention");
        }
        if (shardAge.isNegative() || shardAge.isZero() || shardRecordsMax < 1) {
            throw new IllegalArgumentException("shardAge, shardRecordsMax");
        }
        if (shardCountMax < 1 || shardCountMax > SHARD_COUNT_MAX) {
            throw new IllegalArgumentException("shardCountMax");
        }
    }

    /// The time before which records are trimmed, and streams and shards that ended are gone.
    public long oldestMillis(Instant now) {
        return now.minus(retention).toEpochMilli();
    }
}
