package io.millrace.service.logs;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

import java.nio.charset.StandardCharsets;

/// All durable keys of CloudWatch Logs. `group` and `stream` are internal numbers.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | `90` group | account, region, name | [StoredGroup] as JSON | until DeleteLogGroup |
/// | `91` stream | group, name | [StoredStream] as JSON | until DeleteLogStream |
/// | `92` stream's name | group, stream | the name | as the stream |
/// | `93` event | group, timestamp, commit stamp, ordinal | [StoredEvent] | the retention |
/// | `94` by stream | group, stream, timestamp, commit stamp, ordinal | nothing | as its event |
/// | `95` ingested | group, stream | the last ingestion's milliseconds | as the stream |
/// | `96` bytes | group | counter of stored bytes | as the group |
/// | `97` removed | 0, group, stream | nothing | until the stream's events are gone |
/// | `97` policy | 1, account, region, name | [StoredPolicy] as JSON | until it is deleted |
///
/// Events are kept in the order of their whole group, so that a search over a time range reads that
/// range and nothing else, however many streams there are; a stream's own events are an index into
/// it. What belongs to a group begins with its number, and goes with it in one range.
final class LogsKeys {
    private static final int GROUP = 0x90;
    private static final int STREAM = 0x91;
    private static final int STREAM_NAME = 0x92;
    private static final int EVENT = 0x93;
    private static final int BY_STREAM = 0x94;
    private static final int INGESTED = 0x95;
    private static final int BYTES = 0x96;
    private static final int OTHER = 0x97;

    private static final int REMOVED = 0;
    private static final int POLICY = 1;

    private static final int[] OF_GROUP = {STREAM, STREAM_NAME, EVENT, BY_STREAM, INGESTED, BYTES};

    /// A stream whose events have to go.
    record Removed(long group, long stream) {}

    private LogsKeys() {}

    /// The groups of everyone.
    static byte[] groups() {
        return new KeyWriter(GROUP).toBytes();
    }

    static byte[] groups(String accountId, String region) {
        return new KeyWriter(GROUP).string(accountId).string(region).toBytes();
    }

    /// Where the names with this prefix begin.
    static byte[] groupsFrom(String accountId, String region, String prefix) {
        return new KeyWriter(GROUP)
                .string(accountId)
                .string(region)
                .raw(prefix.getBytes(StandardCharsets.UTF_8))
                .toBytes();
    }

    static byte[] group(GroupName group) {
        return new KeyWriter(GROUP)
                .string(group.accountId())
                .string(group.region())
                .string(group.name())
                .toBytes();
    }

    /// Reads a key of [#group].
    static GroupName groupName(byte[] key) {
        KeyReader reader = new KeyReader(key);
        return new GroupName(reader.string(), reader.string(), reader.string());
    }

    /// The prefixes of everything that goes with a group.
    static byte[][] everythingOf(long group) {
        byte[][] prefixes = new byte[OF_GROUP.length][];
        for (int i = 0; i < prefixes.length; i++) {
            prefixes[i] = new KeyWriter(OF_GROUP[i]).uint64(group).toBytes();
        }
        return prefixes;
    }

    static byte[] streams(long group) {
        return new KeyWriter(STREAM).uint64(group).toBytes();
    }

    /// Where the names with this prefix begin.
    static byte[] streamsFrom(long group, String prefix) {
        return new KeyWriter(STREAM)
                .uint64(group)
                .raw(prefix.getBytes(StandardCharsets.UTF_8))
                .toBytes();
    }

    static byte[] stream(long group, String name) {
        return new KeyWriter(STREAM).uint64(group).string(name).toBytes();
    }

    static byte[] streamName(long group, long stream) {
        return new KeyWriter(STREAM_NAME).uint64(group).uint64(stream).toBytes();
    }

    /// The key of a new event; its stamp's offset is [KeyWriter#stampOffset].
    static KeyWriter newEvent(long group, long timestampMillis, int ordinal) {
        return new KeyWriter(EVENT).uint64(group).uint64(timestampMillis).stamp().uint32(ordinal);
    }

    static KeyWriter newByStream(long group, long stream, long timestampMillis, int ordinal) {
        return new KeyWriter(BY_STREAM)
                .uint64(group)
                .uint64(stream)
                .uint64(timestampMillis)
                .stamp()
                .uint32(ordinal);
    }

    static byte[] event(long group, Position position) {
        return at(new KeyWriter(EVENT).uint64(group), position);
    }

    static byte[] byStream(long group, long stream) {
        return new KeyWriter(BY_STREAM).uint64(group).uint64(stream).toBytes();
    }

    static byte[] byStream(long group, long stream, Position position) {
        return at(new KeyWriter(BY_STREAM).uint64(group).uint64(stream), position);
    }

    private static byte[] at(KeyWriter key, Position position) {
        return key.uint64(position.timestampMillis())
                .uint64(position.stamp())
                .uint32(position.ordinal())
                .toBytes();
    }

    /// Reads a key of [#event].
    static Position eventPosition(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint64();
        return position(reader);
    }

    /// Reads a key of [#byStream].
    static Position byStreamPosition(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint64();
        reader.uint64();
        return position(reader);
    }

    private static Position position(KeyReader reader) {
        return new Position(reader.uint64(), reader.uint64(), reader.uint32());
    }

    static byte[] ingested(long group, long stream) {
        return new KeyWriter(INGESTED).uint64(group).uint64(stream).toBytes();
    }

    static byte[] storedBytes(long group) {
        return new KeyWriter(BYTES).uint64(group).toBytes();
    }

    static byte[] removed() {
        return new KeyWriter(OTHER).uint8(REMOVED).toBytes();
    }

    static byte[] removed(long group, long stream) {
        return new KeyWriter(OTHER).uint8(REMOVED).uint64(group).uint64(stream).toBytes();
    }

    static Removed readRemoved(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint8();
        return new Removed(reader.uint64(), reader.uint64());
    }

    static byte[] policies(String accountId, String region) {
        return new KeyWriter(OTHER).uint8(POLICY).string(accountId).string(region).toBytes();
    }

    static byte[] policy(String accountId, String region, String name) {
        return new KeyWriter(OTHER)
                .uint8(POLICY)
                .string(accountId)
                .string(region)
                .string(name)
                .toBytes();
    }
}
