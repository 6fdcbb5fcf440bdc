package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.schemas.SchemasClient;
import software.amazon.awssdk.services.sqs.SqsClient;

import java.nio.file.Path;
import java.util.Map;

/// Of a service whose resources have no policies another account gets nothing, however much its
/// root and its users may do at home; nor may anybody pass another account's role.
@ExtendWith(MillraceExtension.class)
final class OtherAccountsTest {
    private static final String GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:g";
    private static final String SCHEDULES =
            "arn:aws:scheduler:us-east-1:000000000000:schedule-group/g";
    private static final String REGISTRY = "arn:aws:schemas:us-east-1:000000000000:registry/g";
    private static final String ROLE = "arn:aws:iam::000000000000:role/r";

    @TempDir Path data;
    private SecuredServer server;

    @BeforeEach
    void start() throws Exception {
        server = new SecuredServer(data);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// The root of the other account, or a user who may do everything in it.
    private AwsCredentials stranger(String who) {
        if (who.equals("root")) {
            return SecuredServer.OTHER_ROOT;
        }
        try (IamClient iam = server.client(IamClient.builder(), SecuredServer.OTHER_ROOT)) {
            iam.createUser(request -> request.userName(who));
            iam.attachUserPolicy(request ->
                    request.userName(who).policyArn("arn:aws:iam::aws:policy/AdministratorAccess"));
            AccessKey key = iam.createAccessKey(request -> request.userName(who)).accessKey();
            return AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey());
        }
    }

    private static String denied(String action, String resource, String who) {
        return "AccessDeniedException: User: arn:aws:iam::111122223333:"
                + (who.equals("root") ? who : "user/" + who)
                + " is not authorized to perform: "
                + action
                + " on resource: "
                + resource
                + " because no resource-based policy allows the "
                + action
                + " action";
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "eve"})
    void logsOfAnotherAccountAreNotRead(String who) {
        try (CloudWatchLogsClient root =
                        server.client(CloudWatchLogsClient.builder(), SecuredServer.ROOT);
                CloudWatchLogsClient other =
                        server.client(CloudWatchLogsClient.builder(), stranger(who))) {
            root.createLogGroup(r -> r.logGroupName("g").tags(Map.of("team", "blue")));
            root.createLogStream(r -> r.logGroupName("g").logStreamName("s"));

            assertThat(
                            SecuredServer.refusal(
                                    () -> other.filterLogEvents(r -> r.logGroupIdentifier(GROUP))))
                    .isEqualTo(denied("logs:FilterLogEvents", GROUP + ":log-stream:", who));
            assertThat(
                            SecuredServer.refusal(() ->
                                    other.getLogEvents(
                                            r -> r.logGroupIdentifier(GROUP).logStreamName("s"))))
                    .isEqualTo(denied("logs:GetLogEvents", GROUP + ":log-stream:s", who));
            assertThat(
                            SecuredServer.refusal(() ->
                                    other.describeLogStreams(r -> r.logGroupIdentifier(GROUP))))
                    .isEqualTo(denied("logs:DescribeLogStreams", GROUP + ":log-stream:", who));
            assertThat(
                            SecuredServer.refusal(() ->
                                    other.tagResource(
                                            r -> r.resourceArn(GROUP).tags(Map.of("a", "b")))))
                    .isEqualTo(denied("logs:TagResource", GROUP, who));
            assertThat(
                            SecuredServer.refusal(
                                    () -> root.filterLogEvents(r -> r.logGroupIdentifier(GROUP))))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "eve"})
    void schedulesAndSchemasOfAnotherAccountAreNotTagged(String who) {
        AwsCredentials stranger = stranger(who);
        try (SchedulerClient root = server.client(SchedulerClient.builder(), SecuredServer.ROOT);
                SchedulerClient other = server.client(SchedulerClient.builder(), stranger);
                SchemasClient schemas = server.client(SchemasClient.builder(), SecuredServer.ROOT);
                SchemasClient others = server.client(SchemasClient.builder(), stranger)) {
            root.createScheduleGroup(r -> r.name("g"));
            schemas.createRegistry(r -> r.registryName("g"));

            assertThat(
                            SecuredServer.refusal(() ->
                                    other.untagResource(
                                            r -> r.resourceArn(SCHEDULES).tagKeys("a"))))
                    .isEqualTo(denied("scheduler:UntagResource", SCHEDULES, who));
            assertThat(
                            SecuredServer.refusal(
                                    () -> other.listTagsForResource(r -> r.resourceArn(SCHEDULES))))
                    .isEqualTo(denied("scheduler:ListTagsForResource", SCHEDULES, who));
            assertThat(
                            SecuredServer.refusal(() ->
                                    others.tagResource(
                                            r -> r.resourceArn(REGISTRY).tags(Map.of("a", "b")))))
                    .isEqualTo(denied("schemas:TagResource", REGISTRY, who));
            assertThat(
                            SecuredServer.refusal(() ->
                                    schemas.listTagsForResource(r -> r.resourceArn(REGISTRY))))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "eve"})
    void aRoleOfAnotherAccountIsNotPassed(String who) {
        AwsCredentials stranger = stranger(who);
        try (EventBridgeClient events = server.client(EventBridgeClient.builder(), stranger);
                SchedulerClient scheduler = server.client(SchedulerClient.builder(), stranger)) {
            events.putRule(r -> r.name("r").eventPattern("{\"source\": [\"s\"]}"));
            Target target =
                    Target.builder()
                            .id("1")
                            .arn("arn:aws:events:us-east-1:000000000000:event-bus/default")
                            .roleArn(ROLE)
                            .build();
            String refusal = "AccessDeniedException: Cross-account pass role is not allowed.";

            assertThat(
                            SecuredServer.refusal(
                                    () -> events.putTargets(r -> r.rule("r").targets(target))))
                    .isEqualTo(refusal);
            assertThat(
                            SecuredServer.refusal(() ->
                                    scheduler.createSchedule(r ->
                                            r.name("s")
                                                    .scheduleExpression("rate(1 day)")
                                                    .flexibleTimeWindow(
                                                            w -> w.mode(FlexibleTimeWindowMode.OFF))
                                                    .target(t ->
                                                            t.arn(
                                                                            "arn:aws:sqs:us-east-1:000000000000:q")
                                                                    .roleArn(ROLE)))))
                    .isEqualTo(refusal);
        }
    }

    @Test
    void whatAQueuesPolicyGivesAnotherAccountItHas() {
        try (SqsClient root = server.client(SqsClient.builder(), SecuredServer.ROOT);
                SqsClient other = server.client(SqsClient.builder(), stranger("eve"))) {
            String queue = root.createQueue(r -> r.queueName("q")).queueUrl();
            Runnable send = () -> other.sendMessage(r -> r.queueUrl(queue).messageBody("x"));

            assertThat(SecuredServer.refusal(send)).contains("sqs:sendmessage");
            root.addPermission(r ->
                    r.queueUrl(queue)
                            .label("other")
                            .awsAccountIds("111122223333")
                            .actions("SendMessage"));
            assertThat(SecuredServer.refusal(send)).isEmpty();
        }
    }

    @Test
    void inDevelopmentModeTheyAreNotFound(MillraceServer development) {
        String account = development.freshAccount();
        try (Clients own = new Clients(development.endpoint(), account);
                Clients other = new Clients(development.endpoint(), development.freshAccount())) {
            own.logs.createLogGroup(r -> r.logGroupName("g"));
            own.scheduler.createScheduleGroup(r -> r.name("g"));
            own.schemas.createRegistry(r -> r.registryName("g"));
            String group = GROUP.replace("000000000000", account);
            String schedules = SCHEDULES.replace("000000000000", account);
            String registry = REGISTRY.replace("000000000000", account);

            assertThat(
                            SecuredServer.refusal(() ->
                                    other.logs.filterLogEvents(r -> r.logGroupIdentifier(group))))
                    .isEqualTo(
                            "ResourceNotFoundException: The specified log group does not exist.");
            assertThat(
                            SecuredServer.refusal(() ->
                                    other.logs.listTagsForResource(r -> r.resourceArn(group))))
                    .isEqualTo(
                            "ResourceNotFoundException: The specified log group does not exist.");
            assertThat(
                            SecuredServer.refusal(() ->
                                    other.scheduler.listTagsForResource(
                                            r -> r.resourceArn(schedules))))
                    .isEqualTo("ResourceNotFoundException: Schedule group g does not exist.");
            assertThat(
                            SecuredServer.refusal(() ->
                                    other.schemas.listTagsForResource(
                                            r -> r.resourceArn(registry))))
                    .startsWith("NotFoundException: ");
            assertThat(
                            SecuredServer.refusal(() ->
                                    own.logs.filterLogEvents(r -> r.logGroupIdentifier(group))))
                    .isEmpty();
        }
    }
}
