package io.millrace.service.logs;

import io.millrace.engine.Bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An event as it is stored: the number of its stream, when it came, and its text.
record StoredEvent(long stream, long ingestedMillis, String message) {
    private static final int MESSAGE = 2 * Long.BYTES;

    static StoredEvent decode(byte[] value) {
        String message = new String(value, MESSAGE, value.length - MESSAGE, StandardCharsets.UTF_8);
        return new StoredEvent(
                Bytes.readLong(value, 0), Bytes.readLong(value, Long.BYTES), message);
    }

    byte[] encode() {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        byte[] value = new byte[MESSAGE + text.length];
        Bytes.writeLong(value, 0, stream);
        Bytes.writeLong(value, Long.BYTES, ingestedMillis);
        System.arraycopy(text, 0, value, MESSAGE, text.length);
        return value;
    }

    /// The stream's number alone.
    static long stream(byte[] value) {
        return Bytes.readLong(value, 0);
    }

    /// What AWS counts for an event: its text in UTF-8 and 26 bytes.
    static int size(byte[] value) {
        return value.length - MESSAGE + LogsLimits.EVENT_OVERHEAD_BYTES;
    }

    static int size(String message) {
        return message.getBytes(StandardCharsets.UTF_8).length + LogsLimits.EVENT_OVERHEAD_BYTES;
    }

    /// The text of a stored value, without the rest.
    static byte[] text(byte[] value) {
        return Arrays.copyOfRange(value, MESSAGE, value.length);
    }
}
