package io.millrace.wire;

import io.millrace.http.Request;
import io.millrace.http.Response;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// What is told to browsers that run the page of another origin. AWS lets every page ask, since a
/// page needs credentials to be answered. So do we where credentials are configured; in development
/// mode, where anyone is believed, only pages from this machine may ask. Source: dynalite's tests,
/// which were recorded against DynamoDB.
final class CrossOrigin {
    private static final Pattern LOOPBACK =
            Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");
    private static final String MAX_AGE_SECONDS = "172800";

    private final boolean everyone;

    /// @param everyone whether pages from everywhere may ask
    CrossOrigin(boolean everyone) {
        this.everyone = everyone;
    }

    /// Who may read the answer; null when the request comes from no page, or from one that may not.
    @Nullable String allowed(Request request) {
        String origin = request.header("origin");
        if (origin == null) {
            return null;
        }
        if (everyone) {
            return "*";
        }
        return LOOPBACK.matcher(origin).matches() ? origin : null;
    }

    /// The answer to a browser that asks before it calls.
    static Response preflight(Request request) {
        Map<String, String> headers = new LinkedHashMap<>();
        tell(headers, "Access-Control-Allow-Headers", request, "access-control-request-headers");
        tell(headers, "Access-Control-Allow-Methods", request, "access-control-request-method");
        headers.put("Access-Control-Max-Age", MAX_AGE_SECONDS);
        return new Response(200, headers, new byte[0]);
    }

    private static void tell(
            Map<String, String> headers, String name, Request request, String asked) {
        String value = request.header(asked);
        if (value != null) {
            headers.put(name, value);
        }
    }

    /// The response, for that origin to read.
    static Response readable(Response response, String origin) {
        Map<String, String> headers = new LinkedHashMap<>(response.headers());
        headers.put("Access-Control-Allow-Origin", origin);
        headers.put("Access-Control-Expose-Headers", "x-amzn-RequestId, x-amz-crc32");
        headers.put("Vary", "Origin");
        return new Response(response.status(), headers, response.body());
    }
}
