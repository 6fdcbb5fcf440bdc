package io.millrace.http;

/// Answers requests, each on its own virtual thread. Thread-safe. Catches everything itself: what
/// it throws ends the connection with a bare 500.
@FunctionalInterface
public interface Handler {

    Response handle(Request request);

    /// Words the answer to what is no HTTP request, so that the connection ends with it.
    ///
    /// @param status what HTTP says
    /// @param message what is wrong, for people
    default Response refuse(int status, String message) {
        return Response.of(status, "text/plain", message + "\n");
    }
}
