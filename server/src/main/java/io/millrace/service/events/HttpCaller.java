package io.millrace.service.events;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// Calls HTTP endpoints. Thread-safe.
public interface HttpCaller {

    /// A request. Does not show itself: there are secrets in it.
    record Request(String method, URI uri, Map<String, String> headers, byte[] body) {
        @Override
        public String toString() {
            return method + " (its headers, query and body are not shown)";
        }
    }

    /// An answer.
    ///
    /// @param headers the first value of each, by names in lower case
    /// @param body as far as it was read
    record Answer(int status, Map<String, String> headers, byte[] body) {}

    /// Waits for the whole answer, but not for ever.
    ///
    /// @throws IllegalArgumentException when the request is not one that can be sent
    Answer call(Request request) throws IOException, InterruptedException;
}
