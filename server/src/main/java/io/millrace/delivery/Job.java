package io.millrace.delivery;

import io.millrace.engine.Bytes;
import io.millrace.engine.Snapshot;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/// One delivery that the outbox owes.
///
/// @param kind which handler delivers it
/// @param target what it is delivered to: jobs of one target share a lane, with its own concurrency
/// @param attributes whatever the handler needs besides the payload
/// @param deadLetterArn where it goes when all attempts failed; null to keep it as failed
/// @param order behind which other jobs it waits; null for none
public record Job(
        String kind,
        String target,
        Map<String, String> attributes,
        byte[] payload,
        RetryPolicy policy,
        @Nullable String deadLetterArn,
        @Nullable Order order) {

    /// Jobs of one target and one key are delivered one after the other, in the order in which
    /// their transactions committed. A job that waits for its retry holds up those behind it, and
    /// no others.
    ///
    /// @param sequence the order within a transaction
    public record Order(String key, int sequence) {}

    /// A job without its payload.
    ///
    /// @param sharedNumber the number of the payload, where it is shared
    record Header(
            String kind,
            String target,
            Map<String, String> attributes,
            RetryPolicy policy,
            @Nullable String deadLetterArn,
            @Nullable Order order,
            @Nullable Long sharedNumber) {}

    private static final ResourceCodec<Header> HEADER = new ResourceCodec<>(Header.class);

    public Job {
        attributes = Map.copyOf(attributes);
    }

    /// A job that waits for no other.
    public Job(
            String kind,
            String target,
            Map<String, String> attributes,
            byte[] payload,
            RetryPolicy policy,
            @Nullable String deadLetterArn) {
        this(kind, target, attributes, payload, policy, deadLetterArn, null);
    }

    /// The same with an order.
    public Job ordered(@Nullable Order newOrder) {
        return new Job(kind, target, attributes, payload, policy, deadLetterArn, newOrder);
    }

    /// The header's length, the header, the payload.
    ///
    /// @param shared where the payload is, if not behind the header
    byte[] encode(@Nullable SharedPayload shared) {
        byte[] behind = shared == null ? payload : Bytes.EMPTY;
        byte[] header =
                HEADER.encode(
                        new Header(
                                kind,
                                target,
                                attributes,
                                policy,
                                deadLetterArn,
                                order,
                                shared == null ? null : shared.number()));
        return ByteBuffer.allocate(Integer.BYTES + header.length + behind.length)
                .putInt(header.length)
                .put(header)
                .put(behind)
                .array();
    }

    /// @param stamp the commit sequence number of the transaction that added it
    static Job decode(Snapshot snapshot, long stamp, byte[] bytes) {
        int headerEnd = Integer.BYTES + ByteBuffer.wrap(bytes).getInt();
        Header header = HEADER.decode(Arrays.copyOfRange(bytes, Integer.BYTES, headerEnd));
        return new Job(
                header.kind,
                header.target,
                header.attributes,
                header.sharedNumber == null
                        ? Arrays.copyOfRange(bytes, headerEnd, bytes.length)
                        : SharedPayload.read(snapshot, stamp, header.sharedNumber),
                header.policy,
                header.deadLetterArn,
                header.order);
    }
}
