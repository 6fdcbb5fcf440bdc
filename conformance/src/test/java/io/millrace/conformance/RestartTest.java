package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.Test;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;

import java.util.List;
import java.util.Map;

/// All state survives a restart: resources, data, what is in flight, and places in a stream.
final class RestartTest {

    @Test
    void everythingIsStillThereAfterARestart() {
        try (MillraceServer server = MillraceServer.start();
                Clients before = new Clients(server.endpoint(), "111122223333")) {
            String iterator = fill(before);

            server.restart();

            try (Clients after = new Clients(server.endpoint(), "111122223333")) {
                verify(after, iterator);
            }
        }
    }

    /// Returns a shard iterator behind the first of two changes.
    private static String fill(Clients aws) {
        String stream = aws.createTable("things", StreamViewType.NEW_IMAGE);
        put(aws, "1");
        String shard =
                aws.streams
                        .describeStream(request -> request.streamArn(stream))
                        .streamDescription()
                        .shards()
                        .getFirst()
                        .shardId();
        String iterator =
                aws.streams
                        .getShardIterator(request ->
                                request.streamArn(stream)
                                        .shardId(shard)
                                        .shardIteratorType(ShardIteratorType.LATEST))
                        .shardIterator();
        put(aws, "2");
        String queue = aws.sqs.createQueue(request -> request.queueName("q")).queueUrl();
        aws.sqs.sendMessage(request -> request.queueUrl(queue).messageBody("in flight"));
        aws.sqs.receiveMessage(request -> request.queueUrl(queue).visibilityTimeout(600));
        aws.sqs.sendMessage(request -> request.queueUrl(queue).messageBody("waiting"));
        String topic = aws.sns.createTopic(request -> request.name("t")).topicArn();
        aws.sns.subscribe(request ->
                request.topicArn(topic)
                        .protocol("sqs")
                        .endpoint("arn:aws:sqs:us-east-1:111122223333:q")
                        .attributes(
                                Map.of(
                                        "RawMessageDelivery",
                                        "true",
                                        "FilterPolicyScope",
                                        "MessageBody",
                                        "FilterPolicy",
                                        "{\"detail\":{\"x\":[1]}}")));
        aws.events.putRule(request -> request.name("r").eventPattern("{\"source\":[\"s\"]}"));
        aws.events.putTargets(
                request -> request.rule("r").targets(Target.builder().id("t").arn(topic).build()));
        return iterator;
    }

    private static void verify(Clients aws, String iterator) {
        assertThat(aws.dynamodb.scan(request -> request.tableName("things")).items())
                .extracting(item -> Clients.attribute(item, "id").s())
                .containsExactlyInAnyOrder("1", "2");
        assertThat(aws.streams.getRecords(request -> request.shardIterator(iterator)).records())
                .extracting(record -> Clients.attribute(record.dynamodb().keys(), "id").s())
                .containsExactly("2");
        String queue = aws.sqs.getQueueUrl(request -> request.queueName("q")).queueUrl();
        assertThat(receive(aws, queue)).extracting(Message::body).containsExactly("waiting");

        aws.events.putEvents(request -> request.entries(event(1), event(2)));

        assertThat(receive(aws, queue)).hasSize(1);
    }

    private static PutEventsRequestEntry event(int x) {
        return PutEventsRequestEntry.builder()
                .source("s")
                .detailType("t")
                .detail("{\"x\":" + x + "}")
                .build();
    }

    private static void put(Clients aws, String id) {
        aws.dynamodb.putItem(request ->
                request.tableName("things").item(Map.of("id", AttributeValue.fromS(id))));
    }

    private static List<Message> receive(Clients aws, String queue) {
        return aws.sqs
                .receiveMessage(request ->
                        request.queueUrl(queue).maxNumberOfMessages(10).visibilityTimeout(600))
                .messages();
    }
}
