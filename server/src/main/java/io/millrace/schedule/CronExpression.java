package io.millrace.schedule;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `cron(minutes hours day-of-month month day-of-week year)`.
///
/// Every local time that is meant comes once: one that daylight saving leaves out is skipped, one
/// that it repeats runs the first time only, as Scheduler documents. Local times in order are
/// instants in order, so the search goes over local times.
///
/// Exactly one of the two day fields is `?`. The years are 1970 to 2199, which bounds every search.
public final class CronExpression implements ScheduleExpression {

    private static final Pattern FORM = Pattern.compile("cron\\(([^()]*)\\)");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern COMMA_OR_SPACES = Pattern.compile(",?\\s+");
    private static final int FIELD_COUNT = 6;

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet months;
    private final CronDays days;
    private final BitSet years;

    private CronExpression(
            BitSet minutes, BitSet hours, CronDays days, BitSet months, BitSet years) {
        this.minutes = minutes;
        this.hours = hours;
        this.days = days;
        this.months = months;
        this.years = years;
    }

    /// Null when it is not valid.
    ///
    /// @param commas whether a comma behind a field says nothing
    static @Nullable CronExpression parse(String text, boolean commas) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String[] fields = (commas ? COMMA_OR_SPACES : SPACES).split(matcher.group(1).strip(), -1);
        if (fields.length != FIELD_COUNT) {
            return null;
        }
        BitSet minutes = CronField.MINUTE.parse(fields[0]);
        BitSet hours = CronField.HOUR.parse(fields[1]);
        CronDays days = CronDays.parse(fields[2], fields[4]);
        BitSet months = CronField.MONTH.parse(fields[3]);
        BitSet years = CronField.YEAR.parse(fields[5]);
        return minutes == null || hours == null || days == null || months == null || years == null
                ? null
                : new CronExpression(minutes, hours, days, months, years);
    }

    @Override
    public Optional<Instant> next(Instant after, Instant anchor, ZoneId zone) {
        LocalDateTime start = LocalDateTime.ofInstant(after, zone).truncatedTo(ChronoUnit.MINUTES);
        LocalDateTime local = nextLocal(start);
        while (local != null) { // skips at most the minutes that a shift of the clock takes
            List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
            if (!offsets.isEmpty()) {
                Instant instant = local.toInstant(offsets.getFirst());
                if (instant.isAfter(after)) {
                    return Optional.of(instant);
                }
            }
            local = nextLocal(local);
        }
        return Optional.empty();
    }

    /// The first local minute behind `after`, which is a whole minute.
    private @Nullable LocalDateTime nextLocal(LocalDateTime after) {
        LocalDateTime start = after.plusMinutes(1);
        LocalDate date = firstDate(start.toLocalDate());
        if (date == null) {
            return null;
        }
        if (date.equals(start.toLocalDate())) {
            LocalTime time = firstTime(start.getHour(), start.getMinute());
            if (time != null) {
                return date.atTime(time);
            }
            date = firstDate(date.plusDays(1));
        }
        LocalTime time = firstTime(0, 0);
        return date == null || time == null ? null : date.atTime(time);
    }

    /// The first day at or behind `from`.
    private @Nullable LocalDate firstDate(LocalDate from) {
        int fromYear = Math.max(from.getYear(), CronField.YEAR.min());
        for (int year = years.nextSetBit(fromYear); year >= 0; year = years.nextSetBit(year + 1)) {
            boolean first = year == from.getYear();
            int month = months.nextSetBit(first ? from.getMonthValue() : 1);
            for (; month >= 0; month = months.nextSetBit(month + 1)) {
                boolean firstMonth = first && month == from.getMonthValue();
                BitSet inMonth = days.in(YearMonth.of(year, month));
                int day = inMonth.nextSetBit(firstMonth ? from.getDayOfMonth() : 1);
                if (day >= 0) {
                    return LocalDate.of(year, month, day);
                }
            }
        }
        return null;
    }

    private @Nullable LocalTime firstTime(int fromHour, int fromMinute) {
        int hour = hours.nextSetBit(fromHour);
        if (hour == fromHour) {
            int minute = minutes.nextSetBit(fromMinute);
            if (minute >= 0) {
                return LocalTime.of(hour, minute);
            }
            hour = hours.nextSetBit(hour + 1);
        }
        return hour < 0 ? null : LocalTime.of(hour, minutes.nextSetBit(0));
    }
}
