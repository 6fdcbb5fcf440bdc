package io.millrace.service.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;
import io.millrace.api.events.CreateConnectionAuthRequestParameters;
import io.millrace.api.events.CreateConnectionOAuthRequestParameters;

import org.junit.jupiter.api.Test;

import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

final class TokensTest {

    private final CreateConnectionAuthRequestParameters parameters =
            Objects.requireNonNull(
                    EventsFixture.oAuth("o", "http://127.0.0.1/token", "s").authParameters());
    private final CreateConnectionOAuthRequestParameters oAuth =
            Objects.requireNonNull(parameters.oAuthParameters());
    private final StoredConnection connection =
            new StoredConnection(
                    EventsFixture.ACCOUNT,
                    "us-east-1",
                    "o",
                    "id",
                    null,
                    StoredConnection.OAUTH,
                    StoredConnection.AUTHORIZED,
                    null,
                    null,
                    null,
                    "secret",
                    null,
                    1,
                    0,
                    0,
                    null);

    @Test
    void whoIsCalledOffEndsAndWhoWaitsForItFetchesAnew() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        Tokens tokens =
                new Tokens(
                        InstantSource.system(),
                        _ -> {
                            if (calls.incrementAndGet() == 1) {
                                never.await();
                            }
                            return FakeEndpoints.answer(200, "{\"access_token\":\"t\"}");
                        });
        Map<String, String> ends = new ConcurrentHashMap<>();
        Thread first = Thread.ofPlatform().start(() -> ends.put("first", end(tokens)));
        Eventually.holds("a call", () -> calls.get() == 1);
        Thread second = Thread.ofPlatform().start(() -> ends.put("second", end(tokens)));
        Eventually.holds("who waits", () -> second.getState() == Thread.State.WAITING);

        first.interrupt();
        first.join();
        second.join();

        assertThat(ends).isEqualTo(Map.of("first", "InterruptedException", "second", "Bearer t"));
    }

    private String end(Tokens tokens) {
        try {
            return tokens.authorization(connection, oAuth);
        } catch (Tokens.RefusedException | InterruptedException e) {
            return e.getClass().getSimpleName();
        }
    }
}
