package io.millrace.app;

import io.millrace.http.BodyException;
import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.wire.Page;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// `POST /_millrace/clock` moves the server's clock forward by the duration in its body, such as
/// `PT30S`, and tells those who wait for a time; `GET` tells the time. Development mode only.
final class ClockPage {
    private static final String PATH = "/_millrace/clock";
    private static final int BODY_BYTES_MAX = 100;

    private final MovableClock clock;
    private final List<Runnable> waiting;

    /// @param waiting to be told that the clock was moved
    ClockPage(MovableClock clock, List<Runnable> waiting) {
        this.clock = clock;
        this.waiting = List.copyOf(waiting);
    }

    Page page() {
        return new Page(PATH, Set.of("GET", "HEAD", "POST"), this::handle);
    }

    private Response handle(Request request) {
        if (!request.method().equals("POST")) {
            return now();
        }
        String origin = request.header("origin");
        if (origin != null && !origin.equals(request.scheme() + "://" + request.header("host"))) {
            return Response.of(403, "text/plain", "not for pages of other sites\n");
        }
        try {
            byte[] body = request.body(BODY_BYTES_MAX).content();
            Duration time = Duration.parse(new String(body, StandardCharsets.UTF_8).strip());
            if (clock.advance(time)) {
                waiting.forEach(Runnable::run);
                return now();
            }
        } catch (DateTimeException | BodyException _) {
            // answered below
        }
        return Response.of(
                400,
                "text/plain",
                "the body must be a duration such as PT30S or P1D, forward, and all moves together"
                        + " not more than "
                        + MovableClock.ADVANCE_MAX.toDays()
                        + " days\n");
    }

    private Response now() {
        return Response.of(200, "application/json", "{\"now\": \"" + clock.instant() + "\"}\n");
    }
}
