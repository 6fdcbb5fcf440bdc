package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.sns.GetTopicAttributesResponse;
import io.millrace.api.sns.ListTopicsResponse;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.Topic;
import io.millrace.api.sqs.DeleteMessageBatchResult;
import io.millrace.api.sqs.DeleteMessageBatchResultEntry;
import io.millrace.api.sqs.GetQueueAttributesResult;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.MessageAttributeValue;
import io.millrace.api.sqs.ReceiveMessageResult;
import io.millrace.api.sqs.SqsApi;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class QueryJsonTest {

    private static String text(OperationModel<?, ?> operation, Shape output) {
        return new String(QueryJson.response(operation, output, "1-2"), StandardCharsets.UTF_8);
    }

    /// As LocalStack's test of GetQueueAttributes sees it at AWS.
    @Test
    void showsFlattenedMapsAsListsOfEntries() {
        assertThat(
                        text(
                                SqsApi.GET_QUEUE_ATTRIBUTES,
                                GetQueueAttributesResult.builder()
                                        .attributes(Map.of("QueueArn", "arn"))
                                        .build()))
                .isEqualTo(
                        "{\"GetQueueAttributesResponse\":{\"GetQueueAttributesResult\":{"
                                + "\"Attributes\":[{\"Name\":\"QueueArn\",\"Value\":\"arn\"}]},"
                                + "\"ResponseMetadata\":{\"RequestId\":\"1-2\"}}}");
    }

    @Test
    void showsOtherMapsAsObjectsAndListsAsLists() {
        assertThat(
                        text(
                                SnsApi.GET_TOPIC_ATTRIBUTES,
                                GetTopicAttributesResponse.builder()
                                        .attributes(Map.of("Owner", "1"))
                                        .build()))
                .contains("\"GetTopicAttributesResult\":{\"Attributes\":{\"Owner\":\"1\"}}");
        assertThat(
                        text(
                                SnsApi.LIST_TOPICS,
                                ListTopicsResponse.builder()
                                        .topics(List.of(Topic.builder().topicArn("a").build()))
                                        .build()))
                .contains("\"ListTopicsResult\":{\"Topics\":[{\"TopicArn\":\"a\"}]}");
    }

    @Test
    void showsStructuresWithinStructures() {
        Message message =
                Message.builder()
                        .body("b")
                        .attributes(Map.of("SenderId", "s"))
                        .messageAttributes(
                                Map.of(
                                        "n",
                                        MessageAttributeValue.builder()
                                                .dataType("Binary")
                                                .binaryValue(new byte[] {1, 2, 3})
                                                .build()))
                        .build();

        assertThat(
                        text(
                                SqsApi.RECEIVE_MESSAGE,
                                ReceiveMessageResult.builder().messages(List.of(message)).build()))
                .contains("\"Messages\":[{")
                .contains("\"Body\":\"b\"")
                .contains("\"Attributes\":[{\"Name\":\"SenderId\",\"Value\":\"s\"}]")
                .contains(
                        "\"MessageAttributes\":[{\"Name\":\"n\",\"Value\":{"
                                + "\"BinaryValue\":\"AQID\",\"DataType\":\"Binary\"}}]");
        assertThat(
                        text(
                                SqsApi.DELETE_MESSAGE_BATCH,
                                DeleteMessageBatchResult.builder()
                                        .successful(
                                                List.of(
                                                        DeleteMessageBatchResultEntry.builder()
                                                                .id("1")
                                                                .build()))
                                        .build()))
                .contains("\"Successful\":[{\"Id\":\"1\"}]");
    }
}
