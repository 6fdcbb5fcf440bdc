package io.millrace.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The library's names of header fields: those of every request and answer ready-made, since to
/// find or make one takes longer than to look for its field.
final class HeaderFields {
    private static final Map<String, HeaderName> ASKED =
            byName(
                    HeaderNames::createFromLowercase,
                    "accept-encoding",
                    "authorization",
                    "content-encoding",
                    "content-length",
                    "content-type",
                    "host",
                    "origin",
                    "transfer-encoding",
                    "user-agent",
                    "x-amz-content-sha256",
                    "x-amz-date",
                    "x-amz-security-token",
                    "x-amz-target",
                    "x-amzn-trace-id");

    private static final Map<String, HeaderName> ANSWERED =
            byName(HeaderNames::create, "Content-Type", "x-amzn-RequestId", "x-amz-crc32");

    private HeaderFields() {}

    private static Map<String, HeaderName> byName(
            Function<String, HeaderName> made, String... names) {
        return List.of(names).stream().collect(Collectors.toUnmodifiableMap(name -> name, made));
    }

    /// A field of a request, by its name in lower case.
    static HeaderName asked(String name) {
        HeaderName ready = ASKED.get(name);
        return ready == null ? HeaderNames.createFromLowercase(name) : ready;
    }

    /// A field of an answer, by its name as it is written.
    static HeaderName answered(String name) {
        HeaderName ready = ANSWERED.get(name);
        return ready == null ? HeaderNames.create(name) : ready;
    }
}
