package io.millrace.wire;

import io.millrace.http.Body;
import io.millrace.http.Request;
import io.millrace.http.Response;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What DynamoDB's endpoints answer to what is no call of an operation: `GET` tells that they are
/// healthy, other methods and other content types end in an error outside of JSON. Source:
/// dynalite's tests, which were recorded against DynamoDB.
final class FrontDoor {
    private static final byte[] UNKNOWN =
            "<UnknownOperationException/>\n".getBytes(StandardCharsets.UTF_8);

    private FrontDoor() {}

    /// The answer; null when the request is a call.
    static @Nullable Response answer(Request request, Body body, String region) {
        if (request.method().equals("GET") || request.method().equals("HEAD")) {
            return healthy(region);
        }
        String type = JsonDialect.mediaType(request);
        boolean json =
                type.equals(JsonDialect.PLAIN_CONTENT_TYPE)
                        || type.equals(JsonDialect.CONTENT_TYPE + "1.0");
        if (request.method().equals("POST") && (json || body.raw().length == 0)) {
            return null;
        }
        return new Response(404, Map.of(Checksum.HEADER, Checksum.of(UNKNOWN)), UNKNOWN);
    }

    /// The blank at the end is DynamoDB's.
    static Response healthy(String region) {
        byte[] text =
                ("healthy: dynamodb." + region + ".amazonaws.com ")
                        .getBytes(StandardCharsets.UTF_8);
        return new Response(
                200,
                Map.of("Content-Type", "text/plain", Checksum.HEADER, Checksum.of(text)),
                text);
    }
}
