package io.millrace.stream;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// One change of an item, as a table's stream keeps it. Images are in the table's own encoding.
///
/// @param keys the item's key attributes
/// @param oldImage absent when there was no item, or the stream's view leaves it out
/// @param newImage absent when there is no item any more, or the stream's view leaves it out
/// @param sizeBytes the size of keys and images as the API counts it
/// @param byService whether the service itself made the change: an expired item
public record TableChange(
        EventName eventName,
        byte[] keys,
        byte @Nullable [] oldImage,
        byte @Nullable [] newImage,
        int sizeBytes,
        boolean byService) {

    /// What happened, and the byte that stands for it in an entry.
    public enum EventName {
        INSERT(1),
        MODIFY(2),
        REMOVE(3);

        private final int code;

        EventName(int code) {
            this.code = code;
        }

        private static EventName of(int code) {
            for (EventName name : values()) {
                if (name.code == code) {
                    return name;
                }
            }
            throw new IllegalStateException("no event has the code " + code);
        }
    }

    private static final int FIXED_BYTES = 2 + 4 * Integer.BYTES;
    private static final int ABSENT = -1;

    /// This change as an entry for [StreamLog#append].
    public byte[] entry(long epochMillis) {
        int images = length(oldImage) + length(newImage);
        byte[] entry = StreamLog.entry(epochMillis, FIXED_BYTES + keys.length + images);
        ByteBuffer out = ByteBuffer.wrap(entry).position(StreamLog.HEADER_BYTES);
        out.put((byte) eventName.code).put((byte) (byService ? 1 : 0)).putInt(sizeBytes);
        put(out, keys);
        put(out, oldImage);
        put(out, newImage);
        return entry;
    }

    /// Reads back the payload of an entry.
    public static TableChange read(ByteBuffer payload) {
        ByteBuffer in = payload.duplicate();
        EventName eventName = EventName.of(in.get());
        boolean byService = in.get() != 0;
        int sizeBytes = in.getInt();
        byte[] keys = take(in);
        if (keys == null) {
            throw new IllegalStateException("a change without keys");
        }
        return new TableChange(eventName, keys, take(in), take(in), sizeBytes, byService);
    }

    /// The key attributes alone, of the payload of an entry.
    public static byte[] keys(ByteBuffer payload) {
        byte[] keys = take(payload.duplicate().position(payload.position() + 2 + Integer.BYTES));
        if (keys == null) {
            throw new IllegalStateException("a change without keys");
        }
        return keys;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static void put(ByteBuffer out, byte @Nullable [] bytes) {
        if (bytes == null) {
            out.putInt(ABSENT);
        } else {
            out.putInt(bytes.length).put(bytes);
        }
    }

    private static byte @Nullable [] take(ByteBuffer in) {
        int length = in.getInt();
        if (length == ABSENT) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
