package io.millrace.schedule;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A field of a cron expression, as far as it is a list of values, ranges and steps. The bounds of
/// steps are Quartz's, which AWS uses: `*/60` minutes is refused.
enum CronField {
    MINUTE(0, 59, 59, List.of()),
    HOUR(0, 23, 23, List.of()),
    DAY_OF_MONTH(1, 31, 31, List.of()),
    MONTH(
            1,
            12,
            12,
            List.of(
                    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV",
                    "DEC")),
    DAY_OF_WEEK(1, 7, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")),
    YEAR(1970, 2199, 229, List.of());

    private static final Pattern PART =
            Pattern.compile("(?:\\*|(\\w{1,4})(?:-(\\w{1,4}))?)(?:/(\\d{1,4}))?");

    private final int min;
    private final int max;
    private final int stepMax;

    @SuppressWarnings("ImmutableEnumChecker") // a list that does not change
    private final List<String> names;

    CronField(int min, int max, int stepMax, List<String> names) {
        this.min = min;
        this.max = max;
        this.stepMax = stepMax;
        this.names = names;
    }

    int min() {
        return min;
    }

    int max() {
        return max;
    }

    /// The values that are meant, or null when the text is not a list.
    @Nullable BitSet parse(String text) {
        BitSet values = new BitSet(max + 1);
        for (String part : text.split(",", -1)) {
            if (!add(part, values)) {
                return null;
            }
        }
        return values;
    }

    /// A number or a name; -1 when it is neither.
    int value(String text) {
        int name = names.indexOf(text.toUpperCase(Locale.ROOT));
        if (name >= 0) {
            return min + name;
        }
        int digitsMax = this == YEAR ? 4 : 2;
        if (text.isEmpty() || text.length() > digitsMax) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = 10 * value + c - '0';
        }
        return value < min || value > max ? -1 : value;
    }

    /// A range that ends before it begins goes on at the start: `22-2`, `FRI-MON`.
    private boolean add(String part, BitSet values) {
        Matcher matcher = PART.matcher(part);
        if (!matcher.matches()) {
            return false;
        }
        String step = matcher.group(3);
        int by = step == null ? 1 : Integer.parseInt(step);
        if (by < 1 || by > stepMax) {
            return false;
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        int from = first == null ? min : value(first);
        int to = last != null ? value(last) : first == null || step != null ? max : from;
        if (from < 0 || to < 0 || (this == YEAR && from > to)) {
            return false;
        }
        int span = max - min + 1;
        int length = Math.floorMod(to - from, span);
        for (int offset = 0; offset <= length; offset += by) {
            values.set(min + (from - min + offset) % span);
        }
        return true;
    }
}
