package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Eventually;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.ConflictException;
import software.amazon.awssdk.services.scheduler.model.CreateScheduleRequest;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.scheduler.model.GetScheduleResponse;
import software.amazon.awssdk.services.scheduler.model.ResourceNotFoundException;
import software.amazon.awssdk.services.scheduler.model.ScheduleSummary;
import software.amazon.awssdk.services.scheduler.model.Target;
import software.amazon.awssdk.services.scheduler.model.ValidationException;
import software.amazon.awssdk.services.sqs.model.Message;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;

/// Schedules through the AWS SDK for Java v2, with a clock that is moved: they run at their time,
/// and not before, by their targets' ways.
final class SchedulerTest {
    private static final String ROLE = "arn:aws:iam::000000000000:role/scheduler";

    private MillraceServer server;
    private Clients aws;
    private String queue;

    @BeforeEach
    void start() {
        server = MillraceServer.start();
        aws = new Clients(server.endpoint(), "000000000000");
        queue = aws.sqs.createQueue(request -> request.queueName("q")).queueUrl();
    }

    @AfterEach
    void close() {
        aws.close();
        server.close();
    }

    @Test
    void aRuleWithAScheduleFires() throws Exception {
        aws.events.putRule(request -> request.name("tick").scheduleExpression("rate(5 minutes)"));
        aws.events.putTargets(request -> request.rule("tick").targets(ruleTarget()));

        moveClock("PT4M30S");
        assertThat(receive(queue, 1)).isEmpty();
        moveClock("PT31S");

        assertThat(receive(queue, 10))
                .singleElement()
                .satisfies(message ->
                        assertThat(message.body())
                                .contains("\"detail-type\":\"Scheduled Event\"")
                                .contains("\"source\":\"aws.events\"")
                                .contains(":rule/tick\"]"));
        assertThat(aws.events.describeRule(request -> request.name("tick")).scheduleExpression())
                .isEqualTo("rate(5 minutes)");
    }

    @Test
    void aScheduleRunsAndIsDeletedAfterItsLastRun() throws Exception {
        create(
                schedule("s", "rate(1 hour)", to(arn("q")).input("tick").build())
                        .startDate(Instant.now().plusSeconds(1800))
                        .endDate(Instant.now().plusSeconds(2 * 3600))
                        .actionAfterCompletion(ActionAfterCompletion.DELETE));
        GetScheduleResponse told = aws.scheduler.getSchedule(request -> request.name("s"));
        assertThat(told.scheduleExpressionTimezone()).isEqualTo("UTC");
        assertThat(told.target().retryPolicy().maximumRetryAttempts()).isEqualTo(185);

        moveClock("P2D");

        assertThat(receive(queue, 10)).extracting(Message::body).containsExactly("tick", "tick");
        assertThatThrownBy(() -> aws.scheduler.getSchedule(request -> request.name("s")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Schedule s does not exist.");
    }

    @Test
    void universalTargetsReachTheServicesOfThisServer() throws Exception {
        aws.dynamodb.createTable(request ->
                request.tableName("runs")
                        .attributeDefinitions(
                                AttributeDefinition.builder()
                                        .attributeName("k")
                                        .attributeType(ScalarAttributeType.S)
                                        .build())
                        .keySchema(
                                KeySchemaElement.builder()
                                        .attributeName("k")
                                        .keyType(KeyType.HASH)
                                        .build())
                        .billingMode(BillingMode.PAY_PER_REQUEST));
        String topic = aws.sns.createTopic(request -> request.name("topic")).topicArn();
        aws.sns.subscribe(request -> request.topicArn(topic).protocol("sqs").endpoint(arn("q")));
        aws.events.putRule(request -> request.name("r").eventPattern("{\"source\":[\"mine\"]}"));
        aws.events.putTargets(request -> request.rule("r").targets(ruleTarget()));

        universal(
                "dynamodb:putItem",
                "{\"TableName\":\"runs\",\"Item\":{\"k\":{\"S\":\"<aws.scheduler.schedule-arn>\"}}}");
        universal(
                "sqs:sendMessage",
                "{\"QueueUrl\":\"" + queue + "\",\"MessageBody\":\"by SendMessage\"}");
        universal("sns:publish", "{\"TopicArn\":\"" + topic + "\",\"Message\":\"by Publish\"}");
        universal(
                "eventbridge:putEvents",
                "{\"Entries\":[{\"Source\":\"mine\",\"DetailType\":\"d\",\"Detail\":\"{}\"}]}");
        moveClock("P1D");

        String all = "";
        for (int i = 0; i < 20 && all.split("\n", -1).length < 4; i++) {
            for (Message message : receive(queue, 2)) {
                all += message.body() + "\n";
            }
        }
        assertThat(all).contains("by SendMessage", "by Publish", "\"source\":\"mine\"");
        List<String> items = List.of();
        for (int i = 0; i < 100 && items.isEmpty(); i++) {
            items =
                    aws.dynamodb.scan(request -> request.tableName("runs")).items().stream()
                            .map(item -> Clients.attribute(item, "k").s())
                            .toList();
        }
        assertThat(items).singleElement().asString().endsWith("schedule/default/dynamodb-putItem");
    }

    @Test
    void whatFailsIsADeadLetterWithItsReason() throws Exception {
        String dead = aws.sqs.createQueue(request -> request.queueName("dead")).queueUrl();
        create(
                schedule(
                        "lambda",
                        "at(2030-01-01T00:00:00)",
                        to("arn:aws:lambda:us-east-1:000000000000:function:f")
                                .input("{}")
                                .deadLetterConfig(config -> config.arn(arn("dead")))
                                .build()));
        moveClock("P3000D");

        Message letter = receive(dead, 10).getFirst();
        assertThat(letter.body()).isEqualTo("{}");
        assertThat(letter.messageAttributes())
                .containsKeys(
                        "ERROR_CODE",
                        "ERROR_MESSAGE",
                        "EXECUTION_ID",
                        "IS_PAYLOAD_TRUNCATED",
                        "RETRY_ATTEMPTS",
                        "SCHEDULED_TIME",
                        "SCHEDULE_ARN",
                        "TARGET_ARN");
    }

    @Test
    void refusesAsAwsDoes() {
        Target target = to(arn("q")).build();
        create(schedule("s", "rate(1 hour)", target));

        assertThatThrownBy(() -> create(schedule("s", "rate(1 hour)", target)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("Schedule s already exists.");
        assertThatThrownBy(() -> create(schedule("t", "cron(0 1 * * * *)", target)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Invalid Schedule Expression cron(0 1 * * * *).");
        assertThatThrownBy(() -> create(schedule("t", "rate(1 hour)", target).groupName("none")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Schedule group none does not exist.");
    }

    @Test
    void listsInPagesAndDeletesGroupsWithTheirSchedules() {
        aws.scheduler.createScheduleGroup(request -> request.name("blue"));
        for (int i = 0; i < 7; i++) {
            create(schedule("s" + i, "rate(1 hour)", to(arn("q")).build()).groupName("blue"));
        }

        assertThat(
                        aws
                                .scheduler
                                .listSchedulesPaginator(
                                        request -> request.groupName("blue").maxResults(3))
                                .schedules()
                                .stream()
                                .map(ScheduleSummary::name))
                .containsExactly("s0", "s1", "s2", "s3", "s4", "s5", "s6");
        aws.scheduler.deleteScheduleGroup(request -> request.name("blue"));
        Eventually.see( // it is deleted in the background
                "the group's end",
                () -> aws.scheduler.listScheduleGroups(request -> {}).scheduleGroups(),
                groups -> groups.size() == 1);

        assertThat(aws.scheduler.listSchedules(request -> {}).schedules()).isEmpty();
    }

    private static software.amazon.awssdk.services.eventbridge.model.Target ruleTarget() {
        return software.amazon.awssdk.services.eventbridge.model.Target.builder()
                .id("t")
                .arn(arn("q"))
                .build();
    }

    private void universal(String call, String input) {
        create(
                schedule(
                        call.replace(':', '-'),
                        "rate(10 days)",
                        to("arn:aws:scheduler:::aws-sdk:" + call).input(input).build()));
    }

    private void create(CreateScheduleRequest.Builder request) {
        aws.scheduler.createSchedule(request.build());
    }

    private static CreateScheduleRequest.Builder schedule(
            String name, String expression, Target target) {
        return CreateScheduleRequest.builder()
                .name(name)
                .scheduleExpression(expression)
                .flexibleTimeWindow(window -> window.mode(FlexibleTimeWindowMode.OFF))
                .target(target);
    }

    private static Target.Builder to(String arn) {
        return Target.builder().arn(arn).roleArn(ROLE);
    }

    private static String arn(String queue) {
        return "arn:aws:sqs:us-east-1:000000000000:" + queue;
    }

    private void moveClock(String duration) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(server.endpoint().resolve("/_millrace/clock"))
                        .POST(HttpRequest.BodyPublishers.ofString(duration))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    private List<Message> receive(String url, int waitSeconds) {
        return aws.sqs
                .receiveMessage(request ->
                        request.queueUrl(url)
                                .maxNumberOfMessages(10)
                                .waitTimeSeconds(waitSeconds)
                                .messageAttributeNames("All"))
                .messages();
    }
}
