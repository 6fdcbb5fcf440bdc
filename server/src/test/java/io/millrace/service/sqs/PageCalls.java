package io.millrace.service.sqs;

import io.millrace.http.Body;
import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.wire.Caller;
import io.millrace.wire.ServicePage;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Calls the pages of a fixture's SQS as someone who does not sign, or as who does.
record PageCalls(QueueFixture fixture, Caller caller) {

    static final JsonMapper MAPPER = JsonMapper.builder().build();

    static PageCalls unsigned(QueueFixture fixture) {
        return new PageCalls(
                fixture,
                new Caller(
                        "000000000000",
                        "us-east-1",
                        Caller.ANONYMOUS,
                        Caller.ANONYMOUS,
                        "request",
                        "http://localhost:4566"));
    }

    JsonNode json(String target) {
        Response response = send("GET", target, Map.of("accept", "application/json"), "");
        return MAPPER.readTree(response.body());
    }

    JsonNode post(String path, String body) {
        return MAPPER.readTree(send("POST", path, Map.of(), body).body());
    }

    Response send(String method, String target, Map<String, String> headers, String body) {
        String[] parts = target.split("\\?", 2);
        Map<String, List<String>> fields = new HashMap<>();
        headers.forEach((name, value) -> fields.put(name, List.of(value)));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Request request =
                new Request(
                        method,
                        parts[0],
                        parts.length > 1 ? parts[1] : "",
                        Headers.of(fields),
                        "127.0.0.1",
                        InputStream::nullInputStream);
        ServicePage page =
                fixture.sqs.service().pages().stream()
                        .filter(some ->
                                some.methods().contains(method)
                                        && (some.pathPrefix().endsWith("/")
                                                ? parts[0].startsWith(some.pathPrefix())
                                                : parts[0].equals(some.pathPrefix())))
                        .findFirst()
                        .orElseThrow();
        return page.answer().to(caller, request, new Body(bytes, bytes));
    }
}
