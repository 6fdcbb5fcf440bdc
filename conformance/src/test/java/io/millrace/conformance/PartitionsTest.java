package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A denial that names a resource in the partition `aws`, which all are in, is not avoided by
/// another partition in the request.
final class PartitionsTest {
    private static final String CHINA = "arn:aws-cn:%s:us-east-1:000000000000:%s";

    @TempDir Path data;
    private SecuredServer server;

    @BeforeEach
    void start() throws Exception {
        server = new SecuredServer(data);
        server.grant(
                "{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}",
                "{'Effect': 'Deny', 'Action': '*', 'Resource': ['arn:aws:*:*:*:*payroll',"
                        + " 'arn:aws:*:*:*:*payroll/*', 'arn:aws:*:*:*:*payroll:*']}",
                "{'Effect': 'Deny', 'Action': 'events:PutTargets', 'Resource': '*', 'Condition':"
                        + " {'ArnLike': {'events:TargetArn': '"
                        + "arn:aws:sqs:us-east-1:000000000000:target"
                        + "'}}}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void assertDenied(Runnable call) {
        assertThat(SecuredServer.refusal(call)).contains("with an explicit deny in an identity");
    }

    @Test
    void tablesAndTopics() {
        String table = CHINA.formatted("dynamodb", "table/payroll");
        Map<String, AttributeValue> key = Map.of("id", AttributeValue.fromS("1"));
        try (DynamoDbClient alice = server.client(DynamoDbClient.builder(), server.alice());
                SnsClient sns = server.client(SnsClient.builder(), server.alice())) {
            assertDenied(() -> alice.getItem(r -> r.tableName(table).key(key)));
            assertDenied(() ->
                    alice.batchGetItem(r ->
                            r.requestItems(
                                    Map.of(
                                            table,
                                            KeysAndAttributes.builder()
                                                    .keys(List.of(key))
                                                    .build()))));
            assertDenied(() ->
                    alice.query(r ->
                            r.tableName(table).indexName("index").keyConditionExpression("x")));
            assertDenied(() -> alice.describeBackup(r -> r.backupArn(table + "/backup/01234567")));
            assertDenied(() ->
                    sns.publish(r -> r.topicArn(CHINA.formatted("sns", "payroll")).message("x")));
        }
    }

    @Test
    void queuesBusesAndLogGroups() {
        try (SqsClient sqs = server.client(SqsClient.builder(), server.alice());
                EventBridgeClient events =
                        server.client(EventBridgeClient.builder(), server.alice());
                CloudWatchLogsClient logs =
                        server.client(CloudWatchLogsClient.builder(), server.alice())) {
            assertDenied(() ->
                    sqs.startMessageMoveTask(r -> r.sourceArn(CHINA.formatted("sqs", "payroll"))));
            assertDenied(() ->
                    events.describeEventBus(
                            r -> r.name(CHINA.formatted("events", "event-bus/payroll"))));
            assertDenied(() ->
                    events.putTargets(r ->
                            r.rule("r")
                                    .targets(
                                            Target.builder()
                                                    .id("1")
                                                    .arn(CHINA.formatted("sqs", "target"))
                                                    .build())));
            assertDenied(() ->
                    logs.filterLogEvents(r ->
                            r.logGroupIdentifier(CHINA.formatted("logs", "log-group:payroll"))));
        }
    }
}
