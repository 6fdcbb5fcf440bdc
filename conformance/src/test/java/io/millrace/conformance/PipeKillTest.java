package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.pipes.model.DynamoDBStreamStartPosition;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Two pipes in a row over kills of the server: from a table's stream to a bus and by a rule to a
/// FIFO queue, and from that to another. Each write that was acknowledged comes out exactly once,
/// in the order of its item. Nothing on the way would hide a second delivery: each has a
/// deduplication id of its own, the event's on the bus, then the receipt. So it is where several
/// batches of a shard go at once, in numbers that change between the kills.
///
/// `-Dmillrace.long=true` kills many more times. A long form needs
/// `-Djunit.jupiter.execution.timeout.default=2h`, too.
///
/// Seen to fail, with: a checkpoint that is moved in a transaction after the delivery (doubled);
/// slots that do not ask what those of the number before had delivered (doubled).
final class PipeKillTest {
    private static final int KILLS = Boolean.getBoolean("millrace.long") ? 40 : 3;
    private static final int ACKNOWLEDGED_BETWEEN_KILLS = 150;
    private static final int WRITERS = 4;
    private static final int PARALLEL_CHANGES = 5;
    private static final String ACCOUNT = "333344445555";

    @TempDir private Path folder;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void everyWriteComesOutOnceAndInTheOrderOfItsItem(int parallel) throws Exception {
        try (ServerProcess server = new ServerProcess(folder);
                Clients aws = new Clients(server.endpoint(), ACCOUNT)) {
            create(aws, parallel);
            writeAndKill(server, aws, parallel);
            aws.dynamodb.putItem(request -> request.tableName("items").item(item(0, "0-end")));

            List<String> told = receive(aws);

            told.remove("0-end");
            assertThat(told).doesNotHaveDuplicates().containsAll(acknowledged);
            Map<String, Integer> last = new HashMap<>();
            for (String write : told) {
                String[] parts = write.split("-", 2);
                int number = Integer.parseInt(parts[1]);
                assertThat(last.getOrDefault(parts[0], -1)).isLessThan(number);
                last.put(parts[0], number);
            }
        }
    }

    private static void create(Clients aws, int parallel) {
        String stream = aws.createTable("items", StreamViewType.NEW_IMAGE);
        for (String name : List.of("middle.fifo", "out.fifo")) {
            aws.sqs.createQueue(request ->
                    request.queueName(name)
                            .attributes(
                                    Map.of(
                                            QueueAttributeName.FIFO_QUEUE,
                                            "true",
                                            QueueAttributeName.CONTENT_BASED_DEDUPLICATION,
                                            "true",
                                            QueueAttributeName.VISIBILITY_TIMEOUT,
                                            "3")));
        }
        aws.events.putRule(
                request -> request.name("r").eventPattern("{\"source\":[\"Pipe first\"]}"));
        aws.events.putTargets(request ->
                request.rule("r")
                        .targets(
                                Target.builder()
                                        .id("t")
                                        .arn(queue("middle.fifo"))
                                        .sqsParameters(queue -> queue.messageGroupId("all"))
                                        .build()));
        aws.pipes.createPipe(request ->
                request.name("first")
                        .roleArn(role())
                        .source(stream)
                        .sourceParameters(source ->
                                source.dynamoDBStreamParameters(table ->
                                        table.startingPosition(
                                                        DynamoDBStreamStartPosition.TRIM_HORIZON)
                                                .parallelizationFactor(parallel)))
                        .target("arn:aws:events:us-east-1:" + ACCOUNT + ":event-bus/default")
                        .targetParameters(target ->
                                target.inputTemplate("{\"by\":<$.dynamodb.NewImage.by.S>}")));
        aws.pipes.createPipe(request ->
                request.name("second")
                        .roleArn(role())
                        .source(queue("middle.fifo"))
                        .target(queue("out.fifo"))
                        .targetParameters(target ->
                                target.inputTemplate("<$.body.detail.by>")
                                        .sqsQueueParameters(queue ->
                                                queue.messageGroupId("all")
                                                        .messageDeduplicationId(
                                                                "$.receiptHandle"))));
    }

    private void writeAndKill(ServerProcess server, Clients aws, int parallel) throws Exception {
        try (Callers callers = new Callers(aws)) {
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                callers.repeat(number -> write(aws, writer, number));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                callers.awaitMore("writes", acknowledged::size, ACKNOWLEDGED_BETWEEN_KILLS);
                server.killAndRestart();
                if (parallel > 1) {
                    changeParallel(aws, parallel + kill % PARALLEL_CHANGES + 1);
                }
            }
        }
    }

    private static void changeParallel(Clients aws, int parallel) {
        aws.pipes.updatePipe(request ->
                request.name("first")
                        .roleArn(role())
                        .sourceParameters(source ->
                                source.dynamoDBStreamParameters(
                                        table -> table.parallelizationFactor(parallel))));
    }

    /// An item of its own for each writer; a write has a name that no other has, and one of which
    /// nobody knows whether it happened is not repeated: the SDK's token sees to that.
    @SuppressWarnings("unchecked") // arrays of builders' consumers, which the SDK makes of them
    private void write(Clients aws, int writer, int number) {
        String by = writer + "-" + number;
        aws.dynamodb.transactWriteItems(request ->
                request.transactItems(
                        write -> write.put(put -> put.tableName("items").item(item(writer, by)))));
        acknowledged.add(by);
    }

    private static Map<String, AttributeValue> item(int writer, String by) {
        return Map.of("id", AttributeValue.fromS("item" + writer), "by", AttributeValue.fromS(by));
    }

    /// Everything in the last queue, until nothing comes and the end was seen.
    private static List<String> receive(Clients aws) {
        String url = aws.sqs.getQueueUrl(request -> request.queueName("out.fifo")).queueUrl();
        List<String> told = new ArrayList<>();
        int empty = 0;
        while (empty < (told.contains("0-end") ? 2 : 6)) {
            List<Message> messages =
                    aws.sqs
                            .receiveMessage(request ->
                                    request.queueUrl(url)
                                            .maxNumberOfMessages(10)
                                            .visibilityTimeout(60)
                                            .waitTimeSeconds(5))
                            .messages();
            empty = messages.isEmpty() ? empty + 1 : 0;
            for (Message message : messages) {
                told.add(message.body());
                aws.sqs.deleteMessage(
                        request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
            }
        }
        return told;
    }

    private static String role() {
        return "arn:aws:iam::" + ACCOUNT + ":role/pipe";
    }

    private static String queue(String name) {
        return "arn:aws:sqs:us-east-1:" + ACCOUNT + ":" + name;
    }
}
