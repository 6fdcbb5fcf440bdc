package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class ScheduleExpressionTest {
    private static final Instant START = Instant.parse("2026-03-04T05:06:07Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(5 minutes)",
                "rate(1 minute)",
                "rate(1 hour)",
                "rate(7 days)",
                "cron(0 10 * * ? *)",
                "cron(15 12 * * ? *)",
                "cron(0 18 ? * MON-FRI *)",
                "cron(0 8 1 * ? *)",
                "cron(0/10 * ? * MON-FRI *)",
                "cron(0/5 8-17 ? * MON-FRI *)",
                "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)",
                "cron(30-30 13-13 ? * 2,4,6 *)",
                "cron(1-31/30 1-1 ? * 1,7 *)",
                "cron(*/15 9,17 ? jan-mar,DEC mon#2 1970-2199)",
                "cron(0 9 L * ? *)",
                "cron(0 9 LW * ? *)",
                "cron(0 9 1W * ? *)",
                "cron(0 9 ? * L *)",
                "cron(0 9 ? * 5L *)",
                "cron(0 9 ? * FRIL *)",
                "cron(0 9 ? * 6#3 *)",
                "cron(0 22-4 ? * FRI-MON *)",
                "cron(0 0 31 2 ? *)",
            })
    void acceptsWhatBothAccept(String text) {
        assertThat(ScheduleExpression.ofRule(text)).isPresent();
        assertThat(ScheduleExpression.ofSchedule(text)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rate()",
                "rate(10)",
                "rate(0 minutes)",
                "rate(-10 minutes)",
                "rate(10 minutess)",
                "rate(10 seconds)",
                "rate(10 years)",
                "rate( 10 minutes )",
                " rate(10 minutes)",
                "rate(9999999999 days)",
                "cron()",
                "cron(INVALID)",
                "cron(* * * * *)",
                "cron(0 1 * * * *)",
                "cron(0 1 ? * ? *)",
                "cron(7 20 * * NOT *)",
                "cron(0 dummy ? * MON-FRI *)",
                "cron(71 8 1 * ? *)",
                "cron(*/60 * * * ? *)",
                "cron(*/0 * * * ? *)",
                "cron(0 24 * * ? *)",
                "cron(0 1 0 * ? *)",
                "cron(0 1 32 * ? *)",
                "cron(0 1 32W * ? *)",
                "cron(0 1 1W,2W * ? *)",
                "cron(0 1 ? * 8 *)",
                "cron(0 1 ? * 0 *)",
                "cron(0 1 ? * 3#6 *)",
                "cron(0 1 ? * 3#1,6#3 *)",
                "cron(0 1 * 13 ? *)",
                "cron(0 1 * * ? 1969)",
                "cron(0 1 * * ? 2200)",
                "cron(0 1 * * ? 2030-2026)",
                "cron(0 10 * * ? *",
                "cron(0,, 10 * * ? *)",
                "cron(, 10 * * ? *)",
                "cron(0 ,10 * * ? *)",
                "cron(0 10 * * ? *) ",
                "at(2021-12-31T23:59:59Z)",
                "at(2021-12-31)",
                "at(2021-02-30T00:00:00)",
                "at(2021-12-31T24:00:00)",
            })
    void refusesWhatBothRefuse(String text) {
        assertThat(ScheduleExpression.ofRule(text)).isEmpty();
        assertThat(ScheduleExpression.ofSchedule(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rate(1 minutes)", "rate(5 minute)", "at(2026-11-20T13:00:00)"})
    void someOnlySchedulerAccepts(String text) {
        assertThat(ScheduleExpression.ofRule(text)).isEmpty();
        assertThat(ScheduleExpression.ofSchedule(text)).isPresent();
    }

    @Test
    void aCommaBehindAFieldSaysNothingInARule() {
        String text = "cron(0/5, 9-18, ?, *, MON-FRI, *)";

        assertThat(ScheduleExpression.ofRule(text).orElseThrow().next(START, START, ZoneOffset.UTC))
                .contains(Instant.parse("2026-03-04T09:00:00Z"));
        assertThat(ScheduleExpression.ofSchedule(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cron(0 10 * * ? *)          | 2026-03-04T10:00:00Z 2026-03-05T10:00:00Z",
                "cron(0 9 L * ? *)           | 2026-03-31T09:00:00Z 2026-04-30T09:00:00Z",
                "cron(0 9 LW * ? *)          | 2026-03-31T09:00:00Z 2026-04-30T09:00:00Z"
                        + " 2026-05-29T09:00:00Z",
                "cron(0 9 1W * ? 2026)       | 2026-04-01T09:00:00Z 2026-05-01T09:00:00Z"
                        + " 2026-06-01T09:00:00Z 2026-07-01T09:00:00Z 2026-08-03T09:00:00Z",
                "cron(0 9 31W * ? *)         | 2026-03-31T09:00:00Z 2026-05-29T09:00:00Z",
                "cron(0 9 ? * 6L *)          | 2026-03-27T09:00:00Z 2026-04-24T09:00:00Z",
                "cron(0 9 ? * L *)           | 2026-03-07T09:00:00Z 2026-03-14T09:00:00Z",
                "cron(0 9 ? * 3#2 *)         | 2026-03-10T09:00:00Z 2026-04-14T09:00:00Z",
                "cron(0 9 ? * SUN#5 *)       | 2026-03-29T09:00:00Z 2026-05-31T09:00:00Z",
                "cron(0 0 29 2 ? *)          | 2028-02-29T00:00:00Z 2032-02-29T00:00:00Z",
                "cron(0 23-1 ? * FRI-SUN *)  | 2026-03-06T00:00:00Z 2026-03-06T01:00:00Z"
                        + " 2026-03-06T23:00:00Z 2026-03-07T00:00:00Z",
                "cron(6-7 5 4 3 ? 2026)      | 2026-03-04T05:07:00Z",
                "cron(0 0 31 2 ? *)          | ''",
                "cron(0 0 1 1 ? 1999)        | ''",
            })
    void tellsTheNextRuns(String text, String expected) {
        List<String> wanted = expected.isEmpty() ? List.of() : List.of(expected.split(" "));

        assertThat(runs(text, ZoneOffset.UTC, START, Math.max(1, wanted.size()))).isEqualTo(wanted);
    }

    @Test
    void aRateCountsFromItsFirstRun() {
        Optional<ScheduleExpression> rate = ScheduleExpression.ofRule("rate(5 minutes)");
        Instant anchor = START;

        ScheduleExpression five = rate.orElseThrow();

        assertThat(five.next(anchor.minusSeconds(1000), anchor, ZoneOffset.UTC)).contains(anchor);
        assertThat(five.first(anchor, anchor, ZoneOffset.UTC)).contains(anchor);
        assertThat(five.next(anchor, anchor, ZoneOffset.UTC)).contains(anchor.plusSeconds(300));
        assertThat(five.next(anchor.plusSeconds(299), anchor, ZoneOffset.UTC))
                .contains(anchor.plusSeconds(300));
        assertThat(five.next(anchor.plusSeconds(301), anchor, ZoneOffset.UTC))
                .contains(anchor.plusSeconds(600));
    }

    @Test
    void skipsWhatDaylightSavingLeavesOut() {
        Instant winter = Instant.parse("2026-03-27T12:00:00Z");

        assertThat(runs("cron(30 2 * * ? *)", BERLIN, winter, 3))
                .containsExactly(
                        "2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z");
    }

    @Test
    void runsOnceWhatDaylightSavingRepeats() {
        Instant summer = Instant.parse("2026-10-24T12:00:00Z");

        assertThat(runs("cron(30 2 * * ? *)", BERLIN, summer, 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(runs("cron(0/30 * * * ? *)", BERLIN, Instant.parse("2026-10-24T23:45:00Z"), 4))
                .containsExactly(
                        "2026-10-25T00:00:00Z",
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T02:00:00Z",
                        "2026-10-25T02:30:00Z");
    }

    @Test
    void theDaysOfARateHave24Hours() {
        ScheduleExpression daily = ScheduleExpression.ofRule("rate(1 day)").orElseThrow();
        Instant anchor = Instant.parse("2026-03-28T12:00:00Z");

        assertThat(daily.next(anchor, anchor, BERLIN))
                .contains(Instant.parse("2026-03-29T12:00:00Z"));
    }

    @Test
    void oneTimeIsOnce() {
        ScheduleExpression at =
                ScheduleExpression.ofSchedule("at(2026-06-01T13:00:00)").orElseThrow();

        assertThat(at.isRecurring()).isFalse();
        assertThat(at.next(START, START, BERLIN)).contains(Instant.parse("2026-06-01T11:00:00Z"));
        assertThat(at.next(Instant.parse("2026-06-01T11:00:00Z"), START, BERLIN)).isEmpty();
    }

    @Test
    void aOneTimeInTheGapIsMovedBehindIt() {
        ScheduleExpression at =
                ScheduleExpression.ofSchedule("at(2026-03-29T02:30:00)").orElseThrow();

        assertThat(at.next(START, START, BERLIN)).contains(Instant.parse("2026-03-29T01:30:00Z"));
    }

    private static List<String> runs(String text, ZoneId zone, Instant from, int countMax) {
        ScheduleExpression expression = ScheduleExpression.ofSchedule(text).orElseThrow();
        List<String> runs = new ArrayList<>();
        Optional<Instant> next = expression.next(from, from, zone);
        while (runs.size() < countMax && next.isPresent()) {
            runs.add(next.get().toString());
            next = expression.next(next.get(), from, zone);
        }
        return runs;
    }
}
