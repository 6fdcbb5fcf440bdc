package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Random expressions: whatever the text, an answer comes, and what is accepted runs when
/// cron-utils says so.
final class ScheduleFuzzTest {
    private static final Instant START = Instant.parse("2026-03-04T05:06:07Z");
    private static final List<ZoneId> ZONES =
            List.of(
                    ZoneOffset.UTC,
                    ZoneId.of("Europe/Berlin"),
                    ZoneId.of("Australia/Lord_Howe"),
                    ZoneId.of("Pacific/Apia"));
    private static final List<String> PIECES =
            List.of(
                    "rate(",
                    "cron(",
                    "at(",
                    ")",
                    " ",
                    "*",
                    "?",
                    "L",
                    "W",
                    "#",
                    "/",
                    "-",
                    ",",
                    "0",
                    "1",
                    "5",
                    "9",
                    "31",
                    "59",
                    "60",
                    "99",
                    "2026",
                    "2199",
                    "99999999999",
                    "MON",
                    "sun",
                    "JAN",
                    "minute",
                    "minutes",
                    "hour",
                    "days",
                    "T",
                    ":",
                    "é",
                    "\0",
                    "\n");

    /// With the names and numbers that AWS has; the library has no such dialect by itself.
    private static final CronDefinition AWS =
            CronDefinitionBuilder.defineCron()
                    .withMinutes()
                    .withValidRange(0, 59)
                    .withStrictRange()
                    .and()
                    .withHours()
                    .withValidRange(0, 23)
                    .withStrictRange()
                    .and()
                    .withDayOfMonth()
                    .withValidRange(1, 31)
                    .supportsL()
                    .supportsW()
                    .supportsLW()
                    .supportsQuestionMark()
                    .and()
                    .withMonth()
                    .withValidRange(1, 12)
                    .and()
                    .withDayOfWeek()
                    .withValidRange(1, 7)
                    .withMondayDoWValue(2)
                    .supportsHash()
                    .supportsL()
                    .supportsQuestionMark()
                    .and()
                    .withYear()
                    .withValidRange(1970, 2199)
                    .and()
                    .instance();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyTextGetsAnAnswer(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "cron(" : "");
            int count = random.nextInt(30);
            for (int piece = 0; piece < count; piece++) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            answer(text + (random.nextBoolean() ? ")" : ""), random);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomFieldsRunForwardAndEnd(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            answer("cron(" + fields(random) + ")", random);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void runsWhenCronUtilsSaysSo(long seed) {
        Random random = new Random(seed);
        CronParser parser = new CronParser(AWS);
        for (int i = 0; i < 150; i++) {
            String fields = fields(random);
            Optional<ScheduleExpression> ours = ScheduleExpression.ofRule("cron(" + fields + ")");
            assertThat(ours).as("seed %s: %s", seed, fields).isPresent();
            ExecutionTime theirs = ExecutionTime.forCron(parser.parse(fields));
            Instant now = START;
            for (int run = 0; run < 8; run++) {
                Optional<Instant> next = ours.get().next(now, START, ZoneOffset.UTC);
                Optional<Instant> expected =
                        theirs.nextExecution(ZonedDateTime.ofInstant(now, ZoneOffset.UTC))
                                .map(ZonedDateTime::toInstant);
                assertThat(next).as("seed %s: %s", seed, fields).isEqualTo(expected);
                if (next.isEmpty()) {
                    break;
                }
                now = next.get();
            }
        }
    }

    private static void answer(String text, Random random) {
        ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
        Optional<ScheduleExpression> expression = ScheduleExpression.ofSchedule(text);
        ScheduleExpression.ofRule(text);
        Instant now = Instant.ofEpochSecond(random.nextLong(0, 7_258_118_400L));
        for (int run = 0; expression.isPresent() && run < 3; run++) {
            Optional<Instant> next = expression.get().next(now, START, zone);
            if (next.isEmpty()) {
                return;
            }
            if (!next.get().isAfter(now)) {
                assertThat(next.get()).as(text).isAfter(now);
            }
            now = next.get();
        }
    }

    private static String fields(Random random) {
        boolean byWeek = random.nextBoolean();
        return String.join(
                " ",
                list(random, 0, 59),
                list(random, 0, 23),
                byWeek ? "?" : dayOfMonth(random),
                list(random, 1, 12),
                byWeek ? dayOfWeek(random) : "?",
                random.nextInt(3) > 0 ? "*" : list(random, 2026, 2040));
    }

    private static String dayOfMonth(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> "L";
            case 1 -> "LW";
            case 2 -> random.nextInt(1, 29) + "W";
            default -> list(random, 1, 31);
        };
    }

    private static String dayOfWeek(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(1, 8) + "L";
            case 1 -> random.nextInt(1, 8) + "#" + random.nextInt(1, 6);
            default -> list(random, 1, 7);
        };
    }

    private static String list(Random random, int min, int max) {
        if (random.nextInt(4) == 0) {
            return "*";
        }
        StringBuilder list = new StringBuilder();
        int count = random.nextInt(1, 4);
        for (int i = 0; i < count; i++) {
            int from = random.nextInt(min, max + 1);
            list.append(i == 0 ? "" : ",").append(from);
            if (random.nextInt(3) == 0) {
                list.append('-').append(random.nextInt(from, max + 1));
            }
        }
        if (count == 1 && random.nextInt(3) == 0) {
            list.append('/').append(random.nextInt(1, Math.min(7, max - min) + 1));
        }
        return list.toString();
    }
}
