package io.millrace.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.OperationModel;
import io.millrace.api.RandomShapeReader;
import io.millrace.api.Schema;
import io.millrace.api.SerializationFailure;
import io.millrace.api.Shape;
import io.millrace.api.dynamodb.BatchWriteItemInput;
import io.millrace.api.dynamodb.DynamodbApi;
import io.millrace.api.dynamodb.PutItemInput;
import io.millrace.api.dynamodb.ScanInput;
import io.millrace.api.events.EventsApi;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SqsApi;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

final class JsonShapeReaderTest {

    private static <T extends Shape> T read(String json, Schema<T> schema) {
        return JsonShapeReader.read(json.getBytes(StandardCharsets.UTF_8), schema);
    }

    @Test
    void skipsUnknownMembersAndNullsAndTakesTheLastOfEqualNames() {
        SendMessageRequest request =
                read(
                        """
                        {"Unknown":{"a":[1,{"b":null}]},"QueueUrl":null,"DelaySeconds":1,\
                         "MessageBody":"a","MessageBody":"b"}\
                        """,
                        SqsApi.SEND_MESSAGE.input());

        assertThat(request)
                .isEqualTo(SendMessageRequest.builder().messageBody("b").delaySeconds(1).build());
    }

    @Test
    void cutsOffFractionsOfIntegers() {
        assertThat(read("{\"Limit\":2.9}", ScanInput.SCHEMA).limit()).isEqualTo(2);
        assertThat(read("{\"Limit\":1e3}", ScanInput.SCHEMA).limit()).isEqualTo(1000);
    }

    @Test
    void readsMomentsAsSecondsOrText() {
        Instant moment = Instant.parse("2026-01-02T03:04:05.678Z");

        for (String time :
                new String[] {
                    "1767323045.678", "1.767323045678E9", "\"2026-01-02T03:04:05.678Z\""
                }) {
            assertThat(
                            read(
                                            "{\"Entries\":[{\"Time\":" + time + "}]}",
                                            EventsApi.PUT_EVENTS.input())
                                    .entries()
                                    .getFirst()
                                    .time())
                    .isEqualTo(moment);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "1",
                "\"a\"",
                "{",
                "{\"TableName\"",
                "{\"TableName\":",
                "{\"TableName\":\"a\"",
                "{\"TableName\":\"a\"}}",
                "{\"TableName\":\"a\"} x",
                "{\"TableName\":\"\\q\"}",
                "{\"TableName\":'a'}",
                "{TableName:\"a\"}",
                "{\"TableName\":\"a\",}",
                "{\"TableName\":tru}",
                "{\"Limit\":99999999999}",
                "{\"Limit\":1e400}",
                "{\"Limit\":01}",
                "{\"Limit\":NaN}"
            })
    void refusesWhatIsNoDocumentOfTheShape(String json) {
        assertThatThrownBy(() -> read(json, ScanInput.SCHEMA))
                .isInstanceOf(SerializationFailure.class);
    }

    @Test
    void refusesInputThatIsTooDeep() {
        String known = "{\"TableName\":\"t\",\"Item\":{\"a\":" + "{\"L\":[".repeat(100_000);
        String unknown = "{\"Unknown\":" + "[".repeat(100_000);

        assertThatThrownBy(() -> read(known, PutItemInput.SCHEMA))
                .isInstanceOf(SerializationFailure.class);
        assertThatThrownBy(() -> read(unknown, PutItemInput.SCHEMA))
                .isInstanceOf(SerializationFailure.class);
    }

    @Test
    void refusesBytesThatAreNoUtf8() {
        byte[] json = "{\"TableName\":\"aa\"}".getBytes(StandardCharsets.UTF_8);
        json[14] = (byte) 0xc3;

        assertThatThrownBy(() -> JsonShapeReader.read(json, ScanInput.SCHEMA))
                .isInstanceOf(SerializationFailure.class);
    }

    @ParameterizedTest
    @MethodSource("io.millrace.api.Models#operations")
    void answersTruncatedAndDamagedInputWithNothingButRefusals(OperationModel<?, ?> operation) {
        byte[] json = JsonShapeWriter.write(RandomShapeReader.sparse(1, operation.input()));
        for (int length = 0; length < json.length; length++) {
            onlyRefuses(Arrays.copyOf(json, length), operation.input());
            byte[] damaged = json.clone();
            damaged[length] ^= 0x15;
            onlyRefuses(damaged, operation.input());
        }
    }

    private static void onlyRefuses(byte[] json, Schema<?> schema) {
        try {
            JsonShapeReader.read(json, schema);
        } catch (SerializationFailure | io.millrace.api.InvalidMember _) {
            // one of the two is expected, or none when the damage did not show
        }
    }

    /// Texts recorded by dynalite's tests against DynamoDB.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"TableName\":true}|TRUE_VALUE cannot be converted to String",
                "{\"TableName\":23}|NUMBER_VALUE cannot be converted to String",
                "{\"TableName\":34.56}|DECIMAL_VALUE cannot be converted to String",
                "{\"TableName\":[]}|Unrecognized collection type class java.lang.String",
                "{\"TableName\":{}}|Start of structure or map found where not expected",
                "{\"Limit\":\"23\"}|STRING_VALUE cannot be converted to Integer",
                "{\"ConsistentRead\":\"23\"}|Unexpected token received from parser",
                "{\"ConsistentRead\":23}|NUMBER_VALUE cannot be converted to Boolean",
                "{\"AttributesToGet\":\"23\"}|Unexpected field type",
                "{\"AttributesToGet\":{}}|Start of structure or map found where not expected",
                "{\"ScanFilter\":[]}|Unrecognized collection type java.util.Map<java.lang.String,"
                        + " com.amazonaws.dynamodb.v20120810.Condition>",
                "{\"ScanFilter\":{\"a\":\"\"}}|Unexpected value type in payload",
                "{\"ExclusiveStartKey\":{\"a\":[]}}|Unrecognized collection type class"
                        + " com.amazonaws.dynamodb.v20120810.AttributeValue",
                "{\"ExclusiveStartKey\":{\"a\":{\"B\":\"23456\"}}}|Base64 encoded length is expected"
                        + " a multiple of 4 bytes but found: 5",
                "{\"ExclusiveStartKey\":{\"a\":{\"B\":1}}}|only base-64-encoded strings are"
                        + " convertible to bytes"
            })
    void wordsWrongTypesAsDynamoDbDoes(String json, String message) {
        assertThatThrownBy(() -> read(json, ScanInput.SCHEMA))
                .isInstanceOf(SerializationFailure.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"Limit\":\"x\",", "{\"Limit\":\"x\"} x", "{\"Limit\":[}"})
    void looksAtTheSyntaxBeforeTheTypes(String json) {
        assertThatThrownBy(() -> read(json, ScanInput.SCHEMA))
                .isInstanceOf(SerializationFailure.class)
                .hasMessage("");
        assertThatThrownBy(() -> JsonShapeReader.checkSyntax(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(SerializationFailure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"QR==", "QUJ=", "Q===", "=AAA", "QU*=", "QUI\u00e9"})
    void refusesBase64ThatNoEncoderWrites(String text) {
        String json = "{\"ExclusiveStartKey\":{\"a\":{\"B\":\"" + text + "\"}}}";

        assertThatThrownBy(() -> read(json, ScanInput.SCHEMA))
                .hasMessage("Invalid last non-pad Base64 character dectected");
    }

    @Test
    void wordsAWrongTypeInsideAMapOfListsAsDynamoDbDoes() {
        assertThatThrownBy(() -> read("{\"RequestItems\":{\"a\":1}}", BatchWriteItemInput.SCHEMA))
                .hasMessageContaining("ParameterizedTypeImpl cannot be cast to class");
        assertThatThrownBy(() -> read("{\"RequestItems\":[]}", BatchWriteItemInput.SCHEMA))
                .hasMessage(
                        "Unrecognized collection type java.util.Map<java.lang.String,"
                                + " java.util.List<com.amazonaws.dynamodb.v20120810.WriteRequest>>");
        assertThatThrownBy(() ->
                        read(
                                "{\"RequestItems\":{\"a\":[{\"PutRequest\":1}]}}",
                                DynamodbApi.BATCH_WRITE_ITEM.input()))
                .hasMessage("Unexpected field type");
    }
}
