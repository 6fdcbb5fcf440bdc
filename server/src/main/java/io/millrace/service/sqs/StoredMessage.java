package io.millrace.service.sqs;

import io.millrace.delivery.Message.Attribute;
import io.millrace.delivery.SharedPayload;
import io.millrace.engine.Snapshot;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// A message as its queue keeps it, from send to delete unchanged.
///
/// @param sourceArn the queue from which it came to this dead-letter queue
/// @param earlierReceiveCount how often that queue handed it out
/// @param firstReceivedMillis when that queue first did; 0 when none did
record StoredMessage(
        String messageId,
        long sentMillis,
        String senderId,
        StoredBody body,
        Map<String, Attribute> attributes,
        @Nullable String groupId,
        @Nullable String deduplicationId,
        @Nullable String traceHeader,
        @Nullable String sourceArn,
        int earlierReceiveCount,
        long firstReceivedMillis) {

    /// Grows as it is written; what a stream does, without its locks.
    private static final class Encoder {
        private ByteBuffer out;

        private Encoder(int bytes) {
            out = ByteBuffer.allocate(bytes);
        }

        private void uint8(int value) {
            room(1).put((byte) value);
        }

        private void uint32(int value) {
            room(Integer.BYTES).putInt(value);
        }

        private void uint64(long value) {
            room(Long.BYTES).putLong(value);
        }

        private void raw(byte[] bytes) {
            room(bytes.length).put(bytes);
        }

        private void bytes(byte[] bytes) {
            uint32(bytes.length);
            raw(bytes);
        }

        private void text(@Nullable String text) {
            if (text == null) {
                room(Short.BYTES).putShort((short) ABSENT);
                return;
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (bytes.length >= ABSENT) {
                throw new IllegalStateException("a name of more than 64 KiB");
            }
            room(Short.BYTES).putShort((short) bytes.length);
            raw(bytes);
        }

        private byte[] toBytes() {
            return Arrays.copyOf(out.array(), out.position());
        }

        private ByteBuffer room(int bytes) {
            if (out.remaining() < bytes) {
                int length = Math.max(2 * out.capacity(), out.position() + bytes);
                ByteBuffer larger = ByteBuffer.allocate(length);
                out = larger.put(out.flip());
            }
            return out;
        }
    }

    private static final byte TEXT = 1;
    private static final byte RENDERED = 2;
    private static final byte SHARED = 3;
    private static final int MD5_BYTES = 16;
    private static final int ENCODED_BYTES = 256; // without the body; to begin with
    private static final int ABSENT = 0xffff;
    private static final byte STRING = 1;
    private static final byte BINARY = 2;

    /// Only the time of sending, without decoding the rest.
    static long sentMillis(byte[] encoded) {
        return ByteBuffer.wrap(encoded).getLong(1);
    }

    /// @param position where it stands, beside the payload that it may share
    static StoredMessage decode(Snapshot tx, Position position, byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        byte form = in.get();
        if (form < TEXT || form > SHARED) {
            throw new IllegalStateException("a message of an unknown form");
        }
        long sent = in.getLong();
        String messageId = string(in);
        String senderId = string(in);
        String group = optionalString(in);
        String deduplication = optionalString(in);
        String trace = optionalString(in);
        String source = optionalString(in);
        int earlierReceives = in.getInt();
        long firstReceived = in.getLong();
        byte[] md5 = form == TEXT ? bytes(in, MD5_BYTES) : new byte[0];
        Map<String, Attribute> attributes = attributes(in);
        StoredBody body =
                switch (form) {
                    case TEXT -> new StoredBody.Text(bytes(in, in.remaining()), md5);
                    case RENDERED ->
                            new StoredBody.Rendered(
                                    string(in), bytes(in, in.getInt()), bytes(in, in.remaining()));
                    default ->
                            new StoredBody.Rendered(
                                    string(in),
                                    bytes(in, in.getInt()),
                                    SharedPayload.read(tx, position.stamp(), in.getLong()));
                };
        return new StoredMessage(
                messageId,
                sent,
                senderId,
                body,
                attributes,
                group,
                deduplication,
                trace,
                source,
                earlierReceives,
                firstReceived);
    }

    private static Map<String, Attribute> attributes(ByteBuffer in) {
        int count = in.get();
        Map<String, Attribute> attributes = LinkedHashMap.newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
            String name = string(in);
            String type = string(in);
            boolean binary = in.get() == BINARY;
            byte[] value = bytes(in, in.getInt());
            attributes.put(
                    name,
                    binary
                            ? new Attribute(type, null, value)
                            : new Attribute(type, new String(value, StandardCharsets.UTF_8), null));
        }
        return attributes;
    }

    byte[] encode() {
        Encoder out = new Encoder(ENCODED_BYTES + bodyLength());
        out.uint8(
                switch (body) {
                    case StoredBody.Text _ -> TEXT;
                    case StoredBody.Rendered _ -> RENDERED;
                    case StoredBody.Shared _ -> SHARED;
                });
        out.uint64(sentMillis);
        out.text(messageId);
        out.text(senderId);
        out.text(groupId);
        out.text(deduplicationId);
        out.text(traceHeader);
        out.text(sourceArn);
        out.uint32(earlierReceiveCount);
        out.uint64(firstReceivedMillis);
        if (body instanceof StoredBody.Text text) {
            out.raw(text.md5());
        }
        out.uint8(attributes.size());
        attributes.forEach((name, attribute) -> {
            out.text(name);
            out.text(attribute.dataType());
            byte[] binary = attribute.binaryValue();
            out.uint8(binary != null ? BINARY : STRING);
            out.bytes(
                    binary != null
                            ? binary
                            : String.valueOf(attribute.stringValue())
                                    .getBytes(StandardCharsets.UTF_8));
        });
        switch (body) {
            case StoredBody.Text text -> out.raw(text.utf8());
            case StoredBody.Rendered(String kind, byte[] own, byte[] shared) -> {
                out.text(kind);
                out.bytes(own);
                out.raw(shared);
            }
            case StoredBody.Shared(String kind, byte[] own, SharedPayload payload) -> {
                out.text(kind);
                out.bytes(own);
                out.uint64(payload.number());
            }
        }
        return out.toBytes();
    }

    private int bodyLength() {
        return switch (body) {
            case StoredBody.Text text -> text.utf8().length;
            case StoredBody.Rendered(_, byte[] own, byte[] shared) -> own.length + shared.length;
            case StoredBody.Shared(_, byte[] own, _) -> own.length;
        };
    }

    /// The message in the dead-letter queue of `source`. Of a FIFO queue it begins a new life
    /// there, and its id is what tells it from others; else it stays as old as it is. Source:
    /// [developer
    /// guide](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html).
    StoredMessage movedFrom(Queue source, MessageState state, long nowMillis) {
        return new StoredMessage(
                messageId,
                source.fifo() ? nowMillis : sentMillis,
                senderId,
                body,
                attributes,
                groupId,
                source.fifo() ? messageId : deduplicationId,
                traceHeader,
                source.arn(),
                receiveCount(state),
                firstReceivedMillis(state));
    }

    /// The message as a new one, which was never received.
    StoredMessage redriven(String newMessageId, long nowMillis) {
        return new StoredMessage(
                newMessageId,
                nowMillis,
                senderId,
                body,
                attributes,
                groupId,
                deduplicationId,
                traceHeader,
                null,
                0,
                0);
    }

    /// The message with its body as text.
    StoredMessage with(StoredBody.Text made) {
        return new StoredMessage(
                messageId,
                sentMillis,
                senderId,
                made,
                attributes,
                groupId,
                deduplicationId,
                traceHeader,
                sourceArn,
                earlierReceiveCount,
                firstReceivedMillis);
    }

    /// How often it was handed out, here and by the queue from which it came.
    int receiveCount(MessageState state) {
        return earlierReceiveCount + state.receiveCount();
    }

    long firstReceivedMillis(MessageState state) {
        return firstReceivedMillis == 0 ? state.firstReceivedMillis() : firstReceivedMillis;
    }

    private static @Nullable String optionalString(ByteBuffer in) {
        int length = in.getShort() & ABSENT;
        return length == ABSENT ? null : new String(bytes(in, length), StandardCharsets.UTF_8);
    }

    private static String string(ByteBuffer in) {
        return String.valueOf(optionalString(in));
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
