package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.RawClient;

import org.jspecify.annotations.Nullable;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    private static final String ACCOUNT = "000000000000";
    private static final String AUTHORIZATION =
            "AWS4-HMAC-SHA256 Credential=%s/20260101/us-east-1/%s/aws4_request,"
                    + " SignedHeaders=host;x-amz-date, Signature="
                    + "0".repeat(64);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private static Path data;
    private static Millrace millrace;
    private static int sent;
    private static final Map<String, String> MADE = new HashMap<>();

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
    /// @param account the caller's, where another language has used up the quota of [#ACCOUNT]
    record Call(String service, String head, String body, Escape how, @Nullable String account) {

        String with(String text) {
            return body.replace(
                    HOLE,
                    switch (how) {
                        case JSON -> quoted(text);
                        case FORM -> URLEncoder.encode(text, StandardCharsets.UTF_8);
                        case NONE -> text;
                    });
        }

        Call made() {
            return new Call(service, head, FuzzTest.made(body), how, account);
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
            putItem(client);
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
        makeSecurity();
    }

    /// The item as expressions expect it, whatever others made of it.
    private static void putItem(RawClient client) throws IOException {
        String item =
                """
                {"TableName":"tab","Item":{"p":{"S":"a"},"s":{"N":"1"},"l":{"L":[{"N":"1"}]},\
                "m":{"M":{"x":{"S":"y"}}}}}\
                """;
        send(client, json("dynamodb", "1.0", "DynamoDB_20120810.PutItem", item), "");
    }

    /// Keys, secrets and identities, and what the server made of them, for `${name}` in the table.
    private static void makeSecurity() throws IOException {
        try (RawClient client = new RawClient(millrace.port())) {
            for (String name : List.of("u1", "u2")) {
                send(client, iam("CreateUser&UserName=" + name), "");
            }
            String trust =
                    "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\","
                            + "\"Action\":\"sts:AssumeRole\"}}";
            send(
                    client,
                    iam(
                            "CreateRole&RoleName=r1&AssumeRolePolicyDocument="
                                    + URLEncoder.encode(trust, StandardCharsets.UTF_8)),
                    "");
            keep("iamMarker", send(client, iam("ListUsers&MaxItems=1"), ""), "<Marker>([^<]+)");
            keep("keyId", kms(client, "CreateKey", "{}"), "\"KeyId\":\"([^\"]+)");
            kms(
                    client,
                    "CreateAlias",
                    "{\"AliasName\":\"alias/fuzz\",\"TargetKeyId\":\"${keyId}\"}");
            keep(
                    "signingKey",
                    kms(
                            client,
                            "CreateKey",
                            "{\"KeyUsage\":\"SIGN_VERIFY\",\"KeySpec\":\"ECC_NIST_P256\"}"),
                    "\"KeyId\":\"([^\"]+)");
            keep(
                    "signature",
                    kms(
                            client,
                            "Sign",
                            "{\"KeyId\":\"${signingKey}\",\"Message\":\"YWJj\","
                                    + "\"SigningAlgorithm\":\"ECDSA_SHA_256\"}"),
                    "\"Signature\":\"([^\"]+)");
            keep(
                    "ciphertext",
                    kms(client, "Encrypt", "{\"KeyId\":\"alias/fuzz\",\"Plaintext\":\"YWJj\"}"),
                    "\"CiphertextBlob\":\"([^\"]+)");
            keep(
                    "grantToken",
                    kms(
                            client,
                            "CreateGrant",
                            "{\"KeyId\":\"${keyId}\",\"Operations\":[\"Encrypt\"],"
                                    + "\"GranteePrincipal\":\"arn:aws:iam::000000000000:user/u1\"}"),
                    "\"GrantToken\":\"([^\"]+)");
            keep(
                    "kmsMarker",
                    kms(client, "ListKeys", "{\"Limit\":1}"),
                    "\"NextMarker\":\"([^\"]+)");
            for (String name : List.of("two", "one")) {
                keep(
                        "secretArn",
                        secrets(
                                client,
                                "CreateSecret",
                                "{\"Name\":\"%s\",\"SecretString\":\"s\",\"ClientRequestToken\":\"%s\"}"
                                        .formatted(name, name.repeat(12))),
                        "\"ARN\":\"([^\"]+)");
            }
            keep(
                    "secretsToken",
                    secrets(client, "ListSecrets", "{\"MaxResults\":1}"),
                    "\"NextToken\":\"([^\"]+)");
        }
    }

    private static Call iam(String query) {
        return form("iam", "Version=2010-05-08&Action=" + query);
    }

    private static RawClient.Answer kms(RawClient client, String operation, String body)
            throws IOException {
        return send(client, json("kms", "1.1", "TrentService." + operation, made(body)), "");
    }

    private static RawClient.Answer secrets(RawClient client, String operation, String body)
            throws IOException {
        return send(client, json("secretsmanager", "1.1", "secretsmanager." + operation, body), "");
    }

    private static void keep(String name, RawClient.Answer answer, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(answer.text());
        assertThat(matcher.find()).as("%s in %s", name, answer.text()).isTrue();
        MADE.put(name, matcher.group(1));
    }

    private static String made(String text) {
        String made = text;
        for (Map.Entry<String, String> each : MADE.entrySet()) {
            made = made.replace("${" + each.getKey() + "}", each.getValue());
        }
        return made;
    }

    @AfterAll
    static void stop() {
        millrace.close();
    }

    private static Call json(String service, String version, String target, String body) {
        String type = "Content-Type: application/x-amz-json-" + version;
        String head = "POST / HTTP/1.1\n" + type + "\nX-Amz-Target: " + target;
        return new Call(service, head, body, Escape.JSON, null);
    }

    private static Call form(String service, String body) {
        String head = "POST / HTTP/1.1\nContent-Type: application/x-www-form-urlencoded";
        return new Call(service, head, body, Escape.FORM, null);
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
            putItem(client);
            Call call = language.call().made();
            List<String> valids = language.valid().stream().map(FuzzTest::made).toList();
            for (String valid : valids) {
                RawClient.Answer answer = send(client, call, valid);
                assertThat(answer.status()).as("%s: %s", valid, answer.text()).isEqualTo(200);
            }
            for (int i = 0; i < INPUTS && failures.size() < FAILURES_TOLD; i++) {
                String text = mutator.mutate(valids.get(i % valids.size()));
                try {
                    RawClient.Answer answer = send(client, call, text);
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
                "POST / HTTP/1.1\nX-Amz-Security-Token: @@",
                "POST / HTTP/1.1\nX-Amz-Target: @@",
                "POST / HTTP/1.1\nContent-Type: @@",
                "POST / HTTP/1.1\nX-Amzn-Trace-Id: @@"
            })
    void badHeadsAreRefused(String head) throws IOException {
        List<String> valid =
                List.of(
                        AUTHORIZATION.formatted(ACCOUNT, "sqs"),
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
                        + AUTHORIZATION.formatted(
                                Objects.requireNonNullElse(call.account(), ACCOUNT), call.service())
                        + "\nContent-Length: "
                        + body.length
                        + "\n\n");
        return client.send(body).receive();
    }
}
