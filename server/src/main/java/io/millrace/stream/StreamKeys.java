package io.millrace.stream;

import io.millrace.engine.KeyWriter;

/// All durable keys of streams. `log` is the internal number of a stream.
///
/// | prefix | key after it | value | lifetime |
/// |---|---|---|---|
/// | `20` | log u64, shard u32, stamp, index u16 | time u64 (ms), payload | the retention |
/// | `21` | log, shard | stamp of the opening | the shard's |
/// | `22` | log, shard | stamp of the closing | the shard's |
/// | `23` | log, shard | trimmed up to: version u64, index u16 | the shard's |
/// | `24` | account, region, table, label | [TableStream] as JSON | until it ended so long ago |
/// | `25` | log, shard | counter: records appended | the shard's |
/// | `26` | log, shard | [StreamShard] as JSON | until it closed so long ago |
/// | `27` | account, region, table, label | a policy as JSON | the stream's |
final class StreamKeys {
    static final int RECORD = 0x20;
    static final int OPENED = 0x21;
    static final int CLOSED = 0x22;
    static final int TRIMMED = 0x23;
    static final int TABLE_STREAM = 0x24;
    static final int COUNT = 0x25;
    static final int SHARD = 0x26;
    static final int POLICY = 0x27;

    private StreamKeys() {}

    /// The prefix of a shard's records, and with another prefix number the key of its marks.
    static KeyWriter shard(int prefix, StreamLog log) {
        return new KeyWriter(prefix).uint64(log.number()).uint32(log.shard());
    }

    /// The prefix of all shards of a stream.
    static KeyWriter shards(long number) {
        return new KeyWriter(SHARD).uint64(number);
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
