package io.millrace.service.dynamodbstreams;

import io.millrace.stream.Position;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;

/// Where to read on, as a token: everything is in it, so the server remembers nothing.
///
/// Its text is the stream's ARN, the version of this form, and in Base64 the shard, the position,
/// the time of its making and a checksum over all of that. The checksum finds what was cut or
/// mistyped; it is no protection, and need not be: whoever may read a stream may read all of it.
record ShardIterator(String streamArn, int shard, Position position, long madeMillis) {
    private static final String VERSION = "1";
    private static final int PARTS = 3;
    private static final int BYTES = Integer.BYTES + 3 * Long.BYTES + Integer.BYTES;

    static ShardIterator parse(String text) {
        String[] parts = text.split("\\|", -1);
        if (parts.length != PARTS || !parts[1].equals(VERSION)) {
            throw DynamoDbStreamsErrors.invalidIterator();
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(Base64.getDecoder().decode(parts[2]));
            int shard = in.getInt();
            Position position = new Position(in.getLong(), Math.toIntExact(in.getLong()));
            ShardIterator iterator = new ShardIterator(parts[0], shard, position, in.getLong());
            if (!iterator.toString().equals(text)) {
                throw DynamoDbStreamsErrors.invalidIterator();
            }
            return iterator;
        } catch (IllegalArgumentException | ArithmeticException | BufferUnderflowException _) {
            throw DynamoDbStreamsErrors.invalidIterator();
        }
    }

    ShardIterator at(Position next, long nowMillis) {
        return new ShardIterator(streamArn, shard, next, nowMillis);
    }

    boolean expired(long nowMillis) {
        return madeMillis + DynamoDbStreamsLimits.ITERATOR_LIFETIME.toMillis() < nowMillis;
    }

    /// The token.
    @Override
    public String toString() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putInt(shard).putLong(position.version()).putLong(position.index()).putLong(madeMillis);
        CRC32C checksum = new CRC32C();
        checksum.update(streamArn.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        checksum.update(out.array(), 0, out.position());
        out.putInt((int) checksum.getValue());
        return streamArn + "|" + VERSION + "|" + Base64.getEncoder().encodeToString(out.array());
    }
}
