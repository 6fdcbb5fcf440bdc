package io.millrace.timer;

import io.millrace.engine.Bytes;
import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

import java.nio.charset.StandardCharsets;

/// All durable keys of timers.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | `78` due | kind, shard, due milliseconds, owner | the owner's state | until it fires |
/// | `79` timer | kind, owner | due milliseconds | as its `78` |
///
/// Both go as well when the timer is cancelled. The owner is a text, such as the ARN of a rule; it
/// has at most one timer of a kind. The shard follows from it.
final class TimerKeys {
    static final int SHARD_COUNT = 16;

    private static final int DUE = 0x78;
    private static final int TIMER = 0x79;

    /// What a key of prefix `78` tells.
    record Due(Timers.Kind kind, long dueMillis, String owner) {}

    private TimerKeys() {}

    static byte[] shard(Timers.Kind kind, int shard) {
        return new KeyWriter(DUE).uint8(kind.number()).uint8(shard).toBytes();
    }

    static byte[] from(Timers.Kind kind, int shard, long dueMillis) {
        return new KeyWriter(DUE).uint8(kind.number()).uint8(shard).uint64(dueMillis).toBytes();
    }

    static byte[] due(Due due) {
        return new KeyWriter(DUE)
                .uint8(due.kind.number())
                .uint8(shardOf(due.owner))
                .uint64(due.dueMillis)
                .string(due.owner)
                .toBytes();
    }

    static Due readDue(Timers.Kind kind, byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint8();
        reader.uint8();
        return new Due(kind, reader.uint64(), reader.string());
    }

    static byte[] timer(Timers.Kind kind, String owner) {
        return new KeyWriter(TIMER).uint8(kind.number()).string(owner).toBytes();
    }

    static byte[] millis(long dueMillis) {
        byte[] value = new byte[Long.BYTES];
        Bytes.writeLong(value, 0, dueMillis);
        return value;
    }

    /// FNV-1a: the owners of one account differ in their last characters only.
    static int shardOf(String owner) {
        int hash = 0x811c9dc5;
        for (byte b : owner.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        return Math.floorMod(hash ^ hash >>> 16, SHARD_COUNT);
    }
}
