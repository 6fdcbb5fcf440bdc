package io.millrace.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// An answer, complete: it leaves in one write.
///
/// @param headers in the order of the answer; length, date and connection are the server's
public record Response(int status, Map<String, String> headers, byte[] body) {

    /// An answer with a text body.
    public static Response of(int status, String contentType, String body) {
        return new Response(
                status, Map.of("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8));
    }
}
