package io.millrace.pattern;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One alternative in a pattern's list of values, as `"a"` or `{"prefix": "a"}`.
///
/// Values are compared in the form that [EventPatternFields] keeps: strings with quotes around them
/// (nothing inside is escaped), everything else as it is spelled. Its text, as `toString` tells it,
/// is JSON as a pattern would write it.
sealed interface EventPatternCondition {

    /// Whether a field that is there satisfies this.
    boolean matches(EventPatternFields.Field field);

    /// Equals, to the letter. `value` is quoted when it is a string.
    record Equal(String value) implements EventPatternCondition {
        @Override
        public boolean matches(EventPatternFields.Field field) {
            return field.value().equals(value);
        }

        @Override
        public String toString() {
            return value.startsWith("\"")
                    ? JsonPathText.quote(value.substring(1, value.length() - 1))
                    : value;
        }
    }

    /// Equals as a number: `300` and `3.0e2` are one.
    record NumberEqual(double number, String spelling) implements EventPatternCondition {
        @Override
        public boolean matches(EventPatternFields.Field field) {
            return field.number() == number;
        }

        @Override
        public String toString() {
            return spelling;
        }
    }

    /// A number between two bounds, each open or closed, each possibly infinite.
    record Range(double low, boolean lowOpen, double high, boolean highOpen, String spelling)
            implements EventPatternCondition {
        @Override
        public boolean matches(EventPatternFields.Field field) {
            double number = field.number(); // not a number compares as false
            return (lowOpen ? number > low : number >= low)
                    && (highOpen ? number < high : number <= high);
        }

        @Override
        public String toString() {
            return "{\"numeric\":[" + spelling + "]}";
        }
    }

    /// A string that begins with a text; case counts unless `ignoreCase`.
    record Prefix(String text, boolean ignoreCase) implements EventPatternCondition {
        @Override
        public boolean matches(EventPatternFields.Field field) {
            String value = field.value();
            return field.isString()
                    && value.length() >= text.length() + 2
                    && value.regionMatches(ignoreCase, 1, text, 0, text.length());
        }

        @Override
        public String toString() {
            return "{\"prefix\":" + caseText(text, ignoreCase) + "}";
        }
    }

    /// A string that ends with a text; case counts unless `ignoreCase`.
    record Suffix(String text, boolean ignoreCase) implements EventPatternCondition {
        @Override
        public boolean matches(EventPatternFields.Field field) {
            String value = field.value();
            int offset = value.length() - 1 - text.length();
            return field.isString()
                    && offset >= 1
                    && value.regionMatches(ignoreCase, offset, text, 0, text.length());
        }

        @Override
        public String toString() {
            return "{\"suffix\":" + caseText(text, ignoreCase) + "}";
        }
    }

    record EqualIgnoreCase(String text) implements EventPatternCondition {
        @Override
        public boolean matches(EventPatternFields.Field field) {
            String value = field.value();
            return field.isString()
                    && value.length() == text.length() + 2
                    && value.regionMatches(true, 1, text, 0, text.length());
        }

        @Override
        public String toString() {
            return caseText(text, true);
        }
    }

    /// A string in which each `*` stands for any text. `parts` is what stands between the
    /// asterisks, one more than there are asterisks.
    record Wildcard(List<String> parts, String spelling) implements EventPatternCondition {
        static Wildcard of(String spelling) {
            List<String> parts = new java.util.ArrayList<>();
            StringBuilder part = new StringBuilder();
            for (int i = 0; i < spelling.length(); i++) {
                char c = spelling.charAt(i);
                if (c == '\\' && i + 1 < spelling.length()) {
                    part.append(spelling.charAt(++i));
                } else if (c == '*') {
                    parts.add(part.toString());
                    part.setLength(0);
                } else {
                    part.append(c);
                }
            }
            parts.add(part.toString());
            return new Wildcard(List.copyOf(parts), spelling);
        }

        @Override
        public boolean matches(EventPatternFields.Field field) {
            if (!field.isString()) {
                return false;
            }
            String text = field.value().substring(1, field.value().length() - 1);
            if (parts.size() == 1) {
                return text.equals(parts.getFirst());
            }
            String last = parts.getLast();
            int from = parts.getFirst().length();
            int to = text.length() - last.length();
            if (!text.startsWith(parts.getFirst()) || to < from || !text.endsWith(last)) {
                return false;
            }
            for (String part : parts.subList(1, parts.size() - 1)) {
                int found = text.indexOf(part, from); // the leftmost leaves most to the others
                if (found < 0 || found + part.length() > to) {
                    return false;
                }
                from = found + part.length();
            }
            return true;
        }

        @Override
        public String toString() {
            return "{\"wildcard\":" + JsonPathText.quote(spelling) + "}";
        }
    }

    /// An IP address inside a block; a plain address is a block of one.
    record Cidr(byte[] address, int bits, String spelling) implements EventPatternCondition {
        private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
        private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

        /// Null when `text` is not an address.
        static byte @Nullable [] addressOf(String text) {
            if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
                return null;
            }
            try {
                return InetAddress.ofLiteral(text).getAddress();
            } catch (IllegalArgumentException _) {
                return null; // looks like one, is none
            }
        }

        /// `text` has passed the check of its form.
        static Cidr of(String text) {
            int slash = text.indexOf('/');
            byte[] address = addressOf(text.substring(0, slash));
            if (address == null) {
                throw new IllegalArgumentException("not an address: " + text);
            }
            return new Cidr(
                    address,
                    Integer.parseInt(text.substring(slash + 1)),
                    "{\"cidr\":\"" + text + "\"}");
        }

        @Override
        public boolean matches(EventPatternFields.Field field) {
            String value = field.value();
            byte[] other =
                    field.isString() ? addressOf(value.substring(1, value.length() - 1)) : null;
            if (other == null || other.length != address.length) {
                return false;
            }
            int whole = bits / 8;
            int rest = bits % 8;
            return Arrays.equals(address, 0, whole, other, 0, whole)
                    && (rest == 0 || (address[whole] ^ other[whole]) >> (8 - rest) == 0);
        }

        @Override
        public String toString() {
            return spelling;
        }
    }

    /// `anything-but`: satisfied by a field that satisfies none of these.
    record AnythingBut(List<EventPatternCondition> conditions, String spelling)
            implements EventPatternCondition {
        @Override
        public boolean matches(EventPatternFields.Field field) {
            for (EventPatternCondition condition : conditions) {
                if (condition.matches(field)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return "{\"anything-but\":" + spelling + "}";
        }
    }

    record Exists() implements EventPatternCondition {
        @Override
        public boolean matches(EventPatternFields.Field field) {
            return true;
        }

        @Override
        public String toString() {
            return "{\"exists\":true}";
        }
    }

    /// Satisfied by there being no such field.
    record Absent() implements EventPatternCondition {
        @Override
        public boolean matches(EventPatternFields.Field field) {
            return false;
        }

        @Override
        public String toString() {
            return "{\"exists\":false}";
        }
    }

    static String list(List<EventPatternCondition> conditions) {
        return conditions.stream().map(Object::toString).collect(Collectors.joining(",", "[", "]"));
    }

    private static String caseText(String text, boolean ignoreCase) {
        return ignoreCase
                ? "{\"equals-ignore-case\":"
                        + JsonPathText.quote(text.toLowerCase(Locale.ROOT))
                        + "}"
                : JsonPathText.quote(text);
    }
}
