package io.millrace.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// Cuts what a power loss left at the end of the write-ahead logs, before RocksDB reads them.
///
/// RocksDB ends its recovery at the first bad record too, but not at each: version 11.8.1 reads for
/// ever where garbage looks like a record of a recycled log. Up to six bytes of the bad record are
/// left: a torn header, after which RocksDB takes the next log only when that goes on without a
/// gap.
///
/// The form: blocks of 32 KiB; in them records of a masked CRC-32C, two bytes of length,
/// little-endian, and one of type, which with the payload the checksum is of. A block's last bytes
/// are zero where no header fits. Source: `db/log_format.h`.
final class LogTails {
    private static final int BLOCK_BYTES = 32 * 1024;
    private static final int HEADER_BYTES = 7;
    private static final int LENGTH_OFFSET = 4;
    private static final int TYPE_OFFSET = 6;

    private LogTails() {}

    static void cut(Path directory) throws IOException {
        List<Path> logs;
        try (Stream<Path> files = Files.list(directory)) {
            logs = files.filter(file -> file.toString().endsWith(".log")).toList();
        }
        for (Path log : logs) {
            cutLog(log);
        }
    }

    private static void cutLog(Path log) throws IOException {
        try (FileChannel file =
                FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long bad = firstBadRecord(file);
            long end = Math.min(file.size(), bad + HEADER_BYTES - 1);
            if (end < file.size()) {
                file.truncate(end);
                file.force(true);
            }
        }
    }

    /// Where the records end that are whole.
    private static long firstBadRecord(FileChannel file) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long blockStart = 0;
        while (true) { // ends at the end of the file, or before
            block.clear();
            int read;
            do { // a read may be short
                read = file.read(block, blockStart + block.position());
            } while (read > 0 && block.hasRemaining());
            int good = goodBytes(block.flip());
            boolean passed = good + HEADER_BYTES > BLOCK_BYTES;
            if (!passed) {
                return blockStart + good;
            }
            blockStart += BLOCK_BYTES;
        }
    }

    private static int goodBytes(ByteBuffer block) {
        int offset = 0;
        while (offset + HEADER_BYTES <= block.limit()) {
            int length = block.getShort(offset + LENGTH_OFFSET) & 0xffff;
            int end = offset + HEADER_BYTES + length;
            if (end > block.limit() || !checksumFits(block, offset, end)) {
                return offset;
            }
            offset = end;
        }
        return offset;
    }

    private static boolean checksumFits(ByteBuffer block, int offset, int end) {
        CRC32C crc = new CRC32C();
        crc.update(block.slice(offset + TYPE_OFFSET, end - offset - TYPE_OFFSET));
        int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
        return masked == block.getInt(offset);
    }
}
