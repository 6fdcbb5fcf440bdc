package io.millrace.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.MemoryStore;
import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.notification.MailboxEntry.Kind;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The mailbox and its page.
final class MailboxTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private final MemoryStore store = new MemoryStore();
    private Instant now = START;
    private final Mailbox mailbox = new Mailbox(store, () -> now);

    @Test
    void listsTheNewestFirstInPages() {
        for (int i = 0; i < 5; i++) {
            put("m" + i, Kind.MAIL, "ann@example.com", "text " + i);
        }

        List<String> ids = new ArrayList<>();
        Mailbox.Listing page = mailbox.list(Mailbox.Filter.ALL, null, 2);
        page.entries().forEach(entry -> ids.add(entry.id()));
        for (String token = page.nextToken(); token != null; token = page.nextToken()) {
            page = mailbox.list(Mailbox.Filter.ALL, token, 2);
            page.entries().forEach(entry -> ids.add(entry.id()));
        }

        assertThat(ids).containsExactly("m4", "m3", "m2", "m1", "m0");
    }

    @Test
    void keepsWhatComesAgainOnce() {
        put("same", Kind.MAIL, "ann@example.com", "text");
        now = START;
        put("same", Kind.MAIL, "ann@example.com", "text");

        assertThat(mailbox.list(Mailbox.Filter.ALL, null, 10).entries()).hasSize(1);
    }

    @Test
    void filtersByKindAddressAndAccount() {
        put("a", Kind.MAIL, "Ann@example.com", "text");
        put("b", Kind.SMS, "+15550100", "text");

        assertThat(get("kind=sms").path("messages").findValuesAsString("id")).containsExactly("b");
        assertThat(get("address=ann%40example.com").path("messages").findValuesAsString("id"))
                .containsExactly("a");
        assertThat(get("account=111111111111").path("messages")).isEmpty();
    }

    @Test
    void forgetsWhatIsTooOld() {
        put("old", Kind.MAIL, "ann@example.com", "text");
        now = START.plus(Duration.ofDays(15));

        assertThat(mailbox.list(Mailbox.Filter.ALL, null, 10).entries()).isEmpty();
        put("new", Kind.MAIL, "ann@example.com", "text");
        now = START;
        assertThat(mailbox.list(Mailbox.Filter.ALL, null, 10).entries())
                .extracting(MailboxEntry::id)
                .containsExactly("new");
    }

    /// Fails when the bytes that are cleared away are not counted.
    @Test
    void isBoundedByBytes() {
        String large = "x".repeat(1024 * 1024);
        for (int i = 0; i < 100; i++) {
            put("m" + i, Kind.MAIL, "ann@example.com", large);
        }

        assertThat(mailbox.list(Mailbox.Filter.ALL, null, 500).entries())
                .hasSizeBetween(60, 64)
                .first()
                .satisfies(entry -> assertThat(entry.id()).isEqualTo("m99"));
    }

    @Test
    void showsLinksThatCanBeFollowedAndNothingThatRuns() {
        put(
                "m",
                Kind.MAIL,
                "ann@example.com",
                "<script>alert(1)</script> see http://localhost:4566/?a=1&b=2.");

        assertThat(get("").path("messages").path(0).path("links").path(0).asString())
                .isEqualTo("http://localhost:4566/?a=1&b=2");
        Response page = answer("GET", "format=html", Map.of());
        assertThat(page.headers().get("Content-Type")).startsWith("text/html");
        assertThat(text(page))
                .contains("href=\"http://localhost:4566/?a=1&amp;b=2\"")
                .contains("&lt;script&gt;")
                .doesNotContain("<script>");
        assertThat(text(answer("GET", "", Map.of("accept", "text/html,*/*")))).startsWith("<!");
    }

    @Test
    void isEmptiedByDelete() {
        put("m", Kind.MAIL, "ann@example.com", "text");

        assertThat(answer("DELETE", "", Map.of()).status()).isEqualTo(204);

        assertThat(get("").path("messages")).isEmpty();
    }

    @Test
    void refusesNonsense() {
        for (String query : List.of("kind=fax", "limit=0", "limit=x", "token=%25", "token=AAAA")) {
            assertThat(answer("GET", query, Map.of()).status()).as(query).isEqualTo(400);
        }
    }

    @Test
    void isOpenToTheSecretOnlyWhereRequestsAreSigned() {
        PageAccess access = new PageAccess(false, "open sesame");
        String basic =
                Base64.getEncoder()
                        .encodeToString("me:open sesame".getBytes(StandardCharsets.UTF_8));

        assertThat(status(access, Map.of())).isEqualTo(401);
        assertThat(status(access, Map.of("authorization", "Bearer guess"))).isEqualTo(401);
        assertThat(status(access, Map.of("authorization", "Basic %%"))).isEqualTo(401);
        assertThat(status(access, Map.of("authorization", "Bearer open sesame"))).isEqualTo(200);
        assertThat(status(access, Map.of("authorization", "Basic " + basic))).isEqualTo(200);
        assertThat(status(new PageAccess(false, null), Map.of("authorization", "Bearer null")))
                .isEqualTo(401);
    }

    @Test
    void isClosedToThePagesOfOtherSites() {
        Map<String, String> other = Map.of("origin", "https://evil.test", "host", "localhost:1");
        Map<String, String> own = Map.of("origin", "http://localhost:1", "host", "localhost:1");

        assertThat(answer("DELETE", "", other).status()).isEqualTo(403);
        assertThat(answer("DELETE", "", own).status()).isEqualTo(204);
    }

    private void put(String id, Kind kind, String address, String text) {
        mailbox.put(
                new MailboxEntry(
                        id,
                        kind,
                        now.toEpochMilli(),
                        "000000000000",
                        "us-east-1",
                        address,
                        "shop@example.com",
                        "Subject",
                        text,
                        Map.of()));
        now = now.plusMillis(1);
    }

    private JsonNode get(String query) {
        Response response = answer("GET", query, Map.of());
        assertThat(response.status()).isEqualTo(200);
        return new JsonMapper().readTree(response.body());
    }

    private int status(PageAccess access, Map<String, String> headers) {
        return answer(access, "GET", "", headers).status();
    }

    private Response answer(String method, String query, Map<String, String> headers) {
        return answer(new PageAccess(true, null), method, query, headers);
    }

    private Response answer(
            PageAccess access, String method, String query, Map<String, String> headers) {
        Map<String, List<String>> fields = new HashMap<>();
        headers.forEach((name, value) -> fields.put(name, List.of(value)));
        Request request =
                new Request(
                        method,
                        MailboxPage.PATH,
                        query,
                        Headers.of(fields),
                        "127.0.0.1",
                        InputStream::nullInputStream);
        return new MailboxPage(mailbox, access).page().handler().handle(request);
    }

    private static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
