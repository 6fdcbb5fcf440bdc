package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.http.Response;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The query protocol at the URL of a resource, and in JSON, as LocalStack's tests see it at AWS.
class QueryDialectTest {
    private final Gateway gateway =
            new Gateway(
                    new Gateway.Settings(
                            "1.2.3", "us-east-1", Identities.of(List.of()), () -> true),
                    () -> Instant.parse("2026-11-24T03:00:00Z"),
                    new Ids(new Random(1)),
                    ToyServices.all(),
                    List.of());

    private Response get(String path, String query, Map<String, String> more) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("host", List.of("localhost:4566"));
        headers.put("x-amz-date", List.of("20261124T030000Z"));
        headers.put(
                "authorization",
                List.of(
                        "AWS4-HMAC-SHA256 Credential=AKID/20261124/eu-west-1/sqs/aws4_request,"
                                + " SignedHeaders=host;x-amz-date, Signature=00"));
        more.forEach((name, value) -> headers.put(name, List.of(value)));
        return gateway.handle(
                new Request(
                        "GET",
                        path,
                        query,
                        Headers.of(headers),
                        "127.0.0.1",
                        InputStream::nullInputStream));
    }

    private static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void knowsActionsOfTheServiceNotAtTheUrlOfOneResource() {
        Response elsewhere = get("/000000000000/q", "Action=ListQueues", Map.of());

        assertThat(elsewhere.status()).isEqualTo(400);
        assertThat(text(elsewhere))
                .contains("<Code>InvalidAction</Code>")
                .contains("The action ListQueues is not valid for this endpoint.");
        assertThat(text(get("/", "Action=ListQueues", Map.of()))).contains("<Message>no</Message>");
        assertThat(text(get("/api/", "Action=ListQueues", Map.of())))
                .contains("<Message>no</Message>");
    }

    @Test
    void tellsWhoNamesNoActionAtTheUrlOfAResource() {
        for (Map<String, String> accept :
                List.of(Map.<String, String>of(), Map.of("accept", "application/json"))) {
            Response response = get("/000000000000/q", "", accept);

            assertThat(response.status()).isEqualTo(404);
            assertThat(text(response)).isEqualTo("<UnknownOperationException/>\n");
            assertThat(response.headers()).containsEntry("Content-Type", "text/xml");
        }
    }

    @Test
    void answersInJsonWhoAcceptsOnlyThat() {
        Map<String, String> json = Map.of("accept", "application/json");

        Response response = get("/", "Action=GetQueueUrl&QueueName=q", json);
        Response refusal = get("/000000000000/q", "Action=ListQueues", json);

        assertThat(response.headers()).containsEntry("Content-Type", "application/json");
        assertThat(text(response))
                .startsWith("{\"GetQueueUrlResponse\":{\"GetQueueUrlResult\":{\"QueueUrl\":\"http");
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(text(refusal))
                .startsWith(
                        "{\"Error\":{\"Code\":\"InvalidAction\",\"Message\":\"The action ListQueues"
                                + " is not valid for this endpoint.\",\"Type\":\"Sender\"},"
                                + "\"RequestId\":\"");
        assertThat(text(get("/", "Action=GetQueueUrl&QueueName=q", Map.of("accept", "*/*"))))
                .startsWith("<GetQueueUrlResponse");
    }
}
