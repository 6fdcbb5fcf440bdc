package io.millrace.api.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.CancellationReason;
import io.millrace.api.dynamodb.TableDescription;
import io.millrace.api.dynamodb.TransactionCanceledException;
import io.millrace.api.sqs.SendMessageResult;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

final class JsonShapeWriterTest {

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    @Test
    void leavesOutAbsentMembers() {
        assertThat(text(JsonShapeWriter.write(SendMessageResult.builder().build())))
                .isEqualTo("{}");
        assertThat(text(JsonShapeWriter.write(SendMessageResult.builder().messageId("1").build())))
                .isEqualTo("{\"MessageId\":\"1\"}");
    }

    @Test
    void escapesControlsAndHalfPairsOnly() {
        AttributeValue value = new AttributeValue.S("\"\\/\n\u0001\u007fé€😀\ud800");

        assertThat(text(JsonShapeWriter.write(value)))
                .isEqualTo("{\"S\":\"\\\"\\\\/\\n\\u0001\\u007fé€😀\\ud800\"}");
    }

    @Test
    void writesALongTextAsAShortOne() {
        for (String part :
                List.of("a", "é€😀", "\"\\/\n\u0001\u007f", "what?", "\ud800", "x\udc00?")) {
            for (int before = 60; before < 72; before++) {
                String text = "b".repeat(before) + part;
                String shortOne = text(JsonShapeWriter.write(new AttributeValue.S(part)));

                assertThat(text(JsonShapeWriter.write(new AttributeValue.S(text))))
                        .isEqualTo(shortOne.replaceFirst(":\"", ":\"" + "b".repeat(before)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2013-03-19T21:36:42.358Z, 1363729002.358",
        "2013-03-19T21:36:42.300Z, 1363729002.3",
        "2013-03-19T21:36:42.005Z, 1363729002.005",
        "2013-03-19T21:36:42.000Z, 1363729002",
        "1969-12-31T23:59:59.500Z, -0.5"
    })
    void writesMomentsAsSecondsWithMilliseconds(Instant moment, String seconds) {
        byte[] json =
                JsonShapeWriter.write(TableDescription.builder().creationDateTime(moment).build());

        assertThat(text(json)).isEqualTo("{\"CreationDateTime\":" + seconds + "}");
    }

    @Test
    void writesAnErrorWithItsMembersButItsMessageOnce() {
        CancellationReason reason =
                CancellationReason.builder().code("None").message("inner").build();
        TransactionCanceledException details =
                TransactionCanceledException.builder()
                        .message("not this")
                        .cancellationReasons(List.of(reason))
                        .build();

        assertThat(text(JsonShapeWriter.writeError("a#B", "Message", "outer", details)))
                .isEqualTo(
                        """
                        {"__type":"a#B","Message":"outer",\
                        "CancellationReasons":[{"Code":"None","Message":"inner"}]}\
                        """);
        assertThat(text(JsonShapeWriter.writeError("a#B", "message", null, null)))
                .isEqualTo("{\"__type\":\"a#B\"}");
    }

    @Test
    void writesEveryAttributeType() {
        AttributeValue value =
                new AttributeValue.L(
                        List.of(
                                new AttributeValue.N("1.0"),
                                new AttributeValue.B(new byte[] {0, 1, 2}),
                                new AttributeValue.SS(List.of("a")),
                                new AttributeValue.BS(List.of(new byte[] {1})),
                                new AttributeValue.M(Map.of("k", new AttributeValue.Null(true))),
                                new AttributeValue.Bool(false)));

        assertThat(text(JsonShapeWriter.write(value)))
                .isEqualTo(
                        """
                        {"L":[{"N":"1.0"},{"B":"AAEC"},{"SS":["a"]},{"BS":["AQ=="]},\
                        {"M":{"k":{"NULL":true}}},{"BOOL":false}]}\
                        """);
    }
}
