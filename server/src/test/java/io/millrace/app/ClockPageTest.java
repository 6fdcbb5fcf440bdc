package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.http.Response;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

class ClockPageTest {
    private static final InstantSource NOON = () -> Instant.parse("2026-03-01T12:00:00Z");

    private final MovableClock clock = new MovableClock(NOON, NOON);
    private final AtomicInteger told = new AtomicInteger();
    private final ClockPage page = new ClockPage(clock, List.of(told::incrementAndGet));

    private Response ask(String method, String body, Map<String, List<String>> headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Map<String, List<String>> all = new HashMap<>(headers);
        all.put("content-length", List.of(Integer.toString(bytes.length)));
        all.put("host", List.of("localhost:4566"));
        Request request =
                new Request(
                        method,
                        "/_millrace/clock",
                        "",
                        Headers.of(all),
                        "127.0.0.1",
                        () -> new ByteArrayInputStream(bytes));
        return page.page().handler().handle(request);
    }

    @Test
    void movesTheClockForward() {
        Response moved = ask("POST", "PT90S\n", Map.of());

        assertThat(moved.status()).isEqualTo(200);
        assertThat(told).hasValue(1);
        assertThat(clock.instant()).isEqualTo("2026-03-01T12:01:30Z");
        assertThat(new String(ask("GET", "", Map.of()).body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"now\": \"2026-03-01T12:01:30Z\"}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "PT-1S", "P4000D", "P9999999999D"})
    void refusesWhatIsNoMoveForward(String body) {
        assertThat(ask("POST", body, Map.of()).status()).isEqualTo(400);
        assertThat(clock.instant()).isEqualTo("2026-03-01T12:00:00Z");
    }

    @Test
    void isNotForPagesOfOtherSites() {
        Map<String, List<String>> foreign = Map.of("origin", List.of("http://example.com"));
        Map<String, List<String>> own = Map.of("origin", List.of("http://localhost:4566"));

        assertThat(ask("POST", "PT1S", foreign).status()).isEqualTo(403);
        assertThat(ask("POST", "PT1S", own).status()).isEqualTo(200);
    }
}
