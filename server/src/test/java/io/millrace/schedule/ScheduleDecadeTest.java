package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/// A decade of runs against an oracle that goes through every minute of it, looks at the wall
/// clock, and knows nothing of how runs are computed. A local time that the clock shows twice
/// counts once.
final class ScheduleDecadeTest {
    private static final Instant START = Instant.parse("2025-12-31T12:00:00Z");
    private static final Instant END = Instant.parse("2036-01-01T12:00:00Z");

    private static final Map<String, Predicate<LocalDateTime>> MEANINGS = new LinkedHashMap<>();

    static {
        MEANINGS.put("cron(30 2 * * ? *)", t -> at(t, 2, 30));
        MEANINGS.put("cron(15 1 * * ? *)", t -> at(t, 1, 15));
        MEANINGS.put(
                "cron(0/15 1-3 * * ? *)",
                t -> t.getMinute() % 15 == 0 && t.getHour() >= 1 && t.getHour() <= 3);
        MEANINGS.put(
                "cron(* 2 ? MAR,APR,OCT,NOV SUN *)",
                t ->
                        t.getHour() == 2
                                && "MAR APR OCT NOV".contains(t.getMonth().name().substring(0, 3))
                                && t.getDayOfWeek() == DayOfWeek.SUNDAY);
        MEANINGS.put("cron(0 * * * ? *)", t -> t.getMinute() == 0);
        MEANINGS.put(
                "cron(0 0 L * ? *)",
                t -> at(t, 0, 0) && t.toLocalDate().plusDays(1).getDayOfMonth() == 1);
        MEANINGS.put(
                "cron(15 10 ? * 6L 2027-2031)",
                t ->
                        at(t, 10, 15)
                                && t.getDayOfWeek() == DayOfWeek.FRIDAY
                                && t.plusDays(7).getMonth() != t.getMonth()
                                && t.getYear() >= 2027
                                && t.getYear() <= 2031);
        MEANINGS.put("cron(5 3 15W * ? *)", t -> at(t, 3, 5) && isNearest(t.toLocalDate(), 15));
        MEANINGS.put("cron(5 3 1W * ? *)", t -> at(t, 3, 5) && isNearest(t.toLocalDate(), 1));
        MEANINGS.put(
                "cron(0 12 ? * SUN#5 *)",
                t ->
                        at(t, 12, 0)
                                && t.getDayOfWeek() == DayOfWeek.SUNDAY
                                && t.getDayOfMonth() > 28);
        MEANINGS.put(
                "cron(45 22-2 ? * FRI-MON *)",
                t ->
                        t.getMinute() == 45
                                && (t.getHour() >= 22 || t.getHour() <= 2)
                                && (t.getDayOfWeek().getValue() >= 5
                                        || t.getDayOfWeek() == DayOfWeek.MONDAY));
        MEANINGS.put(
                "cron(0 0 29 2 ? *)",
                t -> at(t, 0, 0) && t.getDayOfMonth() == 29 && t.getMonthValue() == 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/Berlin",
                "America/New_York",
                "Australia/Lord_Howe",
                "America/Sao_Paulo"
            })
    void aDecadeOfRunsIsThatOfTheWallClock(String zoneId) {
        ZoneId zone = ZoneId.of(zoneId);
        Map<String, Optional<Instant>> next = new LinkedHashMap<>();
        MEANINGS.keySet().forEach(text -> next.put(text, next(text, START, zone)));
        LocalDateTime newest = LocalDateTime.MIN;
        int runs = 0;

        for (Instant now = START.plusSeconds(60); now.isBefore(END); now = now.plusSeconds(60)) {
            ZoneOffset offset = zone.getRules().getOffset(now);
            LocalDateTime local = LocalDateTime.ofEpochSecond(now.getEpochSecond(), 0, offset);
            if (!local.isAfter(newest)) {
                continue; // the clock was set back
            }
            newest = local;
            for (Map.Entry<String, Predicate<LocalDateTime>> meaning : MEANINGS.entrySet()) {
                if (meaning.getValue().test(local)) {
                    String text = meaning.getKey();
                    Optional<Instant> expected = Objects.requireNonNull(next.get(text));
                    if (!expected.equals(Optional.of(now))) {
                        assertThat(expected).as("%s in %s", text, zone).contains(now);
                    }
                    next.put(text, next(text, now, zone));
                    runs++;
                }
            }
        }

        next.forEach((text, instant) ->
                assertThat(instant.filter(i -> i.isBefore(END))).as(text).isEmpty());
        assertThat(runs).isGreaterThan(100_000);
    }

    private static Optional<Instant> next(String text, Instant after, ZoneId zone) {
        return ScheduleExpression.ofSchedule(text).orElseThrow().next(after, START, zone);
    }

    private static boolean at(LocalDateTime time, int hour, int minute) {
        return time.getHour() == hour && time.getMinute() == minute;
    }

    /// Of all weekdays of the month, the one that is nearest to the day.
    private static boolean isNearest(LocalDate date, int day) {
        int best = 0;
        for (int other = 1; other <= date.lengthOfMonth(); other++) {
            boolean weekday = date.withDayOfMonth(other).getDayOfWeek().getValue() <= 5;
            if (weekday && (best == 0 || Math.abs(other - day) < Math.abs(best - day))) {
                best = other;
            }
        }
        return date.getDayOfMonth() == best;
    }
}
