package io.millrace.service.events;

import io.millrace.log.Log;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Is told what became of events, after it is durable. Thread-safe; must not block.
public interface EventTrace {

    /// One hop of an event.
    ///
    /// @param targetArn where it went, or was to go
    record Hop(String eventId, String ruleArn, String targetId, String targetArn, Result result) {}

    /// How a hop ended.
    sealed interface Result {
        /// On a bus, which the hop tells in place of a rule.
        record Accepted(String source, String detailType, @Nullable String traceHeader)
                implements Result {}

        /// The rule wants it.
        record Matched() implements Result {}

        /// What the rule makes of it for the target, where that is not the event itself.
        record Transformed(String body) implements Result {}

        /// The target has it.
        ///
        /// @param messageId what the target calls it; empty when it does not say
        record Delivered(String messageId) implements Result {
            Delivered() {
                this("");
            }
        }

        /// Kept by an archive, which is the target.
        record Archived() implements Result {}

        /// A target outside of the store was called, with or without success.
        ///
        /// @param number from 1
        /// @param status of HTTP; empty where the target answers with none
        /// @param errorCode empty for success
        record Attempted(
                int number, long milliseconds, String status, String errorCode, String errorMessage)
                implements Result {}

        /// Refused by the target and put into its dead-letter queue.
        record DeadLettered(String errorCode, String errorMessage) implements Result {}

        /// To be sent to a target outside of the store; how that ends is a hop of its own.
        record Owed() implements Result {}

        /// Refused by the target, and kept in the outbox as failed: there is no dead-letter queue,
        /// or it refused as well.
        record Kept(String errorCode, String errorMessage) implements Result {}

        /// Not sent on, and gone.
        record Dropped(String errorCode, String errorMessage) implements Result {}
    }

    void hop(Hop hop);

    /// What one transaction did, in order.
    default void hops(List<Hop> hops) {
        hops.forEach(this::hop);
    }

    /// Logs what was not delivered and is in no dead-letter queue.
    static EventTrace logging() {
        Log log = Log.of(EventTrace.class);
        return hop -> {
            if (hop.result() instanceof Result.Kept(String code, String message)) {
                log.warning(
                        "event not delivered, and kept in the outbox as failed",
                        "event",
                        hop.eventId(),
                        "rule",
                        hop.ruleArn(),
                        "target",
                        hop.targetArn(),
                        "code",
                        code,
                        "message",
                        message);
            }
        };
    }
}
