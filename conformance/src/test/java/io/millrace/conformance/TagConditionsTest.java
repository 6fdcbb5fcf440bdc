package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Tag;
import software.amazon.awssdk.services.pipes.PipesClient;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.schemas.SchemasClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;
import software.amazon.awssdk.services.sqs.SqsClient;

import java.nio.file.Path;
import java.util.Map;

/// `aws:ResourceTag` decides wherever a resource has tags; of several secrets each is decided by
/// itself.
final class TagConditionsTest {
    private static final String BLUE =
            """
            {'Effect': 'Allow', 'Action': '*', 'Resource': '*',
             'Condition': {'StringEquals': {'aws:ResourceTag/team': 'blue'}}}
            """;
    private static final String ACCOUNT = "000000000000";

    @TempDir Path data;
    private SecuredServer server;

    @BeforeEach
    void start() throws Exception {
        server = new SecuredServer(data);
        server.grant(BLUE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Tag tag(String team) {
        return Tag.builder().key("team").value(team).build();
    }

    @Test
    void rulesAndBusesHaveTags() {
        try (EventBridgeClient root =
                        server.client(EventBridgeClient.builder(), SecuredServer.ROOT);
                EventBridgeClient alice =
                        server.client(EventBridgeClient.builder(), server.alice())) {
            for (String team : new String[] {"blue", "red"}) {
                root.createEventBus(r -> r.name(team).tags(tag(team)));
                root.putRule(
                        r -> r.name(team).eventPattern("{\"source\": [\"s\"]}").tags(tag(team)));
            }

            assertThat(SecuredServer.refusal(() -> alice.describeRule(r -> r.name("blue"))))
                    .isEmpty();
            assertThat(SecuredServer.refusal(() -> alice.describeRule(r -> r.name("red"))))
                    .isEqualTo(
                            "AccessDeniedException: User: arn:aws:iam::000000000000:user/alice is"
                                    + " not authorized to perform: events:DescribeRule on resource:"
                                    + " arn:aws:events:us-east-1:000000000000:rule/red because no"
                                    + " identity-based policy allows the events:DescribeRule action");
            assertThat(SecuredServer.refusal(() -> alice.describeEventBus(r -> r.name("blue"))))
                    .isEmpty();
            assertThat(SecuredServer.refusal(() -> alice.describeEventBus(r -> r.name("red"))))
                    .contains("events:DescribeEventBus");
        }
    }

    @Test
    void logGroupsAndTheirStreamsHaveTags() {
        try (CloudWatchLogsClient root =
                        server.client(CloudWatchLogsClient.builder(), SecuredServer.ROOT);
                CloudWatchLogsClient alice =
                        server.client(CloudWatchLogsClient.builder(), server.alice())) {
            for (String team : new String[] {"blue", "red"}) {
                root.createLogGroup(r -> r.logGroupName(team).tags(Map.of("team", team)));
                root.createLogStream(r -> r.logGroupName(team).logStreamName("s"));
            }

            assertThat(
                            SecuredServer.refusal(() ->
                                    alice.getLogEvents(
                                            r -> r.logGroupName("blue").logStreamName("s"))))
                    .isEmpty();
            assertThat(
                            SecuredServer.refusal(() ->
                                    alice.getLogEvents(
                                            r -> r.logGroupName("red").logStreamName("s"))))
                    .contains("logs:GetLogEvents");
            assertThat(
                            SecuredServer.refusal(() ->
                                    alice.putRetentionPolicy(
                                            r -> r.logGroupName("blue").retentionInDays(7))))
                    .isEmpty();
        }
    }

    @Test
    void scheduleGroupsPipesAndRegistriesHaveTags() {
        try (SchedulerClient root = server.client(SchedulerClient.builder(), SecuredServer.ROOT);
                SchedulerClient alice = server.client(SchedulerClient.builder(), server.alice());
                SchemasClient schemas = server.client(SchemasClient.builder(), SecuredServer.ROOT);
                SchemasClient aliceSchemas =
                        server.client(SchemasClient.builder(), server.alice())) {
            for (String team : new String[] {"blue", "red"}) {
                root.createScheduleGroup(r ->
                        r.name(team)
                                .tags(
                                        software.amazon.awssdk.services.scheduler.model.Tag
                                                .builder()
                                                .key("team")
                                                .value(team)
                                                .build()));
                schemas.createRegistry(r -> r.registryName(team).tags(Map.of("team", team)));
            }

            assertThat(SecuredServer.refusal(() -> alice.getScheduleGroup(r -> r.name("blue"))))
                    .isEmpty();
            assertThat(SecuredServer.refusal(() -> alice.getScheduleGroup(r -> r.name("red"))))
                    .contains("scheduler:GetScheduleGroup");
            assertThat(
                            SecuredServer.refusal(() ->
                                    aliceSchemas.describeRegistry(r -> r.registryName("blue"))))
                    .isEmpty();
            assertThat(
                            SecuredServer.refusal(() ->
                                    aliceSchemas.describeRegistry(r -> r.registryName("red"))))
                    .contains("schemas:DescribeRegistry");
        }
    }

    @Test
    void pipesHaveTags() {
        try (SqsClient sqs = server.client(SqsClient.builder(), SecuredServer.ROOT);
                PipesClient root = server.client(PipesClient.builder(), SecuredServer.ROOT);
                PipesClient alice = server.client(PipesClient.builder(), server.alice())) {
            sqs.createQueue(r -> r.queueName("from"));
            sqs.createQueue(r -> r.queueName("to"));
            server.iam()
                    .createRole(r ->
                            r.roleName("pipe")
                                    .assumeRolePolicyDocument(
                                            "{\"Statement\": {\"Effect\": \"Allow\","
                                                    + " \"Principal\": {\"Service\":"
                                                    + " \"pipes.amazonaws.com\"},"
                                                    + " \"Action\": \"sts:AssumeRole\"}}"));
            for (String team : new String[] {"blue", "red"}) {
                root.createPipe(r ->
                        r.name(team)
                                .source("arn:aws:sqs:us-east-1:" + ACCOUNT + ":from")
                                .target("arn:aws:sqs:us-east-1:" + ACCOUNT + ":to")
                                .roleArn("arn:aws:iam::" + ACCOUNT + ":role/pipe")
                                .desiredState("STOPPED")
                                .tags(Map.of("team", team)));
            }

            assertThat(SecuredServer.refusal(() -> alice.describePipe(r -> r.name("blue"))))
                    .isEmpty();
            assertThat(SecuredServer.refusal(() -> alice.describePipe(r -> r.name("red"))))
                    .contains("pipes:DescribePipe");
        }
    }

    @Test
    void ofSeveralSecretsEachIsDecidedByItself() {
        server.grant(
                "{'Effect': 'Allow', 'Action': 'secretsmanager:BatchGetSecretValue',"
                        + " 'Resource': '*'}",
                "{'Effect': 'Allow', 'Action': 'secretsmanager:GetSecretValue',"
                        + " 'Resource': 'arn:aws:secretsmanager:*:*:secret:mine-*'}");
        try (SecretsManagerClient root =
                        server.client(SecretsManagerClient.builder(), SecuredServer.ROOT);
                SecretsManagerClient alice =
                        server.client(SecretsManagerClient.builder(), server.alice())) {
            root.createSecret(r -> r.name("mine").secretString("a"));
            String other = root.createSecret(r -> r.name("theirs").secretString("b")).arn();

            BatchGetSecretValueResponse read =
                    alice.batchGetSecretValue(r -> r.secretIdList("mine", "theirs", "none"));

            assertThat(read.secretValues())
                    .extracting(SecretValueEntry::name)
                    .containsExactly("mine");
            assertThat(read.errors())
                    .extracting(APIErrorType::errorCode)
                    .containsExactly("AccessDeniedException", "AccessDeniedException");
            assertThat(read.errors().getFirst().message())
                    .isEqualTo(
                            "User: arn:aws:iam::000000000000:user/alice is not authorized to"
                                    + " perform: secretsmanager:GetSecretValue on resource: "
                                    + other
                                    + " because no identity-based policy allows the"
                                    + " secretsmanager:GetSecretValue action");
            assertThat(root.batchGetSecretValue(r -> r.secretIdList("mine", "none")).errors())
                    .extracting(APIErrorType::errorCode)
                    .containsExactly("ResourceNotFoundException");
        }
    }
}
