package io.millrace.app;

import io.millrace.stream.StreamOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Duration;

/// The part of the command line that is about the streams of tables.
final class StreamArguments {
    @Option(
            names = "--stream-retention",
            paramLabel = "HOURS",
            description = "how long tables' streams keep their records (24)")
    private @Nullable Integer retentionHours;

    @Option(
            names = "--stream-shard-minutes",
            paramLabel = "MINUTES",
            description = "after how long a stream's shard is followed by a new one (240)")
    private @Nullable Integer shardMinutes;

    @Option(
            names = "--stream-shard-records",
            paramLabel = "COUNT",
            description = "after about how many records it is followed early (1000000)")
    private @Nullable Long shardRecords;

    @Option(
            names = "--stream-shards",
            paramLabel = "COUNT",
            description = "how many open shards a busy stream may be divided into (1)")
    private @Nullable Integer shards;

    /// @throws IllegalArgumentException that names the option, when one is out of its bounds
    StreamOptions options() {
        StreamOptions standard = StreamOptions.DEFAULT;
        long hoursMax = StreamOptions.RETENTION_MAX.toHours();
        return new StreamOptions(
                retentionHours == null
                        ? standard.retention()
                        : Duration.ofHours(between("--stream-retention", retentionHours, hoursMax)),
                shardMinutes == null
                        ? standard.shardAge()
                        : Duration.ofMinutes(
                                between("--stream-shard-minutes", shardMinutes, hoursMax)),
                shardRecords == null
                        ? standard.shardRecordsMax()
                        : between("--stream-shard-records", shardRecords, Long.MAX_VALUE),
                shards == null
                        ? standard.shardCountMax()
                        : (int) between("--stream-shards", shards, StreamOptions.SHARD_COUNT_MAX));
    }

    private static long between(String option, long value, long max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(
                    option + " is " + value + ", which is not between 1 and " + max);
        }
        return value;
    }
}
