package io.millrace.trace;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

/// All durable keys of traces.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | 98 block | written milliseconds, number | [TraceBlock]: many hops | for the retention |
/// | 99 ids | as its block | [TraceIds]: which ids are in the block | as its block |
/// | 9a bytes | | counter: what all blocks take | for ever |
///
/// A block's number counts up while a server runs, and ends with what is random of that server, so
/// that several write beside each other.
final class TraceKeys {

    private static final int BLOCK = 0x98;
    private static final int IDS = 0x99;
    private static final int BYTES = 0x9a;

    /// What names a block.
    record BlockId(long millis, long number) {}

    private TraceKeys() {}

    static byte[] blocks() {
        return new KeyWriter(BLOCK).toBytes();
    }

    static byte[] block(BlockId id) {
        return new KeyWriter(BLOCK).uint64(id.millis).uint64(id.number).toBytes();
    }

    static byte[] allIds() {
        return new KeyWriter(IDS).toBytes();
    }

    static byte[] ids(BlockId id) {
        return new KeyWriter(IDS).uint64(id.millis).uint64(id.number).toBytes();
    }

    static BlockId readBlock(byte[] key) {
        KeyReader reader = new KeyReader(key);
        return new BlockId(reader.uint64(), reader.uint64());
    }

    static byte[] bytes() {
        return new KeyWriter(BYTES).toBytes();
    }
}
