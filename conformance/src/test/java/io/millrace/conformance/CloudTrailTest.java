package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.app.Configuration;
import io.millrace.app.Millrace;
import io.millrace.cloudtrail.CloudTrailMode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// CloudTrail tells EventBridge of calls: rules on `aws.dynamodb` and the like see changes of
/// resources, and reading calls only when they ask for them.
final class CloudTrailTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ACCOUNT = "222233334444";

    @TempDir private Path folder;

    @Test
    void aRuleSeesTheCallsThatChangeSomething() throws Exception {
        try (Millrace millrace = start(CloudTrailMode.MANAGEMENT);
                Clients aws = new Clients(URI.create(millrace.endpoint()), ACCOUNT)) {
            String queue = sink(aws, "tables", "aws.dynamodb", RuleState.ENABLED);

            createTable(aws);
            aws.dynamodb.describeTable(request -> request.tableName("orders"));
            put(aws);
            aws.dynamodb.deleteTable(request -> request.tableName("orders"));

            List<JsonNode> events = receive(aws, queue, 2);
            assertThat(events)
                    .extracting(event -> event.path("detail").path("eventName").asString())
                    .containsExactlyInAnyOrder("CreateTable", "DeleteTable");
            JsonNode created =
                    events.stream()
                            .filter(e -> e.toString().contains("CreateTable"))
                            .findFirst()
                            .orElseThrow();
            JsonNode detail = created.path("detail");
            assertThat(created.path("source").asString()).isEqualTo("aws.dynamodb");
            assertThat(created.path("detail-type").asString())
                    .isEqualTo("AWS API Call via CloudTrail");
            assertThat(created.path("account").asString()).isEqualTo(ACCOUNT);
            assertThat(detail.path("eventSource").asString()).isEqualTo("dynamodb.amazonaws.com");
            assertThat(detail.path("requestParameters").path("tableName").asString())
                    .isEqualTo("orders");
            assertThat(
                            detail.path("requestParameters")
                                    .path("keySchema")
                                    .path(0)
                                    .path("attributeName")
                                    .asString())
                    .isEqualTo("id");
            assertThat(
                            detail.path("responseElements")
                                    .path("tableDescription")
                                    .path("tableArn")
                                    .asString())
                    .endsWith("table/orders");
            assertThat(detail.path("userAgent").asString()).contains("aws-sdk-java");
            assertThat(detail.path("sourceIPAddress").asString()).isEqualTo("127.0.0.1");
            assertThat(detail.path("userIdentity").path("accountId").asString()).isEqualTo(ACCOUNT);
        }
    }

    @Test
    void readingCallsReachTheRulesThatAskForThemAndRefusalsAreTold() throws Exception {
        try (Millrace millrace = start(CloudTrailMode.MANAGEMENT);
                Clients aws = new Clients(URI.create(millrace.endpoint()), ACCOUNT)) {
            String changes = sink(aws, "changes", "aws.sns", RuleState.ENABLED);
            String all =
                    sink(
                            aws,
                            "all",
                            "aws.sns",
                            RuleState.ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS);

            aws.sns.listTopics();
            assertThatThrownBy(() -> aws.sns.createTopic(request -> request.name("a b")));

            assertThat(receive(aws, all, 2))
                    .extracting(event -> event.path("detail").path("eventName").asString())
                    .containsExactlyInAnyOrder("ListTopics", "CreateTopic");
            List<JsonNode> refused = receive(aws, changes, 1);
            assertThat(refused).hasSize(1);
            assertThat(refused.getFirst().path("detail").path("errorCode").asString())
                    .isEqualTo("InvalidParameter");
        }
    }

    @Test
    void dataIsToldWithAllAndHidden() throws Exception {
        try (Millrace millrace = start(CloudTrailMode.ALL);
                Clients aws = new Clients(URI.create(millrace.endpoint()), ACCOUNT)) {
            createTable(aws);
            String queue = sink(aws, "tables", "aws.dynamodb", RuleState.ENABLED);

            put(aws);

            JsonNode event = receive(aws, queue, 1).getFirst();
            assertThat(event.path("detail").path("eventName").asString()).isEqualTo("PutItem");
            assertThat(event.path("detail").path("managementEvent").asBoolean(true)).isFalse();
            assertThat(event.toString()).doesNotContain("very private");
        }
    }

    private Millrace start(CloudTrailMode mode) throws Exception {
        return Millrace.start(Configuration.of(folder).withCloudTrail(mode));
    }

    private static void createTable(Clients aws) {
        aws.dynamodb.createTable(request ->
                request.tableName("orders")
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(
                                AttributeDefinition.builder()
                                        .attributeName("id")
                                        .attributeType(ScalarAttributeType.S)
                                        .build())
                        .keySchema(
                                KeySchemaElement.builder()
                                        .attributeName("id")
                                        .keyType(KeyType.HASH)
                                        .build()));
    }

    private static void put(Clients aws) {
        aws.dynamodb.putItem(request ->
                request.tableName("orders")
                        .item(Map.of("id", AttributeValue.fromS("very private"))));
    }

    /// A queue that gets the calls of a service.
    private static String sink(Clients aws, String name, String source, RuleState state) {
        String queue = aws.sqs.createQueue(request -> request.queueName(name)).queueUrl();
        aws.events.putRule(request ->
                request.name(name).state(state).eventPattern("{\"source\":[\"" + source + "\"]}"));
        aws.events.putTargets(request ->
                request.rule(name)
                        .targets(
                                Target.builder()
                                        .id("t")
                                        .arn("arn:aws:sqs:us-east-1:" + ACCOUNT + ":" + name)
                                        .build()));
        return queue;
    }

    /// All messages, of which there are `count`: they are there when the calls have returned.
    private static List<JsonNode> receive(Clients aws, String queue, int count) {
        List<JsonNode> events = new ArrayList<>();
        List<Message> some;
        do { // ends when the queue is empty
            some =
                    aws.sqs
                            .receiveMessage(
                                    request -> request.queueUrl(queue).maxNumberOfMessages(10))
                            .messages();
            some.forEach(message -> events.add(JSON.readTree(message.body())));
        } while (!some.isEmpty());
        assertThat(events).hasSize(count);
        return events;
    }
}
