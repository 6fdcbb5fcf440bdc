package io.millrace.delivery;

import io.millrace.delivery.Message.Attribute;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Queues as the source of other services. A message is received as any consumer receives it: it is
/// hidden for a time and comes again unless it is deleted. Deleting is part of the consumer's own
/// transaction, so that what is done with the message and its end are one. Thread-safe.
public interface QueueSource {

    /// A message in flight.
    ///
    /// @param attributes the queue's own: `SentTimestamp`, `MessageGroupId`, …
    /// @param attributesMd5 null when there are no message attributes
    record Received(
            String messageId,
            String receiptHandle,
            String body,
            String bodyMd5,
            Map<String, String> attributes,
            Map<String, Attribute> messageAttributes,
            @Nullable String attributesMd5) {

        public Received {
            attributes = Map.copyOf(attributes);
            messageAttributes = Map.copyOf(messageAttributes);
        }

        /// Those of one group come in order, one batch at a time; null in a queue without order.
        public @Nullable String orderedGroup() {
            return attributes.containsKey("SequenceNumber")
                    ? attributes.get("MessageGroupId")
                    : null;
        }
    }

    /// What is asked for.
    ///
    /// @param principalArn on whose behalf
    /// @param patience how long to wait for the first message
    /// @param longer how much longer than the queue says messages are to stay hidden
    record Poll(Arn queue, String principalArn, int countMax, Duration patience, Duration longer) {}

    boolean exists(Snapshot snapshot, Arn queue);

    /// Receives what is there, or the first that comes; nothing when the consumer leaves. Not in a
    /// transaction.
    ///
    /// @throws SourceException when the queue is gone, or closed to the principal
    List<Received> receive(Poll poll, QueueConsumer consumer);

    /// Whether the message is still there, and in flight by this receipt and no later one.
    boolean isHeld(Snapshot snapshot, Arn queue, String receiptHandle);

    /// Deletes a message that [#isHeld].
    void delete(Transaction transaction, Arn queue, String receiptHandle);

    /// Makes messages visible again that are in flight by these receipts.
    void release(Transaction transaction, Arn queue, List<String> receiptHandles);
}
