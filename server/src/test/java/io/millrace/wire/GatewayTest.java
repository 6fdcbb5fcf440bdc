package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.RawClient;
import io.millrace.http.Response;
import io.millrace.http.Server;
import io.millrace.http.ServerOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;

/// Real models, toy operations, real sockets.
@Timeout(60)
class GatewayTest {
    private static final String SIGNED = "Authorization: %s\nX-Amz-Date: 20261124T030000Z\n";
    private static final String JSON_10 = "Content-Type: application/x-amz-json-1.0\n";
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\n";

    private final AtomicBoolean ready = new AtomicBoolean(true);
    private Server server;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        Gateway gateway =
                new Gateway(
                        new Gateway.Settings(
                                "1.2.3", "us-east-1", Identities.of(List.of()), ready::get),
                        () -> Instant.parse("2026-11-24T03:00:00Z"),
                        new Ids(new Random(1)),
                        ToyServices.all(),
                        List.of(
                                new Page(
                                        "/pages/", r -> Response.of(200, "text/plain", r.path()))));
        server = Server.start(ServerOptions.of("127.0.0.1", 0), gateway);
        client = new RawClient(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private static String signed(String service, String key) {
        return SIGNED.formatted(
                "AWS4-HMAC-SHA256 Credential="
                        + key
                        + "/20261124/eu-west-1/"
                        + service
                        + "/aws4_request, SignedHeaders=host;x-amz-date, Signature=00");
    }

    private RawClient.Answer post(String path, String headers, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        client.send(
                "POST "
                        + path
                        + " HTTP/1.1\nHost: localhost:4566\n"
                        + headers
                        + "Content-Length: "
                        + bytes.length
                        + "\n\n");
        return client.send(bytes).receive();
    }

    private RawClient.Answer get(String url, String headers) throws IOException {
        return client.send("GET " + url + " HTTP/1.1\nHost: localhost:4566\n" + headers + "\n")
                .receive();
    }

    private RawClient.Answer json(String service, String target, String body) throws IOException {
        return post(
                "/", JSON_10 + "X-Amz-Target: " + target + "\n" + signed(service, "AKID"), body);
    }

    private RawClient.Answer form(String service, String body) throws IOException {
        return post("/", FORM + signed(service, "AKID"), body);
    }

    private static String crc32(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return String.valueOf(crc.getValue());
    }

    @Test
    void answersJson() throws IOException {
        RawClient.Answer answer = json("sqs", "AmazonSQS.GetQueueUrl", "{\"QueueName\":\"q\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text())
                .isEqualTo("{\"QueueUrl\":\"http://localhost:4566/000000000000/q@eu-west-1\"}");
        assertThat(answer.headers())
                .containsEntry("content-type", "application/x-amz-json-1.0")
                .doesNotContainKeys("x-amz-crc32", "x-amzn-errortype");
        assertThat(answer.headers().get("x-amzn-requestid")).hasSize(36);
    }

    @Test
    void answersQueryByFormAndByUrl() throws IOException {
        RawClient.Answer posted =
                form("sqs", "Action=GetQueueUrl&Version=2012-11-05&QueueName=a%26b+c");
        RawClient.Answer fetched =
                get("/?Action=GetQueueUrl&QueueName=a%26b+c", signed("sqs", "AKID"));

        assertThat(posted.status()).isEqualTo(200);
        assertThat(posted.headers()).containsEntry("content-type", "text/xml");
        assertThat(posted.text())
                .contains(
                        "<GetQueueUrlResponse"
                                + " xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\">")
                .contains("/a&amp;b c@eu-west-1</QueueUrl>")
                .contains("<RequestId>" + posted.headers().get("x-amzn-requestid"));
        assertThat(fetched.text()).contains("/a&amp;b c@eu-west-1</QueueUrl>");
    }

    @Test
    void takesTwelveDigitsAsTheAccount() throws IOException {
        RawClient.Answer answer =
                post(
                        "/",
                        JSON_10
                                + "X-Amz-Target: AmazonSQS.GetQueueUrl\n"
                                + signed("sqs", "123456789012"),
                        "{\"QueueName\":\"q\"}");

        assertThat(answer.text()).contains("/123456789012/q");
    }

    @Test
    void takesThePathAsTheQueueUrl() throws IOException {
        RawClient.Answer answer =
                post(
                        "/000000000000/q",
                        FORM + signed("sqs", "AKID"),
                        "Action=ReceiveMessage&Version=2012-11-05");

        assertThat(answer.text())
                .contains("<Message>http://localhost:4566/000000000000/q</Message>");
    }

    @Test
    void tellsModelledErrorsOfAServiceThatCameFromQuery() throws IOException {
        RawClient.Answer json = json("sqs", "AmazonSQS.GetQueueUrl", "{\"QueueName\":\"gone\"}");
        RawClient.Answer query = form("sqs", "Action=GetQueueUrl&QueueName=gone");

        assertThat(json.status()).isEqualTo(400);
        assertThat(json.text())
                .isEqualTo(
                        "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\","
                                + "\"message\":\"It is gone.\"}");
        assertThat(json.headers())
                .containsEntry("x-amzn-errortype", "QueueDoesNotExist")
                .containsEntry(
                        "x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender");
        assertThat(query.status()).isEqualTo(400);
        assertThat(query.text())
                .contains("<Type>Sender</Type>")
                .contains("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>")
                .contains("<Message>It is gone.</Message>")
                .contains("<RequestId>" + query.headers().get("x-amzn-requestid"));
    }

    @Test
    void tellsOtherErrorsWithTheCommonNamespace() throws IOException {
        assertThat(json("sqs", "AmazonSQS.ListQueues", "{}").text())
                .startsWith("{\"__type\":\"com.amazon.coral.service#InvalidParameterValue\"");
        assertThat(json("dynamodb", "DynamoDB_20120810.DescribeTable", "{}").text())
                .startsWith("{\"__type\":\"com.amazon.coral.validate#ValidationException\"");
        assertThat(
                        json(
                                        "dynamodb",
                                        "DynamoDB_20120810.DescribeTable",
                                        "{\"TableName\":\"tab\"}")
                                .text())
                .isEqualTo(
                        "{\"__type\":"
                                + "\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\","
                                + "\"message\":\"Requested resource not found\"}");
    }

    @Test
    void namesViolatedConstraints() throws IOException {
        RawClient.Answer answer = json("sqs", "AmazonSQS.GetQueueUrl", "{}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("1 validation error detected: Value null at");
    }

    @Test
    void checksumsAnswersAndCompressesLongOnesWhenAsked() throws IOException {
        String target = JSON_10 + "X-Amz-Target: DynamoDB_20120810.ListTables\n";
        String gzip = target + "Accept-Encoding: deflate, gzip;q=1.0\n" + signed("dynamodb", "A");
        RawClient.Answer brief = post("/", gzip, "{}");
        RawClient.Answer zipped = post("/", gzip, "{\"Limit\":100}");
        RawClient.Answer plain = post("/", target + signed("dynamodb", "A"), "{\"Limit\":100}");

        assertThat(brief.headers()).doesNotContainKey("content-encoding");
        assertThat(brief.headers()).containsEntry("x-amz-crc32", crc32(brief.body()));
        assertThat(zipped.headers())
                .containsEntry("content-encoding", "gzip")
                .containsEntry("x-amz-crc32", crc32(zipped.body()));
        assertThat(zipped.body()).hasSizeLessThan(plain.body().length);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
                .isEqualTo(plain.body());
        assertThat(plain.headers()).doesNotContainKey("content-encoding");
    }

    @Test
    void tellsWhatIsNotImplemented() throws IOException {
        RawClient.Answer json = json("events", "AWSEvents.ListRules", "{}");
        RawClient.Answer query = form("sns", "Action=ListTopics&Version=2010-03-31");

        assertThat(json.status()).isEqualTo(501);
        assertThat(json.headers()).containsEntry("content-type", "application/x-amz-json-1.1");
        assertThat(json.text())
                .isEqualTo(
                        "{\"__type\":\"NotImplemented\",\"message\":"
                                + "\"Millrace does not implement the operation events:ListRules"
                                + " yet.\"}");
        assertThat(query.status()).isEqualTo(501);
        assertThat(query.text()).contains("<Code>NotImplemented</Code>").contains("sns:ListTopics");
    }

    @Test
    void tellsAServiceThatItDoesNotHave() throws IOException {
        RawClient.Answer rest = get("/2015-03-31/functions/", signed("lambda", "AKID"));
        RawClient.Answer bucket = get("/", signed("s3", "AKID"));
        RawClient.Answer json = json("kinesis", "Kinesis_20131202.PutRecord", "{}");

        assertThat(rest.status()).isEqualTo(501);
        assertThat(rest.text()).contains("Millrace does not implement the service lambda.");
        assertThat(bucket.text()).contains("the service s3");
        assertThat(json.status()).isEqualTo(501);
        assertThat(json.text()).contains("the service kinesis");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DynamoDB_20120810.Nonsense",
                "DynamoDB_20120810.",
                "DynamoDB_20120810",
                "DynamoDB_20111205.ListTables",
                "nonsense",
                "."
            })
    void refusesAnUnknownTarget(String target) throws IOException {
        RawClient.Answer answer = json("dynamodb", target, "{}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .isEqualTo("{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}");
        assertThat(answer.headers()).containsEntry("x-amz-crc32", crc32(answer.body()));
    }

    @Test
    void refusesAnUnknownAction() throws IOException {
        RawClient.Answer answer = form("sns", "Action=Nonsense&Version=2010-03-31");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .contains("http://sns.amazonaws.com/doc/2010-03-31/")
                .contains("<Code>InvalidAction</Code>")
                .contains("Could not find operation Nonsense for version 2010-03-31");
        assertThat(form("sns", "Version=2010-03-31").text()).contains("<Code>MissingAction</Code>");
    }

    @ParameterizedTest
    @CsvSource({"2012-11-05, queue.amazonaws.com", "2010-03-31, sns.amazonaws.com"})
    void tellsServicesWithTheSameActionApartByVersion(String version, String namespace)
            throws IOException {
        RawClient.Answer answer =
                post(
                        "/",
                        FORM + signed("other", "AKID"),
                        "Action=AddPermission&Version=" + version);

        assertThat(answer.text()).contains(namespace);
    }

    @ParameterizedTest
    @CsvSource({"sqs, queue.amazonaws.com", "sns, sns.amazonaws.com"})
    void tellsServicesWithTheSameActionApartByScope(String service, String namespace)
            throws IOException {
        assertThat(form(service, "Action=AddPermission").text()).contains(namespace);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "null", "{\"Limit\":\"x\"}", "{}{}", "\u0000", "{'a':1}"})
    void refusesMalformedJson(String body) throws IOException {
        RawClient.Answer answer = json("dynamodb", "DynamoDB_20120810.ListTables", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .startsWith("{\"__type\":\"com.amazon.coral.service#SerializationException\"");
        assertThat(json("dynamodb", "DynamoDB_20120810.ListTables", "{}").status()).isEqualTo(200);
    }

    @Test
    void refusesDeepJson() throws IOException {
        String deep = "{\"a\":".repeat(1100) + "1" + "}".repeat(1100);

        assertThat(json("dynamodb", "DynamoDB_20120810.ListTables", deep).text())
                .contains("SerializationException");
    }

    @Test
    void refusesBrokenPercentEncoding() throws IOException {
        RawClient.Answer answer = form("sqs", "Action=GetQueueUrl&QueueName=%zz");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("<Code>MalformedInput</Code>");
    }

    @Test
    void refusesAnOversizedBodyInTheProtocolsForm() throws IOException {
        String body = "{\"QueueName\":\"" + "q".repeat(ToyServices.BODY_BYTES_MAX) + "\"}";
        RawClient.Answer json = json("sqs", "AmazonSQS.GetQueueUrl", body);
        RawClient.Answer query = form("sqs", "Action=GetQueueUrl&QueueName=" + body);

        assertThat(json.status()).isEqualTo(413);
        assertThat(json.text()).contains("#RequestEntityTooLargeException");
        assertThat(query.status()).isEqualTo(413);
        assertThat(query.text()).contains("<Code>RequestEntityTooLarge</Code>");
    }

    @ParameterizedTest
    @CsvSource({
        "Root=1-5759e988-bd862e3fe1be46a994272793, true",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1, true",
        "Self=1-67891234-12456789abcdef012345678;Root=1-5759e988-bd862e3fe1be46a994272793, true",
        "Parent=53995c3f42cd8ad8, false",
        "Root=1-5759e988, false",
        "no trace, false",
    })
    void handsOnATraceHeaderThatIsValid(String header, boolean valid) throws IOException {
        String headers = signed("sqs", "AKID") + "X-Amzn-Trace-Id: " + header + "\n";
        RawClient.Answer json =
                post(
                        "/",
                        JSON_10 + "X-Amz-Target: AmazonSQS.CreateQueue\n" + headers,
                        "{\"QueueName\":\"q\"}");
        RawClient.Answer query = post("/", FORM + headers, "Action=CreateQueue&QueueName=q");

        assertThat(json.text()).contains("trace " + (valid ? header : "null"));
        assertThat(query.text()).contains("trace " + (valid ? header : "null"));
    }

    @Test
    void wantsASignature() throws IOException {
        RawClient.Answer json =
                post("/", JSON_10 + "X-Amz-Target: DynamoDB_20120810.ListTables\n", "{}");
        RawClient.Answer query = post("/", FORM, "Action=GetQueueUrl&QueueName=q");

        assertThat(json.status()).isEqualTo(400);
        assertThat(json.text())
                .isEqualTo(
                        "{\"__type\":"
                                + "\"com.amazon.coral.service#"
                                + "MissingAuthenticationTokenException\","
                                + "\"message\":\"Request is missing Authentication Token\"}");
        assertThat(query.status()).isEqualTo(403);
        assertThat(query.text()).contains("<Code>MissingAuthenticationToken</Code>");
    }

    @Test
    void tellsAnIncompleteSignatureInTheProtocolsForm() throws IOException {
        String broken = SIGNED.formatted("AWS4-HMAC-SHA256 Signature=0");
        RawClient.Answer json =
                post("/", JSON_10 + "X-Amz-Target: AmazonSQS.GetQueueUrl\n" + broken, "{}");
        RawClient.Answer query = post("/", FORM + broken, "Action=GetQueueUrl&QueueName=q");

        assertThat(json.text()).contains("#IncompleteSignatureException");
        assertThat(json.headers())
                .containsEntry("x-amzn-query-error", "IncompleteSignature;Sender");
        assertThat(query.text()).contains("<Code>IncompleteSignature</Code>");
    }

    @Test
    void letsAnyoneConfirmByALink() throws IOException {
        RawClient.Answer answer = get("/?Action=ConfirmSubscription&TopicArn=t&Token=abc", "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).contains("<SubscriptionArn>abc true</SubscriptionArn>");
    }

    @Test
    void tellsOurOwnFailuresWithoutDetails() throws IOException {
        for (String operation : List.of("DescribeLimits", "DescribeEndpoints", "ListBackups")) {
            RawClient.Answer answer = json("dynamodb", "DynamoDB_20120810." + operation, "{}");

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text())
                    .contains("#InternalServerError")
                    .contains(answer.headers().get("x-amzn-requestid"))
                    .doesNotContain("bug", "disk");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/_millrace/health", "/_localstack/health"})
    void tellsItsHealth(String path) throws IOException {
        RawClient.Answer up = get(path, "");
        ready.set(false);
        RawClient.Answer down = get(path, "");

        assertThat(up.status()).isEqualTo(200);
        assertThat(up.headers())
                .containsEntry("content-type", "application/json")
                .containsKey("x-amzn-requestid");
        assertThat(up.text())
                .isEqualTo(
                        "{\"name\": \"millrace\", \"version\": \"1.2.3\", \"state\": \"ready\","
                                + " \"services\": {\"dynamodb\": \"available\", \"events\":"
                                + " \"available\", \"sns\": \"available\", \"sqs\":"
                                + " \"available\"}}\n");
        assertThat(down.status()).isEqualTo(503);
        assertThat(down.text()).contains("\"not ready\"");
    }

    @Test
    void servesPagesAndNothingElse() throws IOException {
        assertThat(get("/pages/a/b", "").text()).isEqualTo("/pages/a/b");
        assertThat(get("/nothing", "").status()).isEqualTo(404);
        assertThat(post("/pages/a", "", "x").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | is empty, must contain exactly one of the supported datatypes",
                "{\"S\":\"a\",\"N\":\"1\"} | has more than one datatypes set, must contain exactly"
                        + " one of the supported datatypes",
            })
    void refusesAMemberThatIsNoValue(String value, String message) throws IOException {
        String body = "{\"TableName\":\"table\",\"Item\":{\"pk\":" + value + "}}";
        RawClient.Answer answer = json("dynamodb", "DynamoDB_20120810.PutItem", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .contains("ValidationException\"", "\"Supplied AttributeValue " + message + "\"");
    }

    @Test
    void tellsViolatedConstraintsBeforeAMemberThatIsNoValue() throws IOException {
        RawClient.Answer answer =
                json("dynamodb", "DynamoDB_20120810.PutItem", "{\"Item\":{\"pk\":{}}}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("tableName").doesNotContain("Supplied AttributeValue");
    }
}
