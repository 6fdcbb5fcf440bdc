package io.millrace.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.OperationModel;
import io.millrace.api.RandomShapeReader;
import io.millrace.api.Schema;
import io.millrace.api.SerializationFailure;
import io.millrace.api.Shape;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.api.sqs.SqsApi;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

final class QueryShapeReaderTest {
    private static final int SEEDS = 10;

    @ParameterizedTest
    @MethodSource("io.millrace.api.Models#queryOperations")
    void readsWhatAClientSends(OperationModel<?, ?> operation) {
        for (long seed = 0; seed < SEEDS; seed++) {
            roundTrip(seed, operation.input());
        }
    }

    private static <T extends Shape> void roundTrip(long seed, Schema<T> schema) {
        T shape = RandomShapeReader.full(seed, schema);
        if (shape instanceof ReceiveMessageRequest) {
            return; // two of its lists have the same name; see below
        }

        T read = QueryShapeReader.read(FormWriter.write(shape), schema);

        assertThat(json(read)).as("%s, seed %d", schema, seed).isEqualTo(json(shape));
    }

    private static String json(Shape shape) {
        return new String(JsonShapeWriter.write(shape), StandardCharsets.UTF_8);
    }

    @Test
    void readsTheFlattenedFormsOfSqs() {
        Map<String, String> form =
                Map.of(
                        "Action", "SendMessageBatch",
                        "Version", "2012-11-05",
                        "SendMessageBatchRequestEntry.10.Id", "z",
                        "SendMessageBatchRequestEntry.2.Id", "a",
                        "SendMessageBatchRequestEntry.2.MessageAttribute.1.Name", "n",
                        "SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.DataType",
                                "String",
                        "SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.StringValue", "s");

        Shape read = QueryShapeReader.read(form, SqsApi.SEND_MESSAGE_BATCH.input());

        assertThat(json(read))
                .isEqualTo(
                        """
                        {"Entries":[{"Id":"a","MessageAttributes":{"n":{"StringValue":"s",\
                        "DataType":"String"}}},{"Id":"z"}]}\
                        """);
    }

    @Test
    void readsAttributesAndTagsOfCreateQueue() {
        Map<String, String> form =
                Map.of(
                        "QueueName", "q",
                        "Attribute.1.Name", "DelaySeconds",
                        "Attribute.1.Value", "5",
                        "Tag.1.Key", "k",
                        "Tag.1.Value", "v");

        Shape read = QueryShapeReader.read(form, SqsApi.CREATE_QUEUE.input());

        assertThat(json(read))
                .isEqualTo(
                        """
                        {"QueueName":"q","Attributes":{"DelaySeconds":"5"},"tags":{"k":"v"}}\
                        """);
    }

    @Test
    void readsTheWrappedFormsOfSns() {
        Map<String, String> form =
                Map.of(
                        "TopicArn", "t",
                        "Message", "m",
                        "MessageAttributes.entry.1.Name", "n",
                        "MessageAttributes.entry.1.Value.DataType", "String");

        Shape read = QueryShapeReader.read(form, SnsApi.PUBLISH.input());

        assertThat(json(read))
                .isEqualTo(
                        """
                        {"TopicArn":"t","Message":"m",\
                        "MessageAttributes":{"n":{"DataType":"String"}}}\
                        """);
    }

    @Test
    void takesAValueWithoutAnIndexAsAListOfOneAndAnEmptyOneAsAnEmptyList() {
        Schema<ReceiveMessageRequest> schema = SqsApi.RECEIVE_MESSAGE.input();

        assertThat(QueryShapeReader.read(Map.of("AttributeName", "All"), schema).attributeNames())
                .isEqualTo(List.of("All"));
        assertThat(QueryShapeReader.read(Map.of("AttributeName", ""), schema).attributeNames())
                .isEmpty();
    }

    @Test
    void readsTheOtherFormsOfSqs() {
        var attributes =
                QueryShapeReader.read(
                        Map.of("QueueUrl", "q", "Attribute.Name", "k", "Attribute.Value", "v"),
                        SqsApi.SET_QUEUE_ATTRIBUTES.input());
        var tags =
                QueryShapeReader.read(
                        Map.of("QueueUrl", "q", "Tags.1.Key", "k", "Tags.1.Value", "v"),
                        SqsApi.TAG_QUEUE.input());

        assertThat(attributes.attributes()).isEqualTo(Map.of("k", "v"));
        assertThat(tags.tags()).isEqualTo(Map.of("k", "v"));
    }

    @Test
    void refusesWhatIsNoNumberNoIndexOrTooDeep() {
        Schema<ReceiveMessageRequest> schema = SqsApi.RECEIVE_MESSAGE.input();

        for (Map<String, String> form :
                List.of(
                        Map.of("WaitTimeSeconds", "soon"),
                        Map.of("WaitTimeSeconds", ""),
                        Map.of("AttributeName.x", "All"),
                        Map.of("AttributeName.99999999999", "All"),
                        Map.of("a" + ".1".repeat(50), "v"))) {
            assertThatThrownBy(() -> QueryShapeReader.read(form, schema))
                    .as("%s", form)
                    .isInstanceOf(SerializationFailure.class);
        }
    }
}
