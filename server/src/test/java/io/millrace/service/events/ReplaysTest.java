package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.QUEUE;
import static io.millrace.service.events.EventsFixture.assertRefused;
import static io.millrace.service.events.EventsFixture.entry;
import static io.millrace.service.events.EventsFixture.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Unreadable;
import io.millrace.api.events.CancelReplayRequest;
import io.millrace.api.events.CreateArchiveRequest;
import io.millrace.api.events.DeleteArchiveRequest;
import io.millrace.api.events.DescribeArchiveRequest;
import io.millrace.api.events.DescribeReplayRequest;
import io.millrace.api.events.DescribeReplayResponse;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.ListReplaysRequest;
import io.millrace.api.events.PutEventsRequestEntry;
import io.millrace.api.events.Replay;
import io.millrace.api.events.ReplayDestination;
import io.millrace.api.events.StartReplayRequest;
import io.millrace.api.events.StartReplayResponse;
import io.millrace.api.events.Target;
import io.millrace.http.Body;
import io.millrace.storage.Worker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

final class ReplaysTest {
    private static final String TRACE = "Root=1-6ab2832c-0123456789abcdef01234567";
    private static final String BUS = "arn:aws:events:us-east-1:000000000000:event-bus/default";
    private static final String ARCHIVE = "arn:aws:events:us-east-1:000000000000:archive/a";

    private final EventsFixture events = new EventsFixture();
    private final Instant beginning = events.now;

    @BeforeEach
    void makeAnArchive() {
        events.call(
                EventsApi.CREATE_ARCHIVE,
                CreateArchiveRequest.builder().archiveName("a").eventSourceArn(BUS).build());
    }

    @Test
    void sendsTheSameEventsAgainWithTheReplaysName() {
        events.put(entry("shop", "{\"n\":1}").resources(List.of("a", "b")).traceHeader(TRACE));
        events.rule("late", "{\"source\":[\"shop\"]}");
        events.target("late", queue().build());
        events.now = events.now.plusSeconds(100);

        StartReplayResponse started = start("r1");
        turn();

        assertThat(started.replayArn())
                .isEqualTo("arn:aws:events:us-east-1:000000000000:replay/r1");
        assertThat(started.state()).isEqualTo("STARTING");
        assertThat(events.bodies())
                .singleElement()
                .asString()
                .matches(
                        "\\{\"version\":\"0\",\"id\":\"[-0-9a-f]{36}\",\"detail-type\":\"Test\","
                                + "\"source\":\"shop\",\"account\":\"000000000000\","
                                + "\"time\":\"2026-03-04T05:06:07Z\",\"region\":\"us-east-1\","
                                + "\"replay-name\":\"r1\",\"resources\":\\[\"a\",\"b\"],"
                                + "\"detail\":\\{\"n\":1}}");
        assertThat(events.deliveries().getFirst().traceHeader()).isEqualTo(TRACE);
        DescribeReplayResponse told = describe("r1");
        assertThat(told.state()).isEqualTo("COMPLETED");
        assertThat(told.eventLastReplayedTime()).isEqualTo("2026-03-04T05:06:07Z");
        assertThat(told.replayEndTime()).isEqualTo(events.now);
        assertThat(told.destination()).isEqualTo(new ReplayDestination(BUS, null));
    }

    @Test
    void patternsSeeTheReplaysNameAndReplaysAreNotArchivedAgain() {
        events.put(entry("shop", "{}"));
        events.rule("only", "{\"replay-name\":[{\"prefix\":\"r\"}]}");
        events.rule("never", "{\"source\":[\"shop\"],\"replay-name\":[{\"exists\":false}]}");
        events.target("only", queue().input("\"only\"").build());
        events.target("never", queue().input("\"never\"").build());

        start("r1");
        turn();

        assertThat(events.bodies()).containsExactly("\"only\"");
        assertThat(
                        events.call(
                                        EventsApi.DESCRIBE_ARCHIVE,
                                        DescribeArchiveRequest.builder().archiveName("a").build())
                                .eventCount())
                .isEqualTo(1);
    }

    @Test
    void goesToTheRulesThatAreNamed() {
        events.rule("one", "{\"source\":[\"shop\"]}");
        events.rule("two", "{\"source\":[\"shop\"]}");
        events.put(entry("shop", "{}"));
        events.target("one", queue().input("1").build());
        events.target("two", queue().input("2").build());

        start(
                request("r1")
                        .destination(
                                new ReplayDestination(
                                        BUS,
                                        List.of(
                                                "arn:aws:events:us-east-1:000000000000:rule/two"))));
        turn();

        assertThat(events.bodies()).containsExactly("2");
    }

    @Test
    void takesWhatItsTimesSayInOrderOfTheEventsTimes() {
        for (int second : new int[] {5, 3, 4, 3, 9, 1}) {
            events.put(at(second));
        }
        sink();

        start(
                request("r1")
                        .eventStartTime(beginning.plusSeconds(3))
                        .eventEndTime(beginning.plusSeconds(9).minusMillis(890)));
        turn();

        assertThat(seconds()).containsExactly(3, 3, 4, 5);
        assertThat(describe("r1").eventLastReplayedTime())
                .isEqualTo(Instant.parse("2026-03-04T05:06:12Z"));
    }

    @Test
    void takesNothingThatIsArchivedLater() {
        events.put(at(1));
        start("r1");
        events.put(at(2));
        sink();

        turn();

        assertThat(seconds()).containsExactly(1);
    }

    @Test
    void takesNothingThatHasExpired() {
        events.call(
                EventsApi.CREATE_ARCHIVE,
                CreateArchiveRequest.builder()
                        .archiveName("short")
                        .eventSourceArn(BUS)
                        .retentionDays(1)
                        .build());
        events.put(at(1));
        events.now = events.now.plus(Duration.ofHours(25));
        events.put(at(2));
        sink();

        start(request("r1").eventSourceArn(ARCHIVE.replace("/a", "/short")));
        turn();

        assertThat(seconds()).containsExactly(2);
    }

    @Test
    void goesOnInPagesAfterARestartAndSendsEachEventOnce() {
        int count = 3 * EventsLimits.REPLAY_EVENTS + 5;
        for (int n = 0; n < count; n++) {
            events.put(at(n / 10).detail("{\"n\":" + n + "}"));
        }
        sink();
        start("r1");

        events.turnReplays();
        assertThat(describe("r1").state()).isEqualTo("RUNNING");
        assertThat(events.deliveries()).hasSize(EventsLimits.REPLAY_EVENTS);
        events.restart();
        turn();

        assertThat(events.bodies().stream().map(ReplaysTest::number))
                .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
        assertThat(describe("r1").state()).isEqualTo("COMPLETED");
    }

    @Test
    void aReplayThatIsCancelledSendsNoMore() {
        IntStream.range(0, 200).forEach(n -> events.put(at(n)));
        sink();
        start("r1");
        events.turnReplays();

        assertThat(cancel("r1")).isEqualTo("CANCELLING");
        assertThat(describe("r1").state()).isEqualTo("CANCELLING");
        turn();

        assertThat(events.deliveries()).hasSize(EventsLimits.REPLAY_EVENTS);
        assertThat(describe("r1").state()).isEqualTo("CANCELLED");
        assertThat(describe("r1").replayEndTime()).isEqualTo(events.now);
        assertRefused(
                () -> cancel("r1"),
                "IllegalStatusException",
                "Replay r1 is not in a valid state for this operation.");
    }

    @Test
    void aReplayFailsWithItsArchive() {
        events.put(at(1));
        start("r1");

        events.call(
                EventsApi.DELETE_ARCHIVE, DeleteArchiveRequest.builder().archiveName("a").build());
        turn();

        assertThat(describe("r1").state()).isEqualTo("FAILED");
        assertThat(describe("r1").stateReason()).isEqualTo("The archive does not exist any more.");
    }

    @Test
    void atMostTenGoOnAtOnce() {
        IntStream.range(0, 10).forEach(n -> start("r" + n));

        assertRefused(
                () -> start("r10"),
                "LimitExceededException",
                "The requested resource exceeds the maximum number allowed.");
        turn();
        start("r10");
    }

    @Test
    void listsByAtMostOneFilterAndForgetsAfter90Days() {
        start("x1");
        turn();
        start("x2");
        start("y");

        assertThat(names(ListReplaysRequest.builder())).containsExactly("x1", "x2", "y");
        assertThat(names(ListReplaysRequest.builder().namePrefix("x"))).containsExactly("x1", "x2");
        assertThat(names(ListReplaysRequest.builder().state("STARTING")))
                .containsExactly("x2", "y");
        assertThat(names(ListReplaysRequest.builder().eventSourceArn(ARCHIVE))).hasSize(3);
        assertThat(names(ListReplaysRequest.builder().limit(1))).containsExactly("x1");
        assertRefused(
                () -> names(ListReplaysRequest.builder().state("FAILED").namePrefix("x")),
                "ValidationException",
                "At most one filter is allowed for ListReplays. Use either : State,"
                        + " EventSourceArn, or NamePrefix.");
        events.now = events.now.plus(Duration.ofDays(90));
        assertThat(names(ListReplaysRequest.builder())).containsExactly("x2", "y");
        events.sweepArchives();
        start("x1");
    }

    @Test
    void refusesAsAwsDoes() {
        events.bus("other");
        start("r1");

        assertRefused(
                () -> start("r1"), "ResourceAlreadyExistsException", "Replay r1 already exists.");
        assertRefused(
                () -> describe("none"), "ResourceNotFoundException", "Replay none does not exist.");
        assertRefused(
                () -> start(request("r").eventSourceArn(ARCHIVE + "b")),
                "ValidationException",
                "Parameter EventSourceArn is not valid. Reason: Archive ab does not exist.");
        assertRefused(
                () -> start(request("r").eventEndTime(beginning.minusSeconds(60))),
                "ValidationException",
                "Parameter EventEndTime is not valid. Reason: EventStartTime must be before"
                        + " EventEndTime.");
        assertRefused(
                () -> start(to(BUS.replace("default", "other"))),
                "ValidationException",
                "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not"
                        + " permitted.");
        assertRefused(
                () -> start(to(BUS.replace("default", "none"))),
                "ResourceNotFoundException",
                "Event bus none does not exist.");
        assertRefused(
                () -> start(to(QUEUE)),
                "ValidationException",
                "Parameter Destination.Arn is not valid. Reason: Must contain an event bus ARN.");
    }

    @Test
    void goesInCommitOrderWhenItIsAsked() {
        for (int second : new int[] {5, 3, 4, 9, 1}) {
            events.put(at(second));
        }
        sink();

        asked("\"Order\":\"COMMIT\"");
        turn();

        assertThat(seconds()).containsExactly(5, 3, 4, 9, 1);
    }

    @Test
    void keepsItsPaceOverARestart() {
        for (int second : new int[] {0, 2, 4}) {
            events.put(at(second));
        }
        sink();

        asked("\"Speed\":2");
        turn();
        assertThat(seconds()).containsExactly(0);
        events.now = events.now.plusMillis(999);
        events.restart();
        turn();
        assertThat(seconds()).containsExactly(0);
        events.now = events.now.plusMillis(1);
        turn();
        assertThat(seconds()).containsExactly(0, 2);
        assertThat(describe("p").state()).isEqualTo("RUNNING");
        events.now = events.now.plusMillis(1000);
        turn();
        assertThat(seconds()).containsExactly(0, 2, 4);
        assertThat(describe("p").state()).isEqualTo("COMPLETED");
    }

    @Test
    void aDryRunTellsAndSendsNothing() {
        sink();
        events.rule("odd", "{\"detail\":{\"n\":[1,3]}}");
        for (int second : new int[] {1, 2, 3}) {
            events.put(at(second));
        }
        events.put(entry("bank", "{\"n\":2}"));
        int before = events.deliveries().size();

        String told = asked("\"DryRun\":true");

        assertThat(told.replaceAll("\\s", ""))
                .isEqualTo(
                        "{\"Events\":4,\"Unmatched\":1,\"Rules\":{"
                                + "\"arn:aws:events:us-east-1:000000000000:rule/odd\":2,"
                                + "\"arn:aws:events:us-east-1:000000000000:rule/sink\":3},"
                                + "\"Complete\":true}");
        assertThat(events.deliveries()).hasSize(before);
        assertThat(names(ListReplaysRequest.builder())).isEmpty();
        assertThat(asked("\"Order\":\"NONE\"")).contains("It must be EVENT_TIME or COMMIT.");
        assertThat(asked("\"Spede\":1")).contains("There is no member Spede.");
        assertThat(asked("\"Speed\":0")).contains("It must be a number from 0.001 up.");
    }

    /// Asks the page for a replay, with one member of ours.
    private String asked(String member) {
        String body =
                "{\"ReplayName\":\"p\",\"EventSourceArn\":\""
                        + ARCHIVE
                        + "\",\"EventStartTime\":\""
                        + beginning.minusSeconds(60)
                        + "\",\"EventEndTime\":\""
                        + beginning.plusSeconds(60)
                        + "\",\"Destination\":{\"Arn\":\""
                        + BUS
                        + "\"},"
                        + member
                        + "}";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return events.page(
                "POST", "/_millrace/events/replays", events.caller, new Body(bytes, bytes));
    }

    private void sink() {
        events.rule("sink", "{\"source\":[\"shop\"]}");
        events.target("sink", Target.builder().id("t").arn(QUEUE).build());
    }

    @Test
    void aReplayThatCannotBeReadDoesNotHoldUpTheOthers() {
        events.rule("all", "{\"source\":[\"shop\"]}");
        events.put(at(1));
        events.target("all", queue().build());
        start("r1");
        Unreadable.first(events.store, ArchiveKeys.replays());
        start("r2");

        turn();

        assertThat(describe("r2").state()).isEqualTo("COMPLETED");
        assertThat(Unreadable.setAside(events.store))
                .containsExactly(
                        ArchiveKeys.activeReplay(
                                new ArchiveName("000000000000", "us-east-1", "r1")));
    }

    @Test
    void wantOfMemoryEndsNoReplayAndDoesNotHoldUpTheOthers() {
        for (String rule : List.of("one", "two")) {
            events.rule(rule, "{\"source\":[\"shop\"]}");
        }
        events.put(at(1));
        events.target("one", queue().arn(QUEUE + "-one").build());
        events.target("two", queue().arn(QUEUE + "-two").build());
        events.queues.broken.add(QUEUE + "-one");
        String rules = "arn:aws:events:us-east-1:000000000000:rule/";
        start(request("r1").destination(new ReplayDestination(BUS, List.of(rules + "one"))));
        start(request("r2").destination(new ReplayDestination(BUS, List.of(rules + "two"))));

        turn();

        assertThat(describe("r1").state()).isEqualTo("STARTING");
        assertThat(describe("r2").state()).isEqualTo("COMPLETED");
        events.queues.broken.clear();
        events.now = events.now.plus(Worker.FAULT_PAUSE);
        turn();
        assertThat(describe("r1").state()).isEqualTo("COMPLETED");
        assertThat(events.deliveries()).hasSize(2);
    }

    private PutEventsRequestEntry.Builder at(int second) {
        return entry("shop", "{\"n\":" + second + "}").time(beginning.plusSeconds(second));
    }

    private List<Integer> seconds() {
        return events.bodies().stream().map(ReplaysTest::number).toList();
    }

    private static int number(String body) {
        return Integer.parseInt(body.replaceAll(".*\"n\":(\\d+).*", "$1"));
    }

    private StartReplayRequest.Builder request(String name) {
        return StartReplayRequest.builder()
                .replayName(name)
                .eventSourceArn(ARCHIVE)
                .eventStartTime(beginning.minusSeconds(60))
                .eventEndTime(beginning.plus(Duration.ofDays(1)))
                .destination(new ReplayDestination(BUS, null));
    }

    private StartReplayRequest.Builder to(String bus) {
        return request("r").destination(new ReplayDestination(bus, null));
    }

    private StartReplayResponse start(String name) {
        return start(request(name));
    }

    private StartReplayResponse start(StartReplayRequest.Builder request) {
        return events.call(EventsApi.START_REPLAY, request.build());
    }

    private void turn() {
        while (events.turnReplays() <= events.now.toEpochMilli()) { // until nothing is due
        }
    }

    private DescribeReplayResponse describe(String name) {
        return events.call(
                EventsApi.DESCRIBE_REPLAY,
                DescribeReplayRequest.builder().replayName(name).build());
    }

    private String cancel(String name) {
        return Objects.requireNonNull(
                events.call(
                                EventsApi.CANCEL_REPLAY,
                                CancelReplayRequest.builder().replayName(name).build())
                        .state());
    }

    private List<String> names(ListReplaysRequest.Builder request) {
        List<String> names = new ArrayList<>();
        for (Replay replay :
                Objects.requireNonNull(
                        events.call(EventsApi.LIST_REPLAYS, request.build()).replays())) {
            names.add(Objects.requireNonNull(replay.replayName()));
        }
        return names;
    }
}
