package io.millrace.api.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ErrorModel;
import io.millrace.api.Models;
import io.millrace.api.OperationModel;
import io.millrace.api.RandomShapeReader;
import io.millrace.api.Schema;
import io.millrace.api.Shape;
import io.millrace.api.Unit;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.ReceiveMessageResult;
import io.millrace.api.sqs.SqsApi;
import io.millrace.api.sts.Credentials;
import io.millrace.api.sts.GetSessionTokenResponse;
import io.millrace.api.sts.StsApi;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

final class QueryXmlTest {
    private static final int SEEDS = 10;

    @ParameterizedTest
    @MethodSource("io.millrace.api.Models#queryOperations")
    void writesWhatAClientCanRead(OperationModel<?, ?> operation) {
        for (long seed = 0; seed < SEEDS; seed++) {
            roundTrip(seed, operation, operation.output());
        }
    }

    private static <T extends Shape> void roundTrip(
            long seed, OperationModel<?, ?> operation, Schema<T> schema) {
        T shape = RandomShapeReader.full(seed, schema);

        Element root =
                XmlReader.parse(QueryXml.response(Models.of(operation), operation, shape, "id"));

        assertThat(root.getTagName()).isEqualTo(operation.name() + "Response");
        String wrapper = operation.resultWrapper();
        Element result = wrapper == null ? root : XmlReader.children(root, wrapper).getFirst();
        assertThat(
                        new String(
                                JsonShapeWriter.write(XmlReader.read(result, schema)),
                                StandardCharsets.UTF_8))
                .as("%s, seed %d", schema, seed)
                .isEqualTo(new String(JsonShapeWriter.write(shape), StandardCharsets.UTF_8));
    }

    @Test
    void escapesWhatXmlWouldChange() {
        Message message =
                Message.builder()
                        .body("<a>&\"\r\n\t\u0001")
                        .attributes(Map.of("SentTimestamp", "1"))
                        .build();
        ReceiveMessageResult result =
                ReceiveMessageResult.builder().messages(List.of(message)).build();

        byte[] xml = QueryXml.response(SqsApi.MODEL, SqsApi.RECEIVE_MESSAGE, result, "r");

        assertThat(new String(xml, StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        <ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">\
                        <ReceiveMessageResult><Message>\
                        <Body>&lt;a&gt;&amp;&quot;&#xD;\n\t&#x1;</Body>\
                        <Attribute><Name>SentTimestamp</Name><Value>1</Value></Attribute>\
                        </Message></ReceiveMessageResult>\
                        <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>\
                        </ReceiveMessageResponse>\
                        """);
    }

    @Test
    void leavesOutTheResultOfAnOperationThatHasNone() {
        byte[] xml = QueryXml.response(SnsApi.MODEL, SnsApi.DELETE_TOPIC, Unit.UNIT, "r");

        assertThat(new String(xml, StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        <DeleteTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">\
                        <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>\
                        </DeleteTopicResponse>\
                        """);
    }

    @Test
    void writesMomentsToTheMillisecond() {
        Credentials credentials =
                Credentials.builder().expiration(Instant.parse("2012-01-19T22:33:51Z")).build();

        byte[] xml =
                QueryXml.response(
                        StsApi.MODEL,
                        StsApi.GET_SESSION_TOKEN,
                        GetSessionTokenResponse.builder().credentials(credentials).build(),
                        "r");

        assertThat(new String(xml, StandardCharsets.UTF_8))
                .contains("<Expiration>2012-01-19T22:33:51.000Z</Expiration>");
    }

    @Test
    void writesErrorsWithTheOlderCodeOfSqs() {
        ErrorModel error = SqsApi.Errors.QUEUE_DOES_NOT_EXIST;

        byte[] xml = QueryXml.error(SqsApi.MODEL, error, "No <queue>.", null, "r");

        assertThat(new String(xml, StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        <ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error>\
                        <Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>\
                        <Message>No &lt;queue&gt;.</Message><Detail/></Error>\
                        <RequestId>r</RequestId></ErrorResponse>\
                        """);
    }

    @Test
    void writesErrorsWithTheCodeOfTheModel() {
        byte[] xml =
                QueryXml.error(SnsApi.MODEL, SnsApi.Errors.NOT_FOUND_EXCEPTION, "gone", null, "r");

        assertThat(new String(xml, StandardCharsets.UTF_8))
                .contains("<Code>NotFound</Code><Message>gone</Message></Error>");
        assertThat(SnsApi.Errors.NOT_FOUND_EXCEPTION.httpStatus()).isEqualTo(404);
    }
}
