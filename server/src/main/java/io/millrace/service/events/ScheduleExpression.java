package io.millrace.service.events;

import java.util.List;
import java.util.regex.Pattern;

/// The form of `rate(…)` and `cron(…)`. Source: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html).
final class ScheduleExpression {

    private static final Pattern RATE =
            Pattern.compile("rate\\((1 (minute|hour|day)|(?!1 )[1-9]\\d* (minutes|hours|days))\\)");
    private static final Pattern CRON = Pattern.compile("cron\\(([^()]*)\\)");
    private static final String MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC";
    private static final String DAYS = "SUN|MON|TUE|WED|THU|FRI|SAT";

    /// Minutes, hours, day of month, month, day of week, year.
    private static final List<Pattern> FIELDS =
            List.of(
                    list("[0-5]?\\d", ""),
                    list("[01]?\\d|2[0-3]", ""),
                    list("0?[1-9]|[12]\\d|3[01]", "\\?|L|LW|(0?[1-9]|[12]\\d|3[01])W"),
                    list("0?[1-9]|1[0-2]|" + MONTHS, ""),
                    list("[1-7]|" + DAYS, "\\?|L|[1-7]L|([1-7]|" + DAYS + ")#[1-5]"),
                    list("19[7-9]\\d|20\\d\\d|21\\d\\d", ""));

    private ScheduleExpression() {}

    static boolean isValid(String expression) {
        if (RATE.matcher(expression).matches()) {
            return true;
        }
        var cron = CRON.matcher(expression);
        return cron.matches() && areFields(cron.group(1).trim().split("\\s+"));
    }

    private static boolean areFields(String[] fields) {
        if (fields.length != FIELDS.size()) {
            return false;
        }
        for (int i = 0; i < fields.length; i++) {
            if (!FIELDS.get(i).matcher(fields[i]).matches()) {
                return false;
            }
        }
        return fields[2].equals("?") != fields[4].equals("?"); // one of them, and only one
    }

    /// `*`, or values and ranges with steps between commas, or one of the others.
    private static Pattern list(String value, String others) {
        String range = "(\\*|(" + value + ")(-(" + value + "))?)(/\\d{1,4})?";
        String list = range + "(," + range + ")*";
        return Pattern.compile(
                others.isEmpty() ? list : list + "|" + others, Pattern.CASE_INSENSITIVE);
    }
}
