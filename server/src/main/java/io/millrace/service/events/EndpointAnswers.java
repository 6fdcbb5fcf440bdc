package io.millrace.service.events;

import io.millrace.delivery.RemoteTarget.Reply;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/// What an endpoint's answer means: 2xx is delivered; 401, 407, 409, 429 and 5xx may pass; anything
/// else is refused for good. `Retry-After` in seconds is honoured; a negative one ends the retries.
/// Source: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html).
final class EndpointAnswers {
    private static final int UNAUTHORIZED = 401;
    private static final int PROXY_UNAUTHORIZED = 407;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERRORS = 500;

    private EndpointAnswers() {}

    /// @param unauthorized run when the endpoint did not take our authorization
    static Reply reply(HttpCaller.Answer answer, Runnable unauthorized) {
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return new Reply.Answered(status, text(answer));
        }
        if (status == UNAUTHORIZED || status == PROXY_UNAUTHORIZED) {
            unauthorized.run();
        }
        boolean mayPass =
                status == UNAUTHORIZED
                        || status == PROXY_UNAUTHORIZED
                        || status == CONFLICT
                        || status == TOO_MANY
                        || status >= SERVER_ERRORS;
        Long seconds = retryAfter(answer);
        return new Reply.Refused(
                status == TOO_MANY ? "THROTTLING" : "ERROR_FROM_TARGET",
                "The endpoint answered with HTTP status " + status + ".",
                mayPass && (seconds == null || seconds >= 0),
                seconds == null || seconds < 0 ? null : Duration.ofSeconds(seconds));
    }

    private static @Nullable Long retryAfter(HttpCaller.Answer answer) {
        String value = answer.headers().get("retry-after");
        return value != null && value.strip().matches("-?[0-9]{1,9}")
                ? Long.valueOf(value.strip())
                : null;
    }

    private static String text(HttpCaller.Answer answer) {
        String encoding =
                answer.headers().getOrDefault("content-encoding", "").toLowerCase(Locale.ROOT);
        return new String(decoded(encoding, answer.body()), StandardCharsets.UTF_8);
    }

    private static byte[] decoded(String encoding, byte[] body) {
        try (InputStream in = new ByteArrayInputStream(body);
                InputStream plain =
                        switch (encoding) {
                            case "gzip" -> new GZIPInputStream(in);
                            case "deflate" -> new InflaterInputStream(in);
                            default -> in;
                        }) {
            return plain.readNBytes(EventsLimits.ANSWER_BYTES_MAX);
        } catch (EOFException _) { // longer than what was read of it
            return new byte[0];
        } catch (IOException _) { // it was taken, whatever it says
            return body;
        }
    }
}
