package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogStream;
import software.amazon.awssdk.services.cloudwatchlogs.model.OrderBy;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// CloudWatch Logs through the AWS SDK for Java v2: what is put is found again, in order, by
/// stream, by time and by pattern; also after a kill.
@ExtendWith(MillraceExtension.class)
final class LogsTest {
    private final Clients aws;
    private final long now = System.currentTimeMillis();

    LogsTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void eventsComeBackInPagesUntilTheTokenStays() {
        make(aws, "app", "one");
        put(aws, "one", event(-2, "a"), event(-1, "b"), event(0, "c"));

        List<String> messages = new ArrayList<>();
        String token = null;
        boolean more = true;
        while (more) {
            String from = token;
            GetLogEventsResponse page =
                    aws.logs.getLogEvents(request ->
                            request.logGroupName("app")
                                    .logStreamName("one")
                                    .startFromHead(true)
                                    .limit(2)
                                    .nextToken(from));
            page.events().forEach(event -> messages.add(event.message()));
            more = !page.nextForwardToken().equals(token);
            token = page.nextForwardToken();
        }

        assertThat(messages).containsExactly("a", "b", "c");
        LogStream stream =
                aws.logs
                        .describeLogStreams(request ->
                                request.logGroupName("app")
                                        .orderBy(OrderBy.LAST_EVENT_TIME)
                                        .descending(true))
                        .logStreams()
                        .getFirst();
        assertThat(stream.firstEventTimestamp()).isEqualTo(now - 2);
        assertThat(stream.lastEventTimestamp()).isEqualTo(now);
        LogGroup group = aws.logs.describeLogGroups().logGroups().getFirst();
        assertThat(group.arn()).endsWith(":log-group:app:*");
        assertThat(group.storedBytes()).isEqualTo(3 * 27);
    }

    @Test
    void findsEventsOfAllStreamsByPattern() {
        make(aws, "app", "one");
        make(aws, "app", "two");
        put(aws, "one", event(-3, "{\"level\":\"ERROR\",\"ms\":5}"), event(-1, "ERROR plain"));
        put(aws, "two", event(-2, "{\"level\":\"ERROR\",\"ms\":50}"), event(0, "{\"level\":1}"));

        assertThat(find("{ $.level = \"ERROR\" && $.ms < 10 || $.ms >= 50 }"))
                .extracting(FilteredLogEvent::timestamp)
                .containsExactly(now - 3, now - 2);
        assertThat(find("ERROR -ms"))
                .extracting(FilteredLogEvent::message)
                .containsExactly("ERROR plain");
        assertThat(find("[level, what]"))
                .extracting(FilteredLogEvent::logStreamName)
                .containsExactly("one");
        assertThatThrownBy(() -> find("{ $.level "))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("If a filter pattern starts with '{' it must end with '}'");
    }

    @Test
    void tellsWhatItDoesNotTake() {
        make(aws, "app", "one");

        PutLogEventsResponse response =
                put(
                        aws,
                        "one",
                        event(-20L * 24 * 3_600_000, "too old"),
                        event(0, "good"),
                        event(3 * 3_600_000, "too new"));

        assertThat(response.rejectedLogEventsInfo().tooOldLogEventEndIndex()).isEqualTo(1);
        assertThat(response.rejectedLogEventsInfo().tooNewLogEventStartIndex()).isEqualTo(2);
        assertThatThrownBy(() -> put(aws, "one", event(0, "b"), event(-1, "a")))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> put(aws, "other", event(0, "b")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> aws.logs.createLogGroup(request -> request.logGroupName("app")))
                .isInstanceOf(ResourceAlreadyExistsException.class);
        assertThatThrownBy(() ->
                        aws.logs.putRetentionPolicy(
                                request -> request.logGroupName("app").retentionInDays(2)))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void keepsSettingsAndTags() {
        aws.logs.createLogGroup(request -> request.logGroupName("app").tags(Map.of("team", "a")));
        aws.logs.putRetentionPolicy(request -> request.logGroupName("app").retentionInDays(7));

        LogGroup group = aws.logs.describeLogGroups().logGroups().getFirst();

        assertThat(group.retentionInDays()).isEqualTo(7);
        assertThat(
                        aws.logs
                                .listTagsForResource(
                                        request -> request.resourceArn(group.logGroupArn()))
                                .tags())
                .containsExactlyEntriesOf(Map.of("team", "a"));
        aws.logs.deleteLogGroup(request -> request.logGroupName("app"));
        assertThat(aws.logs.describeLogGroups().logGroups()).isEmpty();
    }

    @Test
    void aRuleWritesToALogGroup() {
        aws.logs.createLogGroup(request -> request.logGroupName("/aws/events/audit"));
        String arn = aws.logs.describeLogGroups().logGroups().getFirst().logGroupArn();
        aws.events.putRule(
                request -> request.name("audit").eventPattern("{\"source\":[\"shop\"]}"));
        aws.events.putTargets(request ->
                request.rule("audit").targets(Target.builder().id("t").arn(arn).build()));

        aws.events.putEvents(request ->
                request.entries(
                        PutEventsRequestEntry.builder()
                                .source("shop")
                                .detailType("Sold")
                                .detail("{\"price\":5}")
                                .build()));

        List<FilteredLogEvent> found =
                aws.logs
                        .filterLogEvents(request ->
                                request.logGroupName("/aws/events/audit")
                                        .filterPattern("{ $.detail.price = 5 }"))
                        .events();
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().message()).contains("\"detail-type\":\"Sold\"");
    }

    @Test
    void whatWasPutSurvivesAKill(@TempDir Path folder) throws Exception {
        try (ServerProcess server = new ServerProcess(folder);
                Clients clients = new Clients(server.endpoint(), "111122223333")) {
            make(clients, "app", "one");
            for (int i = 0; i < 50; i++) {
                put(clients, "one", event(i, "event " + i));
            }

            server.killAndRestart();

            assertThat(
                            clients.logs
                                    .getLogEvents(request ->
                                            request.logGroupName("app").logStreamName("one"))
                                    .events())
                    .extracting(OutputLogEvent::message)
                    .hasSize(50)
                    .startsWith("event 0", "event 1")
                    .endsWith("event 49");
        }
    }

    private List<FilteredLogEvent> find(String pattern) {
        return aws
                .logs
                .filterLogEventsPaginator(
                        request -> request.logGroupName("app").filterPattern(pattern).limit(1))
                .events()
                .stream()
                .toList();
    }

    private static void make(Clients aws, String group, String stream) {
        boolean missing = aws.logs.describeLogGroups().logGroups().isEmpty();
        if (missing) {
            aws.logs.createLogGroup(request -> request.logGroupName(group));
        }
        aws.logs.createLogStream(request -> request.logGroupName(group).logStreamName(stream));
    }

    private static PutLogEventsResponse put(Clients aws, String stream, InputLogEvent... events) {
        return aws.logs.putLogEvents(
                request -> request.logGroupName("app").logStreamName(stream).logEvents(events));
    }

    private InputLogEvent event(long millisFromNow, String message) {
        return InputLogEvent.builder().timestamp(now + millisFromNow).message(message).build();
    }
}
