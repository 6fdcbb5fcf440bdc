package io.millrace.service.logs;

import static io.millrace.service.logs.LogsFixture.GROUP;
import static io.millrace.service.logs.LogsFixture.assertRefused;
import static io.millrace.service.logs.LogsFixture.messages;
import static io.millrace.service.logs.LogsFixture.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.logs.GetLogEventsResponse;
import io.millrace.api.logs.InputLogEvent;
import io.millrace.api.logs.RejectedLogEventsInfo;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

final class LogEventsTest {
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;

    private final LogsFixture logs = new LogsFixture();

    @BeforeEach
    void makesAStream() {
        logs.group(GROUP);
        logs.stream(GROUP, "s");
    }

    @Test
    void givesBackWhatWasPutInTheOrderOfTimestamps() {
        logs.putEvents("s", logs.event(0, "second"), logs.event(5, "third"));
        logs.putEvents("s", logs.event(-5, "first"), logs.event(5, "fourth"));

        GetLogEventsResponse got = logs.get(reading("s"));

        assertThat(messages(got)).containsExactly("first", "second", "third", "fourth");
        assertThat(Objects.requireNonNull(got.events()).getFirst().timestamp())
                .isEqualTo(logs.millis() - 5);
        assertThat(got.events().getFirst().ingestionTime()).isEqualTo(logs.millis());
    }

    @Test
    void eventsOfOneMomentKeepTheOrderInWhichTheyWerePut() {
        List<String> all = new ArrayList<>();
        for (int batch = 0; batch < 5; batch++) {
            int first = batch * 10;
            String[] texts =
                    IntStream.range(first, first + 10)
                            .mapToObj(String::valueOf)
                            .toArray(String[]::new);
            logs.put("s", texts);
            all.addAll(List.of(texts));
        }

        assertThat(logs.messages("s")).isEqualTo(all);
    }

    @Test
    void readsFromEitherEndAndPagesInBothDirections() {
        logs.put("s", "0", "1", "2", "3", "4", "5", "6");

        GetLogEventsResponse tail = logs.get(reading("s").limit(3));
        GetLogEventsResponse before =
                logs.get(reading("s").limit(3).nextToken(tail.nextBackwardToken()));
        GetLogEventsResponse head = logs.get(reading("s").limit(3).startFromHead(true));
        GetLogEventsResponse after =
                logs.get(
                        reading("s")
                                .limit(3)
                                .startFromHead(true)
                                .nextToken(head.nextForwardToken()));

        assertThat(messages(tail)).containsExactly("4", "5", "6");
        assertThat(messages(before)).containsExactly("1", "2", "3");
        assertThat(messages(head)).containsExactly("0", "1", "2");
        assertThat(messages(after)).containsExactly("3", "4", "5");
        assertThat(messages(logs.get(reading("s").nextToken(after.nextBackwardToken()))))
                .containsExactly("0", "1", "2");
    }

    @Test
    void tokensAreStableAtTheEndsAndGoOnWithWhatComesLater() {
        GetLogEventsResponse empty = logs.get(reading("s").startFromHead(true));
        logs.put("s", "a");
        GetLogEventsResponse first = logs.get(reading("s").nextToken(empty.nextForwardToken()));
        GetLogEventsResponse end = logs.get(reading("s").nextToken(first.nextForwardToken()));
        GetLogEventsResponse head = logs.get(reading("s").nextToken(first.nextBackwardToken()));

        assertThat(messages(first)).containsExactly("a");
        assertThat(messages(end)).isEmpty();
        assertThat(end.nextForwardToken()).isEqualTo(first.nextForwardToken());
        assertThat(messages(head)).isEmpty();
        assertThat(head.nextBackwardToken()).isEqualTo(first.nextBackwardToken());
        assertThat(messages(logs.get(reading("s").nextToken(head.nextForwardToken()))))
                .containsExactly("a");
        assertThat(messages(logs.get(reading("s").nextToken(end.nextBackwardToken()))))
                .containsExactly("a");

        logs.put("s", "b");

        assertThat(messages(logs.get(reading("s").nextToken(end.nextForwardToken()))))
                .containsExactly("b");
    }

    @Test
    void theRangeHasItsStartAndNotItsEnd() {
        logs.putEvents("s", logs.event(0, "0"), logs.event(1, "1"), logs.event(2, "2"));

        assertThat(
                        messages(
                                logs.get(
                                        reading("s")
                                                .startTime(logs.millis())
                                                .endTime(logs.millis() + 2))))
                .containsExactly("0", "1");
        assertThat(messages(logs.get(reading("s").startTime(5L).endTime(1L)))).isEmpty();
    }

    @Test
    void aPageIsAtMostOneMegabyte() {
        String text = "x".repeat(400_000);
        logs.put("s", text, text);
        logs.put("s", text, text);

        assertThat(messages(logs.get(reading("s")))).hasSize(2);
    }

    @Test
    void tellsWhatIsTooOldAndTooNewAndKeepsTheRest() {
        RejectedLogEventsInfo rejected =
                logs.putEvents(
                                "s",
                                logs.event(-15 * DAY, "old"),
                                logs.event(-14 * DAY - 1, "old"),
                                logs.event(0, "good"),
                                logs.event(2 * HOUR, "still good"),
                                logs.event(2 * HOUR + 1, "new"))
                        .rejectedLogEventsInfo();

        assertThat(rejected).isEqualTo(new RejectedLogEventsInfo(4, 2, null));
        assertThat(logs.messages("s")).containsExactly("good", "still good");
        assertThat(logs.putEvents("s", logs.event(0, "x")).rejectedLogEventsInfo()).isNull();
    }

    @Test
    void refusesBatchesThatAreNotInOrderTooLongOrTooLarge() {
        assertRefused(
                () -> logs.putEvents("s", logs.event(1, "b"), logs.event(0, "a")),
                "InvalidParameterException",
                "Log events in a single PutLogEvents request must be in chronological order.");
        assertRefused(
                () -> logs.putEvents("s", logs.event(-DAY - 1, "a"), logs.event(0, "b")),
                "InvalidParameterException",
                "The batch of log events in a single PutLogEvents request cannot span more than 24"
                        + " hours.");
        assertRefused(
                () -> logs.put("s", "x".repeat(1 << 20)),
                "InvalidParameterException",
                "Upload too large: 1048602 bytes exceeds limit of 1048576");
        assertThat(logs.messages("s")).isEmpty();
        logs.put("s", "x".repeat((1 << 20) - 26));
        assertThat(logs.messages("s")).hasSize(1);
    }

    @Test
    void refusesWhatIsNotThereAndTokensThatAreNone() {
        assertRefused(
                () -> logs.put("t", "x"),
                "ResourceNotFoundException",
                "The specified log stream does not exist.");
        assertRefused(
                () -> logs.get(reading("s").logGroupName("other")),
                "ResourceNotFoundException",
                "The specified log group does not exist.");
        assertRefused(
                () -> logs.group(GROUP),
                "ResourceAlreadyExistsException",
                "The specified log group already exists");
        assertRefused(
                () -> logs.stream(GROUP, "s"),
                "ResourceAlreadyExistsException",
                "The specified log stream already exists");
        for (String token : List.of("x", "f/1/s", "f/" + "9".repeat(56) + "/s", "b/s")) {
            assertRefused(
                    () -> logs.get(reading("s").nextToken(token)),
                    "InvalidParameterException",
                    "The specified nextToken is invalid.");
        }
    }

    @Test
    void aGroupIsFoundByItsArn() {
        logs.put("s", "a");

        for (String arn : List.of(LogsFixture.GROUP_ARN, LogsFixture.GROUP_ARN + ":*", GROUP)) {
            assertThat(messages(logs.get(reading("s").logGroupName(null).logGroupIdentifier(arn))))
                    .containsExactly("a");
        }
    }

    @Test
    void positionsAreInTheOrderOfTheirTexts() {
        List<Position> positions =
                List.of(
                        Position.FIRST,
                        new Position(0, 0, 1),
                        new Position(0, 0, -1),
                        new Position(0, 1, 0),
                        new Position(1, 0, 0),
                        new Position(1_772_600_000_000L, 12, 34),
                        Position.at(Long.MAX_VALUE >> 12));

        for (int i = 1; i < positions.size(); i++) {
            Position one = positions.get(i - 1);
            Position two = positions.get(i);
            assertThat(one).isLessThan(two);
            assertThat(one.text()).isLessThan(two.text());
            assertThat(Position.parse(two.text())).isEqualTo(two);
            assertThat(two.previous().next()).isEqualTo(two);
        }
        assertThat(new Position(1_772_600_000_000L, 12, 34).text()).hasSize(56);
        assertThat(new InputLogEvent(1L, "m").timestamp()).isEqualTo(1);
    }
}
