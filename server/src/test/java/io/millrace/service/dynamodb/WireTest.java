package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.RawClient;
import io.millrace.http.RawClient.Answer;
import io.millrace.http.Server;
import io.millrace.http.ServerOptions;
import io.millrace.wire.Credential;
import io.millrace.wire.Gateway;
import io.millrace.wire.Identities;
import io.millrace.wire.Ids;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// DynamoDB to the letter: raw requests on one connection, raw answers. What is asserted of errors
/// before an operation was recorded against DynamoDB by dynalite's tests.
@Timeout(60)
final class WireTest {
    private static final InstantSource CLOCK = () -> Instant.parse("2026-01-02T03:04:05Z");
    private static final String JSON = "Content-Type: application/x-amz-json-1.0\n";
    private static final String SIGNED =
            "X-Amz-Date: 20260102T030405Z\nAuthorization: AWS4-HMAC-SHA256"
                    + " Credential=AKID/20260102/us-east-1/dynamodb/aws4_request,"
                    + " SignedHeaders=host;x-amz-date, Signature=00\n";
    private static final String CORAL = "{\"__type\":\"com.amazon.coral.service#";

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();
    private Server server;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        server = serve(List.of());
        client = new RawClient(server.port());
        db.createTable("tab");
    }

    private Server serve(List<Credential> credentials) throws IOException {
        return Server.start(
                ServerOptions.of("127.0.0.1", 0),
                new Gateway(
                        new Gateway.Settings(
                                "1", "us-east-1", Identities.of(credentials), () -> true),
                        CLOCK,
                        new Ids(new SplittableRandom(1)),
                        db.services(),
                        List.of()));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
        db.close();
    }

    private static String target(String action) {
        return "X-Amz-Target: DynamoDB_20120810." + action + "\n";
    }

    private Answer send(String line, String headers, byte[] body) throws IOException {
        client.send(
                line
                        + " HTTP/1.1\nHost: localhost\n"
                        + headers
                        + "Content-Length: "
                        + body.length
                        + "\n\n");
        return line.startsWith("HEAD") ? client.receiveHead() : client.send(body).receive();
    }

    private Answer post(String headers, String body) throws IOException {
        return send("POST /", headers, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private Answer call(String action, String body) throws IOException {
        return post(JSON + target(action) + SIGNED, body);
    }

    /// The answer is checksummed and identified, and the connection serves the next request.
    private void assertSound(Answer answer) throws IOException {
        assertThat(answer.headers()).containsEntry("x-amz-crc32", crc32(answer.body()));
        assertThat(answer.headers().get("x-amzn-requestid")).matches("[0-9A-Z]{52}");
        assertThat(call("ListTables", "{}").text()).isEqualTo("{\"TableNames\":[\"tab\"]}");
    }

    private static String crc32(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return String.valueOf(crc.getValue());
    }

    /// What comes before an operation, in the order in which it comes: the body's syntax, the
    /// target, the signature.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "application/json | - | false | hi | SerializationException",
                "application/x-amz-json-1.0 | - | false | hi | SerializationException",
                "application/x-amz-json-1.0;x | Nonsense | false | hi | SerializationException",
                "application/json ; charset=utf-8 | GetItem | false | {} x | SerializationException",
                "application/json | - | false | {} | UnknownOperationException",
                "application/x-amz-json-1.0 | - | true | {} | UnknownOperationException",
                "application/x-amz-json-1.0 | Nonsense | false | {} | UnknownOperationException",
                "- | Nonsense | true | - | UnknownOperationException",
                "application/x-amz-json-1.0 | GetItem | true | - | SerializationException",
                "- | GetItem | true | - | SerializationException",
            })
    void refusesBeforeAnOperationInDynamoDbsOrder(
            String type, String action, boolean signed, String body, String error)
            throws IOException {
        Answer answer =
                post(
                        (type == null ? "" : "Content-Type: " + type + "\n")
                                + (action == null ? "" : target(action))
                                + (signed ? SIGNED : ""),
                        body == null ? "" : body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).isEqualTo(CORAL + error + "\"}");
        assertThat(answer.headers())
                .containsEntry(
                        "content-type",
                        type != null && type.startsWith("application/x-amz-json-1.0")
                                ? "application/x-amz-json-1.0"
                                : "application/json");
        assertThat(answer.headers()).containsEntry("x-amz-crc32", crc32(answer.body()));
        assertThat(call("ListTables", "{}").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Authorization: AWS4\n", "Authorization: Basic eDp5\n"})
    void wantsAnAuthenticationToken(String authorization) throws IOException {
        Answer answer = post(JSON + target("ListTables") + authorization, "{}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .isEqualTo(
                        CORAL
                                + "MissingAuthenticationTokenException\",\"message\":"
                                + "\"Request is missing Authentication Token\"}");
        assertSound(answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "AWS4- | requires 'Credential' parameter. Authorization header requires 'Signature'",
                "AWS4- Signature=b Credential=a | Authorization header requires 'SignedHeaders'"
                        + " parameter. Authorization header requires existence of either a"
                        + " 'X-Amz-Date' or a 'Date' header. Authorization=AWS4- Signature=b",
                "AWS4- Signature=b, Credential=a | \"Authorization header requires 'SignedHeaders'",
            })
    void tellsWhatASignatureLacks(String authorization, String text) throws IOException {
        Answer answer =
                post(JSON + target("ListTables") + "Authorization: " + authorization + "\n", "{}");

        assertThat(answer.text()).startsWith(CORAL + "IncompleteSignatureException").contains(text);
        assertSound(answer);
    }

    @Test
    void refusesASignatureInTwoPlaces() throws IOException {
        Answer answer =
                send(
                        "POST /?X-Amz-Algorithm",
                        JSON + target("ListTables") + "Authorization: X\n",
                        new byte[0]);

        assertThat(answer.text())
                .isEqualTo(
                        CORAL
                                + "InvalidSignatureException\",\"message\":\"Found both"
                                + " 'X-Amz-Algorithm' as a query-string param and 'Authorization'"
                                + " as HTTP header.\"}");
        assertSound(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, whatever",
        "POST, application/x-amz-json-1.1",
        "POST, application/jsonasdf",
        "PUT, application/json",
        "DELETE, application/json",
        "OPTIONS, application/json"
    })
    void knowsNoOtherMethodAndNoOtherContentType(String method, String type) throws IOException {
        Answer answer =
                send(
                        method + " /",
                        "Content-Type: " + type + "\n" + target("ListTables") + SIGNED,
                        "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).isEqualTo("<UnknownOperationException/>\n");
        assertThat(answer.headers()).containsEntry("x-amz-crc32", "3552371480");
        assertSound(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /", "HEAD /", "GET /ping"})
    void tellsThatItIsHealthy(String line) throws IOException {
        for (String headers : List.of("", SIGNED)) {
            Answer answer = send(line, headers, new byte[0]);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text())
                    .isEqualTo(
                            line.startsWith("HEAD")
                                    ? ""
                                    : "healthy: dynamodb.us-east-1.amazonaws.com ");
            assertThat(answer.headers()).containsEntry("content-length", "42");
            assertThat(answer.headers()).containsKeys("x-amz-crc32", "x-amzn-requestid");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'TableName':23} | NUMBER_VALUE cannot be converted to String",
                "{'TableName':34.56} | DECIMAL_VALUE cannot be converted to String",
                "{'TableName':true} | TRUE_VALUE cannot be converted to String",
                "{'TableName':[]} | Unrecognized collection type class java.lang.String",
                "{'TableName':{}} | Start of structure or map found where not expected",
                "{'Item':'23'} | Unexpected field type",
                "{'Item':{'p':'23'}} | Unexpected value type in payload",
                "{'Item':{'p':{'N':1}}} | NUMBER_VALUE cannot be converted to String",
                "{'Item':{'p':{'B':'23456'}}} | Base64 encoded length is expected a multiple of 4"
                        + " bytes but found: 5",
                "{'Item':{'p':{'B':'=+/='}}} | Invalid last non-pad Base64 character dectected",
                "{'Item':{'p':{'B':'+/+='}}} | Invalid last non-pad Base64 character dectected",
                "{'Item':{'p':{'B':'+/=='}}} | Invalid last non-pad Base64 character dectected",
                "{'Item':{'p':{'B':'++,+'}}} | Invalid last non-pad Base64 character dectected",
                "{'Item':{'p':{'BOOL':'maybe'}}} | Unexpected token received from parser",
                "{'Item':{'p':{},'q':{'S':1}}} | NUMBER_VALUE cannot be converted to String",
                "{'Unknown':[1,{'a':'b'}],'TableName':1} | NUMBER_VALUE cannot be converted to"
                        + " String",
            })
    void wordsWrongTypesAsDynamoDbDoes(String body, String message) throws IOException {
        Answer answer = call("PutItem", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .isEqualTo(CORAL + "SerializationException\",\"Message\":\"" + message + "\"}");
        assertSound(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{'TableName'",
                "{'TableName':'tab'",
                "{'TableName':'tab'}}",
                "{'TableName':'tab'} {}",
                "{'TableName':23,",
                "{'TableName':23, nonsense}",
                "{'TableName':'\\q'}",
                "{'TableName':tru}",
                "{'Limit':99999999999999999999}",
                "{'TableName':'tab','Unknown':'\u0001'}"
            })
    void saysNothingAboutWhatIsNotJson(String body) throws IOException {
        Answer answer = call("Scan", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).isEqualTo(CORAL + "SerializationException\"}");
        assertSound(answer);
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws IOException {
        byte[] body = "{\"TableName\":\"t--\"}".getBytes(StandardCharsets.UTF_8);
        body[15] = (byte) 0xc3;
        body[16] = (byte) 0x28;

        Answer answer = send("POST /", JSON + target("Scan") + SIGNED, body);

        assertThat(answer.text()).isEqualTo(CORAL + "SerializationException\"}");
        assertSound(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "30, 200, {}",
        "32, 400, Nesting Levels have exceeded supported limits",
        "400, 400, Nesting Levels have exceeded supported limits",
        "600, 400, SerializationException"
    })
    void boundsDepth(int levels, int status, String text) throws IOException {
        String deep = "{'L':[".repeat(levels) + "{'S':'x'}" + "]}".repeat(levels);

        Answer answer =
                call("PutItem", "{'TableName':'tab','Item':{'p':{'S':'a'},'d':" + deep + "}}");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).contains(text);
        assertSound(answer);
    }

    @Test
    void takesTheLastOfEqualNames() throws IOException {
        Answer put =
                call(
                        "PutItem",
                        "{'TableName':'none','TableName':'tab','Item':{'p':{'S':'a'},'n':{'N':'1'},"
                                + "'n':{'N':'2','N':'3'}}}");

        assertThat(put.text()).isEqualTo("{}");
        assertThat(call("GetItem", "{'TableName':'tab','Key':{'p':{'S':'a'}}}").text())
                .contains("\"n\":{\"N\":\"3\"}");
    }

    /// Each value's own error comes before that there are several.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | Supplied AttributeValue is empty, must contain exactly one of the supported"
                        + " datatypes",
                "{'X':'1'} | Supplied AttributeValue is empty, must contain exactly one of the"
                        + " supported datatypes",
                "null | Supplied AttributeValue is empty, must contain exactly one of the supported"
                        + " datatypes",
                "{'S':null} | Supplied AttributeValue is empty, must contain exactly one of the"
                        + " supported datatypes",
                "{'S':'a','N':'1'} | Supplied AttributeValue has more than one datatypes set, must"
                        + " contain exactly one of the supported datatypes",
                "{'S':'a','N':'b'} | The parameter cannot be converted to a numeric value: b",
                "{'S':'a','NULL':false} | One or more parameter values were invalid: Null attribute"
                        + " value types must have the value of true",
                "{'M':{'x':{'L':[{}]}}} | Supplied AttributeValue is empty, must contain exactly"
                        + " one of the supported datatypes",
            })
    void refusesWhatIsNoValue(String value, String message) throws IOException {
        Answer answer =
                call("PutItem", "{'TableName':'tab','Item':{'p':{'S':'a'},'v':" + value + "}}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .isEqualTo(
                        "{\"__type\":\"com.amazon.coral.validate#ValidationException\","
                                + "\"message\":\""
                                + message
                                + "\"}");
        assertSound(answer);
    }

    @Test
    void boundsBodies() throws IOException {
        Answer declared = call("PutItem", "a".repeat(DynamoDbLimits.REQUEST_BYTES_MAX + 1));
        Answer largest = call("PutItem", "a".repeat(DynamoDbLimits.REQUEST_BYTES_MAX));
        byte[] bomb = gzip(new byte[DynamoDbLimits.REQUEST_BYTES_MAX + 1]);
        Answer zipped =
                send(
                        "POST /",
                        JSON + target("PutItem") + SIGNED + "Content-Encoding: gzip\n",
                        bomb);

        assertThat(declared.status()).isEqualTo(413);
        assertThat(largest.text()).isEqualTo(CORAL + "SerializationException\"}");
        assertThat(zipped.status()).isEqualTo(413);
        assertSound(zipped);
    }

    @Test
    void takesAndGivesGzip() throws IOException {
        byte[] item =
                ("{\"TableName\":\"tab\",\"Item\":{\"p\":{\"S\":\"a\"},\"v\":{\"S\":\""
                                + "v".repeat(5000)
                                + "\"}}}")
                        .getBytes(StandardCharsets.UTF_8);
        Answer put =
                send(
                        "POST /",
                        JSON + target("PutItem") + SIGNED + "Content-Encoding: gzip\n",
                        gzip(item));
        Answer got =
                post(
                        JSON + target("GetItem") + SIGNED + "Accept-Encoding: gzip\n",
                        "{'TableName':'tab','Key':{'p':{'S':'a'}}}");

        assertThat(put.text()).isEqualTo("{}");
        assertThat(got.headers()).containsEntry("content-encoding", "gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(got.body())).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .contains("v".repeat(5000));
        assertSound(got);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\n\n",
                "GET /\n\n",
                "GET / HTTP/9\nHost: h\n\n",
                "POST / HTTP/1.1\nHost: h\nContent-Length: x\n\n",
                "GET / HTTP/1.1\nHost: h\nno colon\n\n"
            })
    void identifiesEvenTheRefusalOfWhatIsNoHttp(String request) throws IOException {
        Answer answer = client.send(request).receive();

        assertThat(answer.status()).isBetween(400, 505);
        assertThat(answer.headers()).containsKeys("x-amzn-requestid", "content-type");
        assertThat(answer.text()).startsWith("{\"__type\":\"BadRequest\",\"message\":\"");
    }

    @Test
    void letsPagesOfThisMachineAskAndWithCredentialsAnyPage() throws IOException {
        String ask = "Origin: %s\nAccess-Control-Request-Headers: x-amz-target\n";
        Answer local = send("OPTIONS /", ask.formatted("http://localhost:3000"), new byte[0]);
        Answer foreign = send("OPTIONS /", ask.formatted("https://example.com"), new byte[0]);
        Answer answer = post(JSON + target("ListTables") + SIGNED + "Origin: http://[::1]\n", "{}");

        assertThat(local.status()).isEqualTo(200);
        assertThat(local.headers())
                .containsEntry("access-control-allow-origin", "http://localhost:3000")
                .containsEntry("access-control-allow-headers", "x-amz-target")
                .containsEntry("access-control-max-age", "172800");
        assertThat(foreign.headers()).doesNotContainKey("access-control-allow-origin");
        assertThat(answer.headers())
                .containsEntry("access-control-allow-origin", "http://[::1]")
                .containsKey("x-amz-crc32");
        try (Server secure = serve(List.of(new Credential("AKID", "secret", null)));
                RawClient other = new RawClient(secure.port())) {
            other.send("GET / HTTP/1.1\nHost: h\nOrigin: https://example.com\n\n");
            assertThat(other.receive().headers()).containsEntry("access-control-allow-origin", "*");
        }
    }
}
