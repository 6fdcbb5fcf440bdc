package io.millrace.schedule;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `at(2026-11-20T13:00:00)`: once. A time that daylight saving leaves out is moved forward by what
/// was left out, so that it is not lost; one that comes twice is the first.
public record AtExpression(LocalDateTime time) implements ScheduleExpression {

    private static final Pattern FORM =
            Pattern.compile("at\\((\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\)");

    /// The time as an instant.
    public Instant in(ZoneId zone) {
        return time.atZone(zone).toInstant();
    }

    @Override
    public Optional<Instant> next(Instant after, Instant anchor, ZoneId zone) {
        return Optional.of(in(zone)).filter(instant -> instant.isAfter(after));
    }

    static @Nullable AtExpression parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        try {
            return new AtExpression(LocalDateTime.parse(matcher.group(1)));
        } catch (DateTimeException _) {
            return null;
        }
    }
}
