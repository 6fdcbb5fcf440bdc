package io.millrace.schedule;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `rate(5 minutes)`: equally far apart. A day has 24 hours, also when daylight saving time
/// changes.
///
/// @param period positive
public record RateExpression(Duration period) implements ScheduleExpression {

    private static final Pattern FORM =
            Pattern.compile("rate\\(([1-9]\\d{0,8}) (minute|hour|day)(s?)\\)");

    @Override
    public Optional<Instant> next(Instant after, Instant anchor, ZoneId zone) {
        if (after.isBefore(anchor)) {
            return Optional.of(anchor);
        }
        long count = Duration.between(anchor, after).dividedBy(period) + 1;
        return Optional.of(anchor.plus(period.multipliedBy(count)));
    }

    static @Nullable RateExpression parse(String text, boolean unitAgrees) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long value = Long.parseLong(matcher.group(1));
        boolean plural = !matcher.group(3).isEmpty();
        if (unitAgrees && plural == (value == 1)) {
            return null;
        }
        return new RateExpression(
                switch (matcher.group(2)) {
                    case "minute" -> Duration.ofMinutes(value);
                    case "hour" -> Duration.ofHours(value);
                    default -> Duration.ofDays(value);
                });
    }
}
