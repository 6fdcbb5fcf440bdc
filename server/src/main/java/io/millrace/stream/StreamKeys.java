package io.millrace.stream;

import io.millrace.engine.KeyWriter;

/// All durable keys of streams. `log` is the internal number of a stream.
///
/// | prefix | key after it | value | lifetime |
/// |---|---|---|---|
/// | `20` | log u64, shard u32, stamp, index u16 | time u64 (ms), payload | a day, then trimmed |
/// | `21` | log, shard | stamp of the opening | the stream's |
/// | `22` | log, shard | stamp of the closing | the stream's |
/// | `23` | log, shard | trimmed up to: version u64, index u16 | the stream's |
/// | `24` | account, region, table, label | [TableStream] as JSON | until a day after it ended |
final class StreamKeys {
    static final int RECORD = 0x20;
    static final int OPENED = 0x21;
    static final int CLOSED = 0x22;
    static final int TRIMMED = 0x23;
    static final int TABLE_STREAM = 0x24;

    private StreamKeys() {}

    /// The prefix of a shard's records, and with another prefix number the key of its marks.
    static KeyWriter shard(int prefix, StreamLog log) {
        return new KeyWriter(prefix).uint64(log.number()).uint32(log.shard());
    }

    static byte[] record(StreamLog log, Position position) {
        return shard(RECORD, log).uint64(position.version()).uint16(position.index()).toBytes();
    }

    static KeyWriter tableStreams(String accountId, String region) {
        return new KeyWriter(TABLE_STREAM).string(accountId).string(region);
    }

    static byte[] tableStream(String accountId, String region, String table, String label) {
        return tableStreams(accountId, region).string(table).string(label).toBytes();
    }
}
