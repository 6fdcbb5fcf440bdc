package io.millrace.service.pipes;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// Why an event, or a batch, did not get through.
///
/// @param service whose refusal it is, as `sqs`; `pipes` for our own
/// @param retryAfter how long the target wants to be left alone; null when it does not say
record Failure(String service, String code, String message, @Nullable Duration retryAfter) {

    private static final String OURS = "pipes";

    /// One of the pipe's own making.
    static Failure ours(String code, String message) {
        return new Failure(OURS, code, message, null);
    }

    /// Whether nothing was called in vain.
    boolean isOurs() {
        return service.equals(OURS);
    }

    String text() {
        return code + ": " + message;
    }
}
