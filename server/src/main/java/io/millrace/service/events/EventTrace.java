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

        /// Refused by the target, and gone: there is no dead-letter queue, or it refused as well.
        record Dropped(String errorCode, String errorMessage) implements Result {}
    }

    void hop(Hop hop);

    /// Logs what was dropped, and nothing else.
    static EventTrace logging() {
        Log log = Log.of(EventTrace.class);
        return hop -> {
            if (hop.result() instanceof Result.Dropped(String code, String message)) {
                log.warning(
                        "event dropped",
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
