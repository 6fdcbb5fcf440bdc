package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.Configuration;
import io.millrace.app.Millrace;
import io.millrace.audit.AuditOptions;
import io.millrace.engine.Encryption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What is given to every service is nowhere in the files of an encrypted data directory, but names
/// and keys; in one that is not encrypted all of it is found.
final class EncryptedDirectoryTest {
    private static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String ROLE = "arn:aws:iam::000000000000:role/r";

    @TempDir private Path folder;

    private final Random random = new Random();
    private final Map<String, String> values = new TreeMap<>();
    private final Map<String, String> keys = new TreeMap<>();

    @Test
    void nothingButKeysIsReadable() throws Exception {
        use(Encryption.Wanted.ALWAYS);

        assertThat(found(values)).isEmpty();
        assertThat(found(keys)).isEqualTo(keys.keySet());

        try (Millrace millrace = start(Encryption.Wanted.AS_IT_IS); // the log becomes sorted files
                Clients aws = clients(millrace)) {
            String queue = aws.sqs.getQueueUrl(r -> r.queueName(key("queue"))).queueUrl();
            assertThat(
                            aws.sqs
                                    .receiveMessage(r -> r.queueUrl(queue).maxNumberOfMessages(10))
                                    .messages())
                    .anyMatch(message -> message.body().equals(value("message")));
        }
        assertThat(found(values)).isEmpty();
    }

    @Test
    void whatIsNotEncryptedIsFound() throws Exception {
        use(Encryption.Wanted.NEVER);

        assertThat(found(values)).isEqualTo(values.keySet());
        assertThat(found(keys)).isEqualTo(keys.keySet());
    }

    private void use(Encryption.Wanted wanted) throws Exception {
        try (Millrace millrace = start(wanted);
                Clients aws = clients(millrace)) {
            String queueArn = queue(aws.sqs);
            items(aws);
            topics(aws.sns, queueArn);
            events(aws.events, queueArn);
            definitions(aws);
        }
    }

    private String queue(SqsClient sqs) {
        String queue = sqs.createQueue(r -> r.queueName(key("queue"))).queueUrl();
        sqs.sendMessage(r -> r.queueUrl(queue).messageBody(value("message")));
        sqs.sendMessage(
                r -> r.queueUrl(queue).messageBody(value("long message") + " ".repeat(9000)));
        sqs.sendMessage(r ->
                r.queueUrl(queue)
                        .messageBody("b")
                        .messageAttributes(
                                Map.of(
                                        "a",
                                        MessageAttributeValue.builder()
                                                .dataType("String")
                                                .stringValue(value("message attribute"))
                                                .build())));
        return "arn:aws:sqs:us-east-1:000000000000:" + key("queue");
    }

    private void items(Clients aws) {
        aws.createTable(key("table"), StreamViewType.NEW_AND_OLD_IMAGES);
        aws.dynamodb.putItem(r ->
                r.tableName(key("table"))
                        .item(
                                Map.of(
                                        "id",
                                        text(key("partition key")),
                                        value("attribute name"),
                                        text(value("attribute")))));
        aws.dynamodb.updateItem(r ->
                r.tableName(key("table"))
                        .key(Map.of("id", text(key("partition key"))))
                        .updateExpression("SET b = :b")
                        .expressionAttributeValues(Map.of(":b", text(value("updated attribute")))));
    }

    private void topics(SnsClient sns, String queueArn) {
        String topic = sns.createTopic(r -> r.name(key("topic"))).topicArn();
        sns.subscribe(r -> r.topicArn(topic).protocol("sqs").endpoint(queueArn));
        sns.subscribe(
                r -> r.topicArn(topic).protocol("email").endpoint(key("address") + "@example.com"));
        sns.publish(r -> r.topicArn(topic).message(value("notification")).subject("s"));
        sns.setTopicAttributes(r ->
                r.topicArn(topic)
                        .attributeName("DisplayName")
                        .attributeValue(value("name to show")));
    }

    private void events(EventBridgeClient events, String queueArn) {
        events.putRule(r ->
                r.name(key("rule"))
                        .description(value("description of a rule"))
                        .eventPattern("{\"source\":[\"app\"]}"));
        events.putTargets(
                r -> r.rule(key("rule")).targets(Target.builder().id("1").arn(queueArn).build()));
        events.createArchive(r ->
                r.archiveName("a")
                        .eventSourceArn("arn:aws:events:us-east-1:000000000000:event-bus/default"));
        events.putEvents(r ->
                r.entries(
                        PutEventsRequestEntry.builder()
                                .source("app")
                                .detailType("t")
                                .detail("{\"a\":\"" + value("event") + "\"}")
                                .build()));
    }

    private void definitions(Clients aws) {
        aws.logs.createLogGroup(r -> r.logGroupName(key("log group")));
        aws.logs.createLogStream(r -> r.logGroupName(key("log group")).logStreamName("s"));
        aws.logs.putLogEvents(r ->
                r.logGroupName(key("log group"))
                        .logStreamName("s")
                        .logEvents(
                                InputLogEvent.builder()
                                        .timestamp(System.currentTimeMillis())
                                        .message(value("line of a log"))
                                        .build()));
        aws.scheduler.createSchedule(r ->
                r.name(key("schedule"))
                        .scheduleExpression("rate(1 day)")
                        .flexibleTimeWindow(w -> w.mode(FlexibleTimeWindowMode.OFF))
                        .target(t ->
                                t.arn("arn:aws:sqs:us-east-1:000000000000:" + key("queue"))
                                        .roleArn(ROLE)
                                        .input(value("input of a schedule"))));
        aws.schemas.createRegistry(r -> r.registryName("r").description(value("registry")));
        aws.iam.createRole(r ->
                r.roleName(key("role"))
                        .description(value("description of a role"))
                        .assumeRolePolicyDocument(
                                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                                        + "\"Principal\":{\"AWS\":\"*\"},"
                                        + "\"Action\":\"sts:AssumeRole\"}]}"));
        aws.secrets.createSecret(
                r -> r.name(key("secret")).description(value("description")).secretString("x"));
    }

    private static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    private Millrace start(Encryption.Wanted wanted) throws Exception {
        return Millrace.start(
                Configuration.of(folder.resolve("data"))
                        .withMasterKey(MASTER_KEY)
                        .withEncryption(wanted)
                        .withAudit(
                                new AuditOptions(AuditOptions.Mode.ALL, AuditOptions.RETENTION)));
    }

    private static Clients clients(Millrace millrace) {
        return new Clients(URI.create(millrace.endpoint()), "000000000000");
    }

    private String value(String kind) {
        return values.computeIfAbsent(kind, _ -> random());
    }

    private String key(String kind) {
        return keys.computeIfAbsent(kind, _ -> random());
    }

    private String random() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return "x" + HexFormat.of().formatHex(bytes);
    }

    private Set<String> found(Map<String, String> planted) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                planted.forEach((kind, what) -> {
                    if (text.contains(what)) {
                        found.add(kind);
                    }
                });
            }
        }
        return found;
    }
}
