package io.millrace.delivery;

import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A kind of target outside of the store, as an API destination or a function: called outside of
/// any transaction, from a virtual thread, and answering. Whoever must not lose a call owes it
/// through the [Outbox]. Thread-safe.
public interface RemoteTarget {

    /// What is sent.
    ///
    /// @param headers added to what the target sends by itself
    /// @param query parameters, added likewise
    /// @param pathValues for the stars in the target's path, in order
    /// @param senderId the service that calls, as `events.amazonaws.com`
    /// @param sourceArn on whose behalf, as a rule; null when nobody says
    record Call(
            String body,
            Map<String, String> headers,
            Map<String, String> query,
            List<String> pathValues,
            String senderId,
            @Nullable String sourceArn) {

        public Call {
            headers = Map.copyOf(headers);
            query = Map.copyOf(query);
            pathValues = List.copyOf(pathValues);
        }

        public static Call of(String body, String senderId, @Nullable String sourceArn) {
            return new Call(body, Map.of(), Map.of(), List.of(), senderId, sourceArn);
        }
    }

    /// How a call ended.
    sealed interface Reply {

        /// The target took it.
        ///
        /// @param body what the target answered
        record Answered(int status, String body) implements Reply {}

        /// The target did not take it.
        ///
        /// @param errorCode as a dead-letter queue tells it
        /// @param retryable false when another call would be refused just the same
        /// @param retryAfter how long the target wants to be left alone; null when it does not say
        record Refused(
                String errorCode,
                String errorMessage,
                boolean retryable,
                @Nullable Duration retryAfter)
                implements Reply {}
    }

    Reply call(Arn target, Call call) throws InterruptedException;
}
