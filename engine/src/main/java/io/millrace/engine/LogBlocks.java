package io.millrace.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/// Reads a file of RocksDB's log format, a write-ahead log or a manifest, record by record, and
/// goes on behind what is damaged.
///
/// The form: blocks of 32 KiB; in them records of a masked CRC-32C, two bytes of length,
/// little-endian, and one of type, which with the payload the checksum is of. A block's last bytes
/// are zero where no header fits. Source: `db/log_format.h`.
final class LogBlocks {
    static final int HEADER_BYTES = 7;
    static final int FULL = 1;
    static final int FIRST = 2;
    static final int LAST = 4;
    private static final int BLOCK_BYTES = 32 * 1024;
    private static final int LENGTH_OFFSET = 4;
    private static final int TYPE_OFFSET = 6;

    /// What is told of a file.
    interface Visitor {
        /// A record whose checksum fits; a part of one when `type` is not [#FULL].
        void record(int type, long offset, ByteBuffer payload);

        /// Something that is no record, at `offset`; records may follow.
        void bad(long offset);
    }

    private LogBlocks() {}

    /// Tells whole records up to the first place that is bad, and that place.
    static Visitor whole(Consumer<ByteBuffer> each, LongConsumer firstBad) {
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        return new Visitor() {
            private boolean ended;

            @Override
            public void record(int type, long offset, ByteBuffer payload) {
                if (ended) {
                    return;
                }
                if (type == FULL || type == FIRST) {
                    parts.reset();
                }
                byte[] part = new byte[payload.remaining()];
                payload.get(part);
                parts.writeBytes(part);
                if (type == FULL || type == LAST) {
                    each.accept(ByteBuffer.wrap(parts.toByteArray()));
                }
            }

            @Override
            public void bad(long offset) {
                if (!ended) {
                    ended = true;
                    firstBad.accept(offset);
                }
            }
        };
    }

    static void read(Path path, Visitor visitor) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (long start = 0; start < file.size(); start += BLOCK_BYTES) {
                block.clear();
                int read;
                do { // a read may be short
                    read = file.read(block, start + block.position());
                } while (read > 0 && block.hasRemaining());
                readBlock(block.flip(), start, visitor);
            }
        }
    }

    private static void readBlock(ByteBuffer block, long start, Visitor visitor) {
        int offset = 0;
        while (offset + HEADER_BYTES <= block.limit()) {
            if (fits(block, offset)) {
                int length = length(block, offset);
                ByteBuffer payload = block.slice(offset + HEADER_BYTES, length);
                visitor.record(
                        block.get(offset + TYPE_OFFSET),
                        start + offset,
                        payload.order(ByteOrder.LITTLE_ENDIAN));
                offset += HEADER_BYTES + length;
            } else {
                visitor.bad(start + offset);
                do { // whatever looks like a record and has its checksum is one
                    offset++;
                } while (offset + HEADER_BYTES <= block.limit() && !fits(block, offset));
            }
        }
        if (offset < block.limit() && block.limit() < BLOCK_BYTES) {
            visitor.bad(start + offset); // a part of a header
        }
    }

    private static int length(ByteBuffer block, int offset) {
        return block.getShort(offset + LENGTH_OFFSET) & 0xffff;
    }

    private static boolean fits(ByteBuffer block, int offset) {
        int end = offset + HEADER_BYTES + length(block, offset);
        byte type = block.get(offset + TYPE_OFFSET);
        if (end > block.limit() || type < FULL || type > LAST) {
            return false;
        }
        CRC32C crc = new CRC32C();
        crc.update(block.slice(offset + TYPE_OFFSET, end - offset - TYPE_OFFSET));
        int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
        return masked == block.getInt(offset);
    }
}
