package io.millrace.schedule;

import org.jspecify.annotations.Nullable;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which days of a month are meant: by the field of the day of the month, or by that of the day of
/// the week; the other one is `?`.
sealed interface CronDays {

    /// The days of the month, from 1.
    BitSet in(YearMonth month);

    /// Certain numbers.
    record OfMonth(BitSet days) implements CronDays {

        @Override
        public BitSet in(YearMonth month) {
            return days.get(0, month.lengthOfMonth() + 1);
        }
    }

    /// `L`, or `LW` for the last that is no Saturday or Sunday.
    record Last(boolean isWeekday) implements CronDays {

        @Override
        public BitSet in(YearMonth month) {
            LocalDate day = month.atEndOfMonth();
            return one(isWeekday ? nearestWeekday(day) : day);
        }
    }

    /// `15W`: the weekday nearest to a day, in the same month. A month without that day has none.
    record Nearest(int day) implements CronDays {

        @Override
        public BitSet in(YearMonth month) {
            return month.isValidDay(day) ? one(nearestWeekday(month.atDay(day))) : new BitSet();
        }
    }

    /// Certain days of the week.
    ///
    /// @param days with Sunday as 1
    record OfWeek(BitSet days) implements CronDays {

        @Override
        public BitSet in(YearMonth month) {
            BitSet all = new BitSet();
            int dayOfWeek = number(month.atDay(1));
            for (int day = 1; day <= month.lengthOfMonth(); day++) {
                all.set(day, days.get(dayOfWeek));
                dayOfWeek = dayOfWeek % 7 + 1;
            }
            return all;
        }
    }

    /// `6L`: the last Friday.
    record LastOfWeek(int dayOfWeek) implements CronDays {

        @Override
        public BitSet in(YearMonth month) {
            LocalDate end = month.atEndOfMonth();
            return one(end.minusDays(Math.floorMod(number(end) - dayOfWeek, 7)));
        }
    }

    /// `6#3`: the third Friday.
    record Nth(int dayOfWeek, int count) implements CronDays {

        @Override
        public BitSet in(YearMonth month) {
            int first = 1 + Math.floorMod(dayOfWeek - number(month.atDay(1)), 7);
            int day = first + 7 * (count - 1);
            return month.isValidDay(day) ? one(month.atDay(day)) : new BitSet();
        }
    }

    Pattern NEAREST = Pattern.compile("(\\d{1,2})W");
    Pattern LAST_OF_WEEK = Pattern.compile("(\\w{1,3})L");
    Pattern NTH = Pattern.compile("(\\w{1,3})#([1-5])");

    /// Null when the two fields are not valid together.
    static @Nullable CronDays parse(String dayOfMonth, String dayOfWeek) {
        if (dayOfMonth.equals("?") == dayOfWeek.equals("?")) {
            return null;
        }
        return dayOfWeek.equals("?") ? ofMonth(dayOfMonth) : ofWeek(dayOfWeek);
    }

    private static @Nullable CronDays ofMonth(String text) {
        if (text.equals("L") || text.equals("LW")) {
            return new Last(text.equals("LW"));
        }
        Matcher nearest = NEAREST.matcher(text);
        if (nearest.matches()) {
            int day = CronField.DAY_OF_MONTH.value(nearest.group(1));
            return day < 0 ? null : new Nearest(day);
        }
        BitSet days = CronField.DAY_OF_MONTH.parse(text);
        return days == null ? null : new OfMonth(days);
    }

    private static @Nullable CronDays ofWeek(String text) {
        BitSet days = CronField.DAY_OF_WEEK.parse(text.equals("L") ? "7" : text);
        if (days != null) {
            return new OfWeek(days);
        }
        Matcher last = LAST_OF_WEEK.matcher(text);
        if (last.matches()) {
            int day = CronField.DAY_OF_WEEK.value(last.group(1));
            return day < 0 ? null : new LastOfWeek(day);
        }
        Matcher nth = NTH.matcher(text);
        if (nth.matches()) {
            int day = CronField.DAY_OF_WEEK.value(nth.group(1));
            return day < 0 ? null : new Nth(day, Integer.parseInt(nth.group(2)));
        }
        return null;
    }

    private static BitSet one(LocalDate day) {
        BitSet days = new BitSet();
        days.set(day.getDayOfMonth());
        return days;
    }

    /// Sunday is 1.
    private static int number(LocalDate day) {
        return day.getDayOfWeek().getValue() % 7 + 1;
    }

    private static LocalDate nearestWeekday(LocalDate day) {
        if (day.getDayOfWeek() == DayOfWeek.SATURDAY) {
            return day.getDayOfMonth() == 1 ? day.plusDays(2) : day.minusDays(1);
        }
        if (day.getDayOfWeek() == DayOfWeek.SUNDAY) {
            return day.getDayOfMonth() == day.lengthOfMonth() ? day.minusDays(2) : day.plusDays(1);
        }
        return day;
    }
}
