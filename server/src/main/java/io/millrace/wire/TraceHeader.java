package io.millrace.wire;

import io.millrace.http.Request;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/// The header in which X-Ray's SDK tells the trace of a request, and which SQS, SNS and EventBridge
/// hand on. One that is not valid is dropped. Source: [tracing
/// header](https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html).
final class TraceHeader {
    private static final String NAME = "x-amzn-trace-id";
    private static final int CHARACTERS_MAX = 500; // as of EventBridge's TraceHeader
    private static final Pattern VALID =
            Pattern.compile(
                    "(?:[\\x20-\\x7e]*;)?\\s*Root=1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}\\s*"
                            + "(?:;[\\x20-\\x7e]*)?");

    private TraceHeader() {}

    /// Null when there is none, or none that is valid.
    static @Nullable String of(Request request) {
        String header = request.header(NAME);
        return header != null
                        && header.length() <= CHARACTERS_MAX
                        && VALID.matcher(header).matches()
                ? header
                : null;
    }
}
