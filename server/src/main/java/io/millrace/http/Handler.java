package io.millrace.http;

import org.jspecify.annotations.Nullable;

/// Answers requests, each on its own virtual thread. Thread-safe. Catches everything itself: what
/// it throws ends the connection with a bare 500.
@FunctionalInterface
public interface Handler {

    Response handle(Request request);

    /// Whether there is too much to do, so that whatever comes now is better refused.
    default boolean isFull() {
        return false;
    }

    /// Words the answer to a request that is refused because there is too much to do; its body is
    /// not there. Null when it is to be answered even then.
    default @Nullable Response refuse(Request request) {
        return null;
    }

    /// Words the answer to what is no HTTP request, so that the connection ends with it.
    ///
    /// @param status what HTTP says
    /// @param message what is wrong, for people
    default Response refuse(int status, String message) {
        return Response.of(status, "text/plain", message + "\n");
    }
}
