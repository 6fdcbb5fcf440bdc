package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.RawClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Every language that the server reads, through the operations that read it: bad input gets an
/// answer or a refusal (4xx), never an internal failure, and never ends the connection.
///
/// `-Dmillrace.long=true` tries 20,000 of each, `-Dmillrace.fuzz=N` as many as that; the counts
/// stand in `docs/security-input.md`, the languages in `fuzz-languages.json`.
@Timeout(3600)
class FuzzTest {
    private static final boolean LONG = Boolean.getBoolean("millrace.long");
    private static final int INPUTS = Integer.getInteger("millrace.fuzz", LONG ? 20_000 : 40);
    private static final int FAILURES_TOLD = 5;
    private static final int NOT_IMPLEMENTED = 501; // known, and told so
    private static final String HOLE = "@@";
    private static final String COUNTER = "@#"; // makes names that are new
    private static final String AUTHORIZATION =
            "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/%s/aws4_request,"
                    + " SignedHeaders=host;x-amz-date, Signature="
                    + "0".repeat(64);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private static Path data;
    private static Millrace millrace;
    private static int sent;

    /// One language.
    ///
    /// @param call what is sent, with a hole for the text
    /// @param valid texts that are valid there
    record Language(String name, Call call, List<String> valid) {
        @Override
        public String toString() {
            return name;
        }
    }

    /// @param how the text is put into the body
    record Call(String service, String head, String body, Escape how) {

        String with(String text) {
            return body.replace(
                    HOLE,
                    switch (how) {
                        case JSON -> quoted(text);
                        case FORM -> URLEncoder.encode(text, StandardCharsets.UTF_8);
                        case NONE -> text;
                    });
        }

        private static String quoted(String text) {
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                out.append(
                        c < ' ' || c > '~' || c == '"' || c == '\\'
                                ? "\\u%04x".formatted((int) c)
                                : c);
            }
            return out.toString();
        }
    }

    enum Escape {
        JSON,
        FORM,
        NONE
    }

    @BeforeAll
    static void start() throws Exception {
        millrace = Millrace.start(Configuration.of(data));
        try (RawClient client = new RawClient(millrace.port())) {
            send(
                    client,
                    json(
                            "dynamodb",
                            "1.0",
                            "DynamoDB_20120810.CreateTable",
                            """
                            {"TableName":"tab","BillingMode":"PAY_PER_REQUEST",
                            "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},
                            {"AttributeName":"s","KeyType":"RANGE"}],
                            "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},
                            {"AttributeName":"s","AttributeType":"N"}]}\
                            """),
                    "");
            String item =
                    """
                    {"TableName":"tab","Item":{"p":{"S":"a"},"s":{"N":"1"},"l":{"L":[{"N":"1"}]},\
                    "m":{"M":{"x":{"S":"y"}}}}}\
                    """;
            send(client, json("dynamodb", "1.0", "DynamoDB_20120810.PutItem", item), "");
            send(client, json("sqs", "1.0", "AmazonSQS.CreateQueue", "{\"QueueName\":\"q\"}"), "");
            send(client, form("sns", "Action=CreateTopic&Version=2010-03-31&Name=t"), "");
            send(
                    client,
                    json("logs", "1.1", "Logs_20140328.CreateLogGroup", "{\"logGroupName\":\"g\"}"),
                    "");
            send(
                    client,
                    json(
                            "logs",
                            "1.1",
                            "Logs_20140328.CreateLogStream",
                            "{\"logGroupName\":\"g\",\"logStreamName\":\"s\"}"),
                    "");
            send(
                    client,
                    json(
                            "events",
                            "1.1",
                            "AWSEvents.PutRule",
                            "{\"Name\":\"r\",\"EventPattern\":\"{\\\"source\\\":[\\\"a\\\"]}\"}"),
                    "");
        }
    }

    @AfterAll
    static void stop() {
        millrace.close();
    }

    private static Call json(String service, String version, String target, String body) {
        String type = "Content-Type: application/x-amz-json-" + version;
        String head = "POST / HTTP/1.1\n" + type + "\nX-Amz-Target: " + target;
        return new Call(service, head, body, Escape.JSON);
    }

    private static Call form(String service, String body) {
        String head = "POST / HTTP/1.1\nContent-Type: application/x-www-form-urlencoded";
        return new Call(service, head, body, Escape.FORM);
    }

    static List<Language> languages() throws IOException {
        try (InputStream in = FuzzTest.class.getResourceAsStream("fuzz-languages.json")) {
            return List.of(JSON.readValue(Objects.requireNonNull(in), Language[].class));
        }
    }

    @ParameterizedTest
    @MethodSource("languages")
    void badInputIsRefused(Language language) throws IOException {
        List<String> failures = new ArrayList<>();
        Mutator mutator = new Mutator(language.name().hashCode());
        RawClient client = new RawClient(millrace.port());
        try {
            for (String valid : language.valid()) {
                RawClient.Answer answer = send(client, language.call(), valid);
                assertThat(answer.status()).as("%s: %s", valid, answer.text()).isEqualTo(200);
            }
            for (int i = 0; i < INPUTS && failures.size() < FAILURES_TOLD; i++) {
                String valid = language.valid().get(i % language.valid().size());
                String text = mutator.mutate(valid);
                try {
                    RawClient.Answer answer = send(client, language.call(), text);
                    if (answer.status() >= 500 && answer.status() != NOT_IMPLEMENTED) {
                        failures.add(answer.status() + " for " + text);
                    }
                } catch (IOException e) {
                    failures.add(e + " for " + text);
                    client.close();
                    client = new RawClient(millrace.port());
                }
            }
        } finally {
            client.close();
        }
        assertThat(failures).isEmpty();
    }

    /// Signatures and addresses, which are read before anything else.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\nContent-Type: application/x-amz-json-1.0\nX-Amz-Target:"
                        + " AmazonSQS.ListQueues\nAuthorization: @@",
                "GET /?@@ HTTP/1.1",
                "GET /schedules/@@ HTTP/1.1",
                "POST /@@ HTTP/1.1\nContent-Type: application/x-www-form-urlencoded",
                "POST / HTTP/1.1\nX-Amz-Date: @@",
                "POST / HTTP/1.1\nX-Amz-Target: @@",
                "POST / HTTP/1.1\nContent-Type: @@",
                "POST / HTTP/1.1\nX-Amzn-Trace-Id: @@"
            })
    void badHeadsAreRefused(String head) throws IOException {
        List<String> valid =
                List.of(
                        AUTHORIZATION.formatted("sqs"),
                        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2F20260101%2F"
                                + "us-east-1%2Fsts%2Faws4_request&X-Amz-Date=20260101T000000Z"
                                + "&X-Amz-Expires=60"
                                + "&X-Amz-SignedHeaders=host&X-Amz-Signature=00"
                                + "&Action=GetCallerIdentity",
                        "000000000000/q",
                        "20260101T000000Z",
                        "AmazonSQS.SendMessage",
                        "Root=1-63441c4a-abcdef012345678912345678;Parent=ab;Sampled=1");
        Mutator mutator = new Mutator(head.hashCode());
        for (int i = 0; i < INPUTS; i++) {
            String text = mutator.mutate(valid.get(i % valid.size())).replaceAll("[\r\n]", "");
            try (RawClient client = new RawClient(millrace.port())) {
                client.send(head.replace(HOLE, text) + "\nHost: h\nContent-Length: 2\n\n{}");
                client.endInput();
                // 501: what is known, and not there; bytes that HTTP refuses end the connection
                assertThat(client.statusOrClosed()).as("%s", text).isNotIn(500, 502, 503);
            }
        }
    }

    private static RawClient.Answer send(RawClient client, Call call, String text)
            throws IOException {
        byte[] body = call.with(text).getBytes(StandardCharsets.UTF_8);
        client.send(
                call.head().replace(COUNTER, String.valueOf(sent++))
                        + "\nHost: h\nX-Amz-Date: 20260101T000000Z\nAuthorization: "
                        + AUTHORIZATION.formatted(call.service())
                        + "\nContent-Length: "
                        + body.length
                        + "\n\n");
        return client.send(body).receive();
    }
}
