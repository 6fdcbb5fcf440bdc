package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Eventually;
import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.eventbridge.model.ArchiveState;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeReplayResponse;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.IllegalStatusException;
import software.amazon.awssdk.services.eventbridge.model.ManagedRuleException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.ReplayState;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Archives keep what a bus has seen, and replays bring it again, told by `replay-name`, to all
/// rules or to some.
@ExtendWith(MillraceExtension.class)
final class ArchivesTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// A pattern that all events match.
    private static final String EVERYTHING = "{\"version\":[\"0\"]}";

    private final Clients aws;
    private final URI endpoint;
    private final String bus;

    ArchivesTest(MillraceServer server) {
        this.endpoint = server.endpoint();
        this.aws = new Clients(endpoint, server.freshAccount());
        this.bus = "arn:aws:events:us-east-1:" + aws.account() + ":event-bus/default";
    }

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void anArchiveLivesAsItsOwnerWants() {
        String arn = create("orders", "{\"source\":[\"shop\"]}");

        DescribeArchiveResponse told = describe("orders");
        assertThat(arn).isEqualTo("arn:aws:events:us-east-1:" + aws.account() + ":archive/orders");
        assertThat(told.archiveArn()).isEqualTo(arn);
        assertThat(told.state()).isEqualTo(ArchiveState.ENABLED);
        assertThat(told.retentionDays()).isEqualTo(7);
        assertThat(told.eventPattern()).isEqualTo("{\"source\":[\"shop\"]}");
        assertThat(aws.events.listArchives(request -> request.namePrefix("ord")).archives())
                .hasSize(1);
        assertThatThrownBy(() -> create("orders", EVERYTHING))
                .isInstanceOf(ResourceAlreadyExistsException.class)
                .hasMessageContaining("Archive orders already exists.");
        aws.events.updateArchive(request -> request.archiveName("orders").retentionDays(1));
        assertThat(describe("orders").retentionDays()).isEqualTo(1);
        aws.events.deleteArchive(request -> request.archiveName("orders"));
        assertThatThrownBy(() -> describe("orders"))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Archive orders does not exist.");
    }

    @Test
    void itsRuleIsManaged() {
        create("orders", EVERYTHING);

        assertThat(
                        aws.events
                                .describeRule(request -> request.name("Events-Archive-orders"))
                                .managedBy())
                .isEqualTo("prod.vhs.events.aws.internal");
        assertThatThrownBy(() ->
                        aws.events.deleteRule(request -> request.name("Events-Archive-orders")))
                .isInstanceOf(ManagedRuleException.class);
    }

    @Test
    void countsWhatItKeepsAndReplaysItToANewRule() {
        String archive = create("orders", "{\"source\":[\"shop\"]}");
        put("shop", 1);
        put("bank", 2);
        put("shop", 3);
        assertThat(describe("orders").eventCount()).isEqualTo(2);
        assertThat(describe("orders").sizeBytes()).isGreaterThan(300);
        String queue = sink("late", "{\"source\":[\"shop\"]}");

        replay("again", archive, List.of());

        DescribeReplayResponse replay = await("again");
        assertThat(replay.state()).isEqualTo(ReplayState.COMPLETED);
        assertThat(replay.replayEndTime()).isNotNull();
        assertThat(replay.eventLastReplayedTime()).isNotNull();
        List<JsonNode> events = receive(queue, 2);
        assertThat(events)
                .extracting(event -> event.path("detail").path("n").asInt())
                .containsExactlyInAnyOrder(1, 3);
        assertThat(events)
                .extracting(event -> event.path("replay-name").asString())
                .containsOnly("again");
        assertThat(describe("orders").eventCount()).isEqualTo(2);
        assertThatThrownBy(() -> aws.events.cancelReplay(request -> request.replayName("again")))
                .isInstanceOf(IllegalStatusException.class);
    }

    @Test
    void replaysToTheRulesThatAreNamed() {
        String archive = create("orders", EVERYTHING);
        put("shop", 1);
        String one = sink("one", "{\"source\":[\"shop\"]}");
        String two = sink("two", "{\"source\":[\"shop\"]}");

        replay(
                "again",
                archive,
                List.of("arn:aws:events:us-east-1:" + aws.account() + ":rule/two"));
        await("again");

        assertThat(receive(two, 1)).hasSize(1);
        assertThat(aws.sqs.receiveMessage(request -> request.queueUrl(one)).messages()).isEmpty();
    }

    @Test
    void refusesAReplayThatCannotBe() {
        String archive = create("orders", EVERYTHING);

        assertThatThrownBy(() ->
                        aws.events.startReplay(request ->
                                request.replayName("r")
                                        .eventSourceArn(archive)
                                        .eventStartTime(Instant.now())
                                        .eventEndTime(Instant.now().minusSeconds(5))
                                        .destination(to -> to.arn(bus))))
                .isInstanceOf(EventBridgeException.class)
                .hasMessageContaining(
                        "Parameter EventEndTime is not valid. Reason: EventStartTime must be"
                                + " before EventEndTime.");
        assertThatThrownBy(() -> replay("r", archive + "x", List.of()))
                .hasMessageContaining(
                        "Parameter EventSourceArn is not valid. Reason: Archive ordersx does not"
                                + " exist.");
    }

    /// Ours: AWS has neither.
    @Test
    void replaysInCommitOrderAtAPaceAndTellsBeforeWhatItWouldDo() throws Exception {
        String archive = create("orders", EVERYTHING);
        for (int n = 0; n < 20; n++) {
            put("shop", n);
        }
        sink("late", "{\"source\":[\"shop\"]}");
        String asked =
                """
                {"ReplayName": "slow", "EventSourceArn": "%s", "EventStartTime": "%s",
                 "EventEndTime": "%s", "Destination": {"Arn": "%s"}, "Order": "COMMIT",
                 "EventsPerSecond": 500, "DryRun": %s}
                """;
        Instant now = Instant.now();
        Instant from = now.minusSeconds(100);
        Instant until = now.plusSeconds(100);

        JsonNode forecast = post(asked.formatted(archive, from, until, bus, true));
        JsonNode started = post(asked.formatted(archive, from, until, bus, false));

        assertThat(forecast.path("Events").asInt()).isEqualTo(20);
        assertThat(
                        forecast.path("Rules")
                                .path("arn:aws:events:us-east-1:" + aws.account() + ":rule/late")
                                .asInt())
                .isEqualTo(20);
        assertThat(started.path("State").asString()).isEqualTo("STARTING");
        assertThat(await("slow").state()).isEqualTo(ReplayState.COMPLETED);
    }

    private String create(String name, String pattern) {
        return aws.events
                .createArchive(request ->
                        request.archiveName(name)
                                .eventSourceArn(bus)
                                .eventPattern(pattern)
                                .retentionDays(7))
                .archiveArn();
    }

    private DescribeArchiveResponse describe(String name) {
        return aws.events.describeArchive(request -> request.archiveName(name));
    }

    private void put(String source, int number) {
        aws.events.putEvents(request ->
                request.entries(
                        PutEventsRequestEntry.builder()
                                .source(source)
                                .detailType("Thing")
                                .detail("{\"n\":" + number + "}")
                                .build()));
    }

    private String sink(String name, String pattern) {
        String queue = aws.sqs.createQueue(request -> request.queueName(name)).queueUrl();
        aws.events.putRule(request -> request.name(name).eventPattern(pattern));
        aws.events.putTargets(request ->
                request.rule(name)
                        .targets(
                                Target.builder()
                                        .id("t")
                                        .arn("arn:aws:sqs:us-east-1:" + aws.account() + ":" + name)
                                        .build()));
        return queue;
    }

    private void replay(String name, String archive, List<String> rules) {
        aws.events.startReplay(request ->
                request.replayName(name)
                        .eventSourceArn(archive)
                        .eventStartTime(Instant.now().minusSeconds(600))
                        .eventEndTime(Instant.now().plusSeconds(600))
                        .destination(to -> to.arn(bus).filterArns(rules.isEmpty() ? null : rules)));
    }

    private DescribeReplayResponse await(String name) {
        return Eventually.see(
                "the replay's end",
                () -> aws.events.describeReplay(request -> request.replayName(name)),
                replay -> replay.replayEndTime() != null);
    }

    private List<JsonNode> receive(String queue, int count) {
        List<JsonNode> events = new ArrayList<>();
        while (events.size() < count) { // ends: the messages are there
            List<Message> some =
                    aws.sqs
                            .receiveMessage(request ->
                                    request.queueUrl(queue)
                                            .maxNumberOfMessages(10)
                                            .waitTimeSeconds(20))
                            .messages();
            assertThat(some).isNotEmpty();
            some.forEach(message -> events.add(JSON.readTree(message.body())));
        }
        return events;
    }

    private JsonNode post(String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(endpoint.resolve("/_millrace/events/replays"))
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return JSON.readTree(response.body());
        }
    }
}
