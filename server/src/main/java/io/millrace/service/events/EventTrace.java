package io.millrace.service.events;

import io.millrace.log.Log;

/// Is told what became of events, after it is durable. Thread-safe; must not block.
public interface EventTrace {

    /// One hop of an event.
    ///
    /// @param targetArn where it went, or was to go
    record Hop(String eventId, String ruleArn, String targetId, String targetArn, Result result) {}

    /// How a hop ended.
    sealed interface Result {
        record Delivered() implements Result {}

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
