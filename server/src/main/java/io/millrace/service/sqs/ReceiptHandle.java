package io.millrace.service.sqs;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What a receiver holds of a message: which one it is, and which of its receipts. Opaque to
/// clients; the check tells a mangled handle from a real one, nothing more.
record ReceiptHandle(long queue, Position position, int receiveCount) {

    /// Shows as `AQEB`, like every handle of AWS.
    private static final byte[] MARK = {1, 1, 1};

    private static final int BYTES =
            MARK.length + 2 * Long.BYTES + 2 * Integer.BYTES + Integer.BYTES;

    static Optional<ReceiptHandle> parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        for (byte mark : MARK) {
            if (in.get() != mark) {
                return Optional.empty();
            }
        }
        ReceiptHandle handle =
                new ReceiptHandle(
                        in.getLong(), new Position(in.getLong(), in.getInt()), in.getInt());
        return in.getInt() == check(bytes) ? Optional.of(handle) : Optional.empty();
    }

    @Override
    public String toString() {
        ByteBuffer out =
                ByteBuffer.allocate(BYTES)
                        .put(MARK)
                        .putLong(queue)
                        .putLong(position.stamp())
                        .putInt(position.ordinal())
                        .putInt(receiveCount);
        out.putInt(check(out.array()));
        return Base64.getEncoder().encodeToString(out.array());
    }

    private static int check(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, BYTES - Integer.BYTES);
        return (int) crc.getValue();
    }
}
