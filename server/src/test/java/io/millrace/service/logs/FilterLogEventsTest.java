package io.millrace.service.logs;

import static io.millrace.service.logs.LogsFixture.GROUP;
import static io.millrace.service.logs.LogsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.logs.DeleteLogStreamRequest;
import io.millrace.api.logs.FilterLogEventsRequest;
import io.millrace.api.logs.FilterLogEventsResponse;
import io.millrace.api.logs.FilteredLogEvent;
import io.millrace.api.logs.LogsApi;
import io.millrace.api.logs.TestMetricFilterRequest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;

final class FilterLogEventsTest {
    private final LogsFixture logs = new LogsFixture();

    @BeforeEach
    void makesStreams() {
        logs.group(GROUP);
        logs.stream(GROUP, "a1");
        logs.stream(GROUP, "a2");
        logs.stream(GROUP, "b");
    }

    @Test
    void mixesTheStreamsByTime() {
        putThree();

        FilterLogEventsResponse all = filter(search());

        assertThat(messages(all)).containsExactly("0", "1", "2", "3", "4", "5");
        FilteredLogEvent first = Objects.requireNonNull(all.events()).getFirst();
        assertThat(first.logStreamName()).isEqualTo("a1");
        assertThat(first.timestamp()).isEqualTo(logs.millis());
        assertThat(first.eventId()).hasSize(56);
        assertThat(all.searchedLogStreams()).isEmpty();
        assertThat(all.nextToken()).isNull();
    }

    @Test
    void takesSomeStreamsTheirPrefixAndATimeRangeWithBothEnds() {
        putThree();

        assertThat(messages(filter(search().logStreamNames(List.of("a1", "b")))))
                .containsExactly("0", "2", "3", "5");
        assertThat(messages(filter(search().logStreamNamePrefix("a"))))
                .containsExactly("0", "1", "3", "4");
        assertThat(messages(filter(search().logStreamNamePrefix("c")))).isEmpty();
        assertThat(
                        messages(
                                filter(
                                        search().startTime(logs.millis() + 1)
                                                .endTime(logs.millis() + 3))))
                .containsExactly("1", "2", "3");
        assertThat(messages(filter(search().startFromHead(false).limit(2))))
                .containsExactly("5", "4");
    }

    @Test
    void aPrefixOfManyStreamsIsSearchedInTheWholeGroup() {
        for (int i = 0; i < 120; i++) {
            logs.stream(GROUP, "many" + i);
            logs.put("many" + i, "m" + i);
        }
        logs.put("b", "other");

        assertThat(messages(filter(search().logStreamNamePrefix("many")))).hasSize(120);
        assertThat(messages(filter(search().logStreamNamePrefix("many11"))))
                .containsExactlyInAnyOrder(
                        "m11", "m110", "m111", "m112", "m113", "m114", "m115", "m116", "m117",
                        "m118", "m119");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void pagesGiveEachEventOnceInOrder(long seed) {
        Random random = new Random(seed);
        List<String> streams = List.of("a1", "a2", "b");
        List<String> expected = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long time = random.nextInt(10);
            String stream = streams.get(random.nextInt(3));
            String message = (random.nextBoolean() ? "yes " : "no ") + time + " " + i;
            logs.putEvents(stream, logs.event(time, message));
            if (message.startsWith("yes") && stream.startsWith("a")) {
                expected.add(message);
                times.add(time);
            }
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparing(times::get));
        List<String> inOrder = order.stream().map(expected::get).toList();

        for (boolean head : List.of(true, false)) {
            List<String> got = new ArrayList<>();
            String token = null;
            do {
                FilterLogEventsResponse page =
                        filter(
                                search().filterPattern("yes")
                                        .logStreamNamePrefix("a")
                                        .startFromHead(head)
                                        .limit(1 + random.nextInt(5))
                                        .nextToken(token));
                got.addAll(messages(page));
                token = page.nextToken();
            } while (token != null);
            assertThat(got).as("seed %d", seed).isEqualTo(head ? inOrder : inOrder.reversed());
        }
    }

    @Test
    void aPageIsAtMostOneMegabyte() {
        String text = "x".repeat(400_000);
        logs.put("a1", text, text);
        logs.put("b", text);

        FilterLogEventsResponse page = filter(search());

        assertThat(messages(page)).hasSize(2);
        assertThat(messages(filter(search().nextToken(page.nextToken())))).hasSize(1);
    }

    @Test
    void eventsOfADeletedStreamAreNotFound() {
        putThree();
        logs.call(
                LogsApi.DELETE_LOG_STREAM,
                DeleteLogStreamRequest.builder().logGroupName(GROUP).logStreamName("b").build());

        assertThat(messages(filter(search()))).containsExactly("0", "1", "3", "4");
        assertRefused(
                () -> filter(search().logStreamNames(List.of("b"))),
                "ResourceNotFoundException",
                "The specified log stream does not exist.");

        logs.stream(GROUP, "b");

        assertThat(logs.messages("b")).isEmpty();
    }

    @Test
    void refusesPatternsTokensAndNamesThatAreNone() {
        assertRefused(
                () -> filter(search().filterPattern("{ $.a }")),
                "InvalidParameterException",
                "Invalid filter pattern");
        assertRefused(
                () -> filter(search().nextToken("f-1")),
                "InvalidParameterException",
                "The specified nextToken is invalid.");
        assertRefused(
                () -> filter(search().logStreamNames(List.of("b")).logStreamNamePrefix("b")),
                "InvalidParameterException",
                "LogStream names and LogStream name prefix are mutually exclusive parameters.");
        logs.put("b", "a".repeat(10_000));
        assertRefused(
                () -> filter(search().filterPattern("%" + "a*".repeat(20) + "b%")),
                "InvalidParameterException",
                "The regular expression takes too many steps on a log event");
    }

    @Test
    void testMetricFilterTellsWhichMessagesMatch() {
        var response =
                logs.call(
                        LogsApi.TEST_METRIC_FILTER,
                        TestMetricFilterRequest.builder()
                                .filterPattern("[level = ERROR, code]")
                                .logEventMessages(List.of("INFO 200", "ERROR 500"))
                                .build());

        var match = Objects.requireNonNull(response.matches()).getFirst();
        assertThat(response.matches()).hasSize(1);
        assertThat(match.eventNumber()).isEqualTo(2);
        assertThat(match.eventMessage()).isEqualTo("ERROR 500");
        assertThat(match.extractedValues())
                .containsEntry("$level", "ERROR")
                .containsEntry("$code", "500");
    }

    private void putThree() {
        logs.putEvents("a1", logs.event(0, "0"), logs.event(3, "3"));
        logs.putEvents("a2", logs.event(1, "1"), logs.event(4, "4"));
        logs.putEvents("b", logs.event(2, "2"), logs.event(5, "5"));
    }

    private static FilterLogEventsRequest.Builder search() {
        return FilterLogEventsRequest.builder().logGroupName(GROUP);
    }

    private FilterLogEventsResponse filter(FilterLogEventsRequest.Builder request) {
        return logs.call(LogsApi.FILTER_LOG_EVENTS, request.build());
    }

    private static List<String> messages(FilterLogEventsResponse response) {
        return Objects.requireNonNull(response.events()).stream()
                .map(FilteredLogEvent::message)
                .toList();
    }
}
