package io.millrace.http;

/// Answers requests, each on its own virtual thread. Thread-safe. Catches everything itself: what
/// it throws ends the connection with a bare 500.
@FunctionalInterface
public interface Handler {

    Response handle(Request request);
}
