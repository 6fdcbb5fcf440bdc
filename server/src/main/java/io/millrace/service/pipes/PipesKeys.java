package io.millrace.service.pipes;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

/// All durable keys of Pipes. A pipe is its internal number; a slot is the factor and the index of
/// a [Slot], and nothing where that is a whole shard.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | 80 pipe | account, region, name | [StoredPipe] as JSON | until it is deleted |
/// | 81 lease | pipe | [Leases.Lease] as JSON | while the pipe is at work |
/// | 82 question | server | since when, milliseconds; 0 when answered | for ever |
/// | 83 checkpoint | pipe, shard, slot | [Checkpoint] as JSON | as long as the shard is there |
/// | 84 trouble | pipe | why its last batch failed | until a batch succeeds |
/// | 86 work | account, region, name | the pipe | while the pipe is at work |
/// | 87 count | account, region | how many pipes there are | since the first was made or removed |
final class PipesKeys {
    private static final int PIPE = 0x80;
    private static final int LEASE = 0x81;
    private static final int QUESTION = 0x82;
    private static final int CHECKPOINT = 0x83;
    private static final int TROUBLE = 0x84;
    private static final int WORK = 0x86;
    private static final int COUNT = 0x87;

    private PipesKeys() {}

    static byte[] allPipes() {
        return new KeyWriter(PIPE).toBytes();
    }

    static byte[] pipes(String accountId, String region) {
        return new KeyWriter(PIPE).string(accountId).string(region).toBytes();
    }

    static byte[] pipe(String accountId, String region, String name) {
        return new KeyWriter(PIPE).string(accountId).string(region).string(name).toBytes();
    }

    static byte[] leases() {
        return new KeyWriter(LEASE).toBytes();
    }

    static byte[] lease(long pipe) {
        return new KeyWriter(LEASE).uint64(pipe).toBytes();
    }

    static byte[] question(String server) {
        return new KeyWriter(QUESTION).string(server).toBytes();
    }

    static byte[] checkpoints(long pipe) {
        return new KeyWriter(CHECKPOINT).uint64(pipe).toBytes();
    }

    static byte[] checkpoints(long pipe, int shard) {
        return new KeyWriter(CHECKPOINT).uint64(pipe).uint32(shard).toBytes();
    }

    static byte[] checkpoint(long pipe, Slot slot) {
        KeyWriter key = new KeyWriter(CHECKPOINT).uint64(pipe).uint32(slot.shard());
        return slot.factor() == 1
                ? key.toBytes()
                : key.uint8(slot.factor()).uint8(slot.index()).toBytes();
    }

    static Slot checkpointSlot(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint64();
        int shard = reader.uint32();
        byte[] rest = reader.rest();
        return rest.length == 0 ? Slot.whole(shard) : new Slot(shard, rest[0], rest[1]);
    }

    static int checkpointShard(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint64();
        return reader.uint32();
    }

    static byte[] trouble(long pipe) {
        return new KeyWriter(TROUBLE).uint64(pipe).toBytes();
    }

    static byte[] allWork() {
        return new KeyWriter(WORK).toBytes();
    }

    static byte[] work(String accountId, String region, String name) {
        return new KeyWriter(WORK).string(accountId).string(region).string(name).toBytes();
    }

    static byte[] pipeOfWork(byte[] work) {
        KeyReader reader = new KeyReader(work);
        return pipe(reader.string(), reader.string(), reader.string());
    }

    static byte[] count(String accountId, String region) {
        return new KeyWriter(COUNT).string(accountId).string(region).toBytes();
    }
}
