package io.millrace.service.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.Bytes;
import io.millrace.pattern.JsonPathText;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// An event in an archive: as it went over the bus.
///
/// @param arrivedMillis when it did
record ArchivedEvent(long arrivedMillis, @Nullable String traceHeader, String json) {

    private static final String ID = "{\"version\":\"0\",\"id\":\"";
    private static final String TIME = ",\"time\":\"";
    private static final String RESOURCES = ",\"resources\":[";
    private static final int HEAD_BYTES = Long.BYTES + Short.BYTES;

    static ArchivedEvent of(EventEnvelope event, long nowMillis) {
        return new ArchivedEvent(nowMillis, event.traceHeader(), event.json());
    }

    /// The second, since 1970, of the time that the event tells.
    long second() {
        return Instant.parse(text(TIME)).getEpochSecond();
    }

    /// The event as a replay sends it over the bus again: the same, and with the replay's name,
    /// which patterns and targets see. It keeps its id: the replay's name tells it from the first.
    EventEnvelope replayed(String replayName) {
        int at = json.indexOf(RESOURCES);
        String replayed =
                json.substring(0, at)
                        + ",\"replay-name\":"
                        + JsonPathText.quote(replayName)
                        + json.substring(at);
        return EventEnvelope.again(
                text(ID), replayed, Instant.ofEpochMilli(arrivedMillis), traceHeader);
    }

    byte[] toBytes() {
        byte[] trace = traceHeader == null ? Bytes.EMPTY : traceHeader.getBytes(UTF_8);
        byte[] event = json.getBytes(UTF_8);
        byte[] bytes = new byte[HEAD_BYTES + trace.length + event.length];
        Bytes.writeLong(bytes, 0, arrivedMillis);
        bytes[Long.BYTES] = (byte) (trace.length >>> 8);
        bytes[Long.BYTES + 1] = (byte) trace.length;
        System.arraycopy(trace, 0, bytes, HEAD_BYTES, trace.length);
        System.arraycopy(event, 0, bytes, HEAD_BYTES + trace.length, event.length);
        return bytes;
    }

    static ArchivedEvent of(byte[] bytes) {
        int trace = ((bytes[Long.BYTES] & 0xff) << 8) | (bytes[Long.BYTES + 1] & 0xff);
        int at = HEAD_BYTES + trace;
        return new ArchivedEvent(
                Bytes.readLong(bytes, 0),
                trace == 0 ? null : new String(bytes, HEAD_BYTES, trace, UTF_8),
                new String(bytes, at, bytes.length - at, UTF_8));
    }

    /// A string without escapes in the envelope, of which the text before it is found nowhere
    /// earlier: in a string, its quotes would be escaped.
    private String text(String before) {
        int from = json.indexOf(before) + before.length();
        return json.substring(from, json.indexOf('"', from));
    }
}
