package io.millrace.bench;

import java.io.IOException;
import java.util.List;
import java.util.StringJoiner;

/// Requests to queues, and what their answers say.
final class QueueCalls {
    static final int BATCH = 10;

    private QueueCalls() {}

    /// Makes a queue, or finds it.
    ///
    /// @return its URL
    static String create(Connection connection, String name) throws IOException {
        String attributes =
                name.endsWith(".fifo")
                        ? ",\"Attributes\":{\"FifoQueue\":\"true\",\"VisibilityTimeout\":\"43200\"}"
                        : ",\"Attributes\":{\"VisibilityTimeout\":\"43200\"}";
        return Text.member(
                connection.ask(
                        Request.sqs(
                                "CreateQueue",
                                "{\"QueueName\":\"%s\"%s}".formatted(name, attributes))),
                "QueueUrl");
    }

    static String arn(Connection connection, String url) throws IOException {
        return Text.member(
                connection.ask(
                        Request.sqs(
                                "GetQueueAttributes",
                                "{\"QueueUrl\":\"%s\",\"AttributeNames\":[\"QueueArn\"]}"
                                        .formatted(url))),
                "QueueArn");
    }

    static Request send(String url, String body) {
        return Request.sqs(
                "SendMessage", "{\"QueueUrl\":\"%s\",\"MessageBody\":\"%s\"}".formatted(url, body));
    }

    /// To a FIFO queue.
    static Request send(String url, String body, String group, String id) {
        return Request.sqs(
                "SendMessage",
                """
                {"QueueUrl":"%s","MessageBody":"%s","MessageGroupId":"%s",\
                "MessageDeduplicationId":"%s"}\
                """
                        .formatted(url, body, group, id));
    }

    /// Ten messages in one request.
    static Request sendBatch(String url, String body) {
        StringJoiner entries = new StringJoiner(",");
        for (int i = 0; i < BATCH; i++) {
            entries.add("{\"Id\":\"%d\",\"MessageBody\":\"%s\"}".formatted(i, body));
        }
        return batch("SendMessageBatch", url, entries);
    }

    static Request receive(String url, int countMax, int waitSeconds) {
        return Request.sqs(
                "ReceiveMessage",
                "{\"QueueUrl\":\"%s\",\"MaxNumberOfMessages\":%d,\"WaitTimeSeconds\":%d}"
                        .formatted(url, countMax, waitSeconds));
    }

    static List<String> handles(String received) {
        return Text.members(received, "ReceiptHandle");
    }

    static Request delete(String url, String handle) {
        return Request.sqs( // concatenated, since it is made while the server is measured
                "DeleteMessage",
                "{\"QueueUrl\":\"" + url + "\",\"ReceiptHandle\":\"" + handle + "\"}");
    }

    /// At most ten in one request.
    static Request deleteBatch(String url, List<String> handles) {
        StringJoiner entries = new StringJoiner(",");
        for (int i = 0; i < handles.size(); i++) {
            entries.add("{\"Id\":\"%d\",\"ReceiptHandle\":\"%s\"}".formatted(i, handles.get(i)));
        }
        return batch("DeleteMessageBatch", url, entries);
    }

    private static Request batch(String operation, String url, StringJoiner entries) {
        return Request.sqs(
                operation, "{\"QueueUrl\":\"%s\",\"Entries\":[%s]}".formatted(url, entries));
    }
}
