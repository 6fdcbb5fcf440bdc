package io.millrace.conformance;

import static io.millrace.conformance.SecuredServer.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.pipes.PipesClient;
import software.amazon.awssdk.services.pipes.model.DescribePipeResponse;
import software.amazon.awssdk.services.pipes.model.PipeState;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.EventBridgeParameters;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.scheduler.model.Target;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What services do for an account they do as the role that they were given, and no more: that has
/// to let them in, and to have the permission.
final class ExecutionRolesTest {
    private static final String ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
    private static final String ATTACH =
            "{\"UserName\":\"alice\",\"PolicyArn\":\"" + ADMINISTRATOR + "\"}";
    private static final String NOT_ASSUMABLE =
            "ValidationException: The execution role you provide must allow AWS EventBridge"
                    + " Scheduler to assume the role.";
    private static final String GROUP =
            "arn:aws:scheduler:us-east-1:000000000000:schedule-group/default";

    private static final DateTimeFormatter AT = DateTimeFormatter.ISO_LOCAL_DATE_TIME;

    @TempDir Path data;
    private SecuredServer server;
    private SqsClient sqs;
    private SchedulerClient alice;

    @BeforeEach
    void start() throws Exception {
        server = new SecuredServer(data);
        server.grant(
                "{'Effect': 'Allow', 'Action': 'scheduler:CreateSchedule', 'Resource': '*'}",
                "{'Effect': 'Allow', 'Action': 'iam:PassRole',"
                        + " 'Resource': 'arn:aws:iam::000000000000:role/sched-*'}");
        sqs = server.client(SqsClient.builder(), SecuredServer.ROOT);
        alice = server.client(SchedulerClient.builder(), server.alice());
    }

    @AfterEach
    void close() {
        sqs.close();
        alice.close();
        server.close();
    }

    @Test
    void aScheduleNeedsARoleThatSchedulerMayAssume() {
        String universal = "arn:aws:scheduler:::aws-sdk:iam:attachUserPolicy";
        String missing = "arn:aws:iam::000000000000:role/sched-missing";
        String foreign = "arn:aws:iam::111111111111:role/sched-other";
        String lambdas = role("sched-lambda", trust("lambda.amazonaws.com", "{}"));
        String elsewhere =
                role(
                        "sched-elsewhere",
                        trust("scheduler.amazonaws.com", source(GROUP.replace("default", "b"))));
        String here = role("sched-here", trust("scheduler.amazonaws.com", source(GROUP)));

        assertThat(refusal(() -> schedule("s", universal, missing, ATTACH)))
                .isEqualTo(NOT_ASSUMABLE);
        assertThat(refusal(() -> schedule("s", universal, foreign, ATTACH)))
                .contains("iam:PassRole");
        assertThat(refusal(() -> schedule("s", universal, lambdas, ATTACH)))
                .isEqualTo(NOT_ASSUMABLE);
        assertThat(refusal(() -> schedule("s", universal, elsewhere, ATTACH)))
                .isEqualTo(NOT_ASSUMABLE);
        assertThat(refusal(() -> schedule("s", universal, here, ATTACH))).isEmpty();
    }

    @Test
    void aUniversalTargetIsCalledAsTheRole() throws Exception {
        String dead = queue("dead");
        String role = role("sched-1", trust("scheduler.amazonaws.com", "{}"));

        schedule("denied", "arn:aws:scheduler:::aws-sdk:iam:attachUserPolicy", role, ATTACH);

        Message letter = receive(dead);
        assertThat(attribute(letter, "ERROR_CODE")).isEqualTo("AccessDenied");
        assertThat(attribute(letter, "ERROR_MESSAGE"))
                .matches(
                        "User: arn:aws:sts::000000000000:assumed-role/sched-1/[0-9a-f]{16} is not"
                                + " authorized to perform: iam:AttachUserPolicy on resource:"
                                + " arn:aws:iam::000000000000:user/alice because no identity-based"
                                + " policy allows the iam:AttachUserPolicy action");
        assertThat(attribute(letter, "RETRY_ATTEMPTS")).isEqualTo("0");
        assertThat(policies()).isEmpty();

        allow("sched-1", "iam:AttachUserPolicy");
        schedule("allowed", "arn:aws:scheduler:::aws-sdk:iam:attachUserPolicy", role, ATTACH);

        Eventually.see("the policy", this::policies, List.of(ADMINISTRATOR)::equals);
        Eventually.see(
                "the record of the call",
                () -> server.page("events", "/_millrace/audit?user=assumed-role/sched-1"),
                page ->
                        page.contains("\"eventName\" : \"AttachUserPolicy\"")
                                && page.contains(
                                        "\"sourceIPAddress\" : \"scheduler.amazonaws.com\""));
    }

    @Test
    void aQueueATopicAndABusAreCalledAsTheRole() {
        String dead = queue("dead");
        String queue = queue("q");
        String role = role("sched-1", trust("scheduler.amazonaws.com", "{}"));
        String arn = "arn:aws:sqs:us-east-1:000000000000:q";
        String topic;
        try (SnsClient sns = server.client(SnsClient.builder(), SecuredServer.ROOT)) {
            topic = sns.createTopic(r -> r.name("t")).topicArn();
            sqs.setQueueAttributes(r ->
                    r.queueUrl(queue)
                            .attributes(Map.of(QueueAttributeName.POLICY, allowTopics(arn))));
            sns.subscribe(r ->
                    r.topicArn(topic)
                            .protocol("sqs")
                            .endpoint(arn)
                            .attributes(Map.of("RawMessageDelivery", "true")));
        }
        String bus = "arn:aws:events:us-east-1:000000000000:event-bus/default";

        schedule("q1", arn, role, "\"a\"");
        assertThat(attribute(receive(dead), "ERROR_MESSAGE"))
                .contains(":assumed-role/sched-1/", "sqs:sendmessage on resource: " + arn);
        schedule("t1", topic, role, "\"a\"");
        assertThat(attribute(receive(dead), "ERROR_MESSAGE"))
                .contains(":assumed-role/sched-1/", "SNS:Publish on resource: " + topic);
        schedule("b1", bus, role, "{}");
        assertThat(attribute(receive(dead), "ERROR_MESSAGE"))
                .contains(":assumed-role/sched-1/", "events:PutEvents on resource: " + bus);
        assertThat(sqs.receiveMessage(r -> r.queueUrl(queue)).messages()).isEmpty();

        allow("sched-1", "sqs:SendMessage\",\"sns:Publish\",\"events:PutEvents");
        schedule("q2", arn, role, "by SendMessage");
        assertThat(receive(queue).body()).isEqualTo("by SendMessage");
        schedule("t2", topic, role, "by Publish");
        assertThat(receive(queue).body()).isEqualTo("by Publish");
        try (EventBridgeClient events =
                server.client(EventBridgeClient.builder(), SecuredServer.ROOT)) {
            events.putRule(r -> r.name("r").eventPattern("{\"source\":[\"mine\"]}"));
            events.putTargets(r ->
                    r.rule("r")
                            .targets(
                                    software.amazon.awssdk.services.eventbridge.model.Target
                                            .builder()
                                            .id("q")
                                            .arn(arn)
                                            .build()));
        }
        schedule("b2", bus, role, "{\"by\":\"PutEvents\"}");
        assertThat(receive(queue).body())
                .contains(
                        "\"detail\":{\"by\":\"PutEvents\"}",
                        "arn:aws:scheduler:us-east-1:000000000000:schedule/default/b2");
    }

    @Test
    void aPipeReadsAndSendsAsTheRole() {
        String source = "arn:aws:sqs:us-east-1:000000000000:source";
        String url = queue("source");
        String target = queue("target");
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("x"));
        String trusting = role("pipe", trust("pipes.amazonaws.com", "{}"));
        String other = role("other", trust("lambda.amazonaws.com", "{}"));
        String prefix = "Input parameter is invalid from the request due to : ";
        String denied = prefix + "The provided customer role does not have permissions to call ";

        try (PipesClient pipes = server.client(PipesClient.builder(), SecuredServer.ROOT)) {
            assertThat(pipe(pipes, "a", other, source))
                    .isEqualTo(
                            "CREATE_FAILED "
                                    + prefix
                                    + "The provided customer role cannot be assumed by principal"
                                    + " 'pipes.amazonaws.com'.");
            assertThat(pipe(pipes, "b", trusting, source))
                    .isEqualTo("CREATE_FAILED " + denied + "ReceiveMessage on SQS");
            String reading = "sqs:ReceiveMessage\",\"sqs:DeleteMessage\",\"sqs:GetQueueAttributes";
            allow("pipe", reading);
            assertThat(pipe(pipes, "c", trusting, source))
                    .isEqualTo("CREATE_FAILED " + denied + "SendMessage on SQS");
            assertThat(sqs.receiveMessage(r -> r.queueUrl(target)).messages()).isEmpty();

            allow("pipe", reading + "\",\"sqs:SendMessage");
            assertThat(pipe(pipes, "d", trusting, source)).isEqualTo("RUNNING null");
            assertThat(receive(target).body()).contains("x");
        }
    }

    private static String pipe(PipesClient pipes, String name, String role, String source) {
        pipes.createPipe(r ->
                r.name(name)
                        .roleArn(role)
                        .source(source)
                        .target(source.replace("source", "target")));
        DescribePipeResponse pipe =
                Eventually.see(
                        "the pipe's end",
                        () -> pipes.describePipe(r -> r.name(name)),
                        seen -> seen.currentState() != PipeState.CREATING);
        return pipe.currentState() + " " + pipe.stateReason();
    }

    private static String allowTopics(String queue) {
        return """
        {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:SendMessage",
          "Principal":{"Service":["sns.amazonaws.com","events.amazonaws.com"]},"Resource":"%s"}}\
        """
                .formatted(queue);
    }

    private List<String> policies() {
        return server
                .iam()
                .listAttachedUserPolicies(r -> r.userName("alice"))
                .attachedPolicies()
                .stream()
                .map(AttachedPolicy::policyArn)
                .toList();
    }

    private String role(String name, String trust) {
        return server.iam()
                .createRole(r -> r.roleName(name).assumeRolePolicyDocument(trust))
                .role()
                .arn();
    }

    private void allow(String role, String action) {
        String policy =
                """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["%s"],"Resource":"*"}}\
                """
                        .formatted(action);
        server.iam().putRolePolicy(r -> r.roleName(role).policyName("p").policyDocument(policy));
    }

    private static String trust(String service, String condition) {
        return """
        {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"%s"},
          "Action":"sts:AssumeRole","Condition":%s}}\
        """
                .formatted(service, condition);
    }

    private static String source(String arn) {
        return """
        {"StringEquals":{"aws:SourceArn":"%s","aws:SourceAccount":"000000000000"}}\
        """
                .formatted(arn);
    }

    private String queue(String name) {
        return sqs.createQueue(r -> r.queueName(name)).queueUrl();
    }

    private void schedule(String name, String target, String role, String input) {
        String now = LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS).format(AT);
        alice.createSchedule(r ->
                r.name(name)
                        .scheduleExpression("at(" + now + ")")
                        .flexibleTimeWindow(w -> w.mode(FlexibleTimeWindowMode.OFF))
                        .target(target(target, role, input)));
    }

    private static Target target(String arn, String role, String input) {
        return Target.builder()
                .arn(arn)
                .roleArn(role)
                .input(input)
                .eventBridgeParameters(
                        arn.contains(":event-bus/")
                                ? EventBridgeParameters.builder()
                                        .source("mine")
                                        .detailType("Tick")
                                        .build()
                                : null)
                .deadLetterConfig(d -> d.arn("arn:aws:sqs:us-east-1:000000000000:dead"))
                .build();
    }

    private Message receive(String queue) {
        List<Message> messages =
                sqs.receiveMessage(r ->
                                r.queueUrl(queue).waitTimeSeconds(20).messageAttributeNames("All"))
                        .messages();
        assertThat(messages).hasSize(1);
        sqs.deleteMessage(
                r -> r.queueUrl(queue).receiptHandle(messages.getFirst().receiptHandle()));
        return messages.getFirst();
    }

    private static String attribute(Message message, String name) {
        return Objects.requireNonNull(message.messageAttributes().get(name)).stringValue();
    }
}
