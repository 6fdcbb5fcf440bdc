package io.millrace.policy;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/// The operators of conditions. A value that is not of an operator's type matches nothing. Source:
/// [condition
/// operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
public enum ConditionOperator {
    STRING_EQUALS("StringEquals", false, ConditionOperator::same),
    STRING_NOT_EQUALS("StringNotEquals", true, ConditionOperator::same),
    STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", false, ConditionOperator::alike),
    STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", true, ConditionOperator::alike),
    STRING_LIKE("StringLike", false, Wildcards::match),
    STRING_NOT_LIKE("StringNotLike", true, Wildcards::match),
    NUMERIC_EQUALS("NumericEquals", false, numeric(sign -> sign == 0)),
    NUMERIC_NOT_EQUALS("NumericNotEquals", true, numeric(sign -> sign == 0)),
    NUMERIC_LESS_THAN("NumericLessThan", false, numeric(sign -> sign < 0)),
    NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", false, numeric(sign -> sign <= 0)),
    NUMERIC_GREATER_THAN("NumericGreaterThan", false, numeric(sign -> sign > 0)),
    NUMERIC_GREATER_THAN_EQUALS("NumericGreaterThanEquals", false, numeric(sign -> sign >= 0)),
    DATE_EQUALS("DateEquals", false, date(sign -> sign == 0)),
    DATE_NOT_EQUALS("DateNotEquals", true, date(sign -> sign == 0)),
    DATE_LESS_THAN("DateLessThan", false, date(sign -> sign < 0)),
    DATE_LESS_THAN_EQUALS("DateLessThanEquals", false, date(sign -> sign <= 0)),
    DATE_GREATER_THAN("DateGreaterThan", false, date(sign -> sign > 0)),
    DATE_GREATER_THAN_EQUALS("DateGreaterThanEquals", false, date(sign -> sign >= 0)),
    BOOL("Bool", false, String::equalsIgnoreCase),
    BINARY_EQUALS("BinaryEquals", false, String::equals),
    IP_ADDRESS("IpAddress", false, ConditionOperator::inNetwork),
    NOT_IP_ADDRESS("NotIpAddress", true, ConditionOperator::inNetwork),
    ARN_EQUALS("ArnEquals", false, ConditionOperator::likeArn),
    ARN_LIKE("ArnLike", false, ConditionOperator::likeArn),
    ARN_NOT_EQUALS("ArnNotEquals", true, ConditionOperator::likeArn),
    ARN_NOT_LIKE("ArnNotLike", true, ConditionOperator::likeArn),
    /// Whether the key is absent; its value is not looked at.
    NULL("Null", false, String::equals);

    private static final int ARN_PARTS = 6;
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]+");
    private static final Map<String, ConditionOperator> BY_NAME = new HashMap<>();

    static {
        for (ConditionOperator operator : values()) {
            BY_NAME.put(operator.word, operator);
        }
    }

    private final String word;
    private final boolean negated;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final BiPredicate<String, String> test;

    ConditionOperator(String word, boolean negated, BiPredicate<String, String> test) {
        this.word = word;
        this.negated = negated;
        this.test = test;
    }

    static @Nullable ConditionOperator named(String word) {
        return BY_NAME.get(word);
    }

    String word() {
        return word;
    }

    /// Whether its values may have variables: texts and ARNs, not numbers, dates and the like.
    boolean hasVariables() {
        return word.startsWith("String") || word.startsWith("Arn");
    }

    /// Whether it holds when the test fails.
    boolean negated() {
        return negated;
    }

    /// @param value of the policy
    /// @param asked of the request
    boolean test(String value, String asked) {
        return test.test(value, asked);
    }

    private static boolean same(String value, String asked) {
        return Wildcards.text(value).equals(asked);
    }

    private static boolean alike(String value, String asked) {
        return Wildcards.text(value).equalsIgnoreCase(asked);
    }

    /// @param holds of the sign of the comparison of the request's value with the policy's
    private static BiPredicate<String, String> numeric(IntPredicate holds) {
        return (value, asked) -> {
            try {
                return holds.test(new BigDecimal(asked).compareTo(new BigDecimal(value)));
            } catch (NumberFormatException _) {
                return false;
            }
        };
    }

    private static BiPredicate<String, String> date(IntPredicate holds) {
        return (value, asked) -> {
            Instant left = instant(asked);
            Instant right = instant(value);
            return left != null && right != null && holds.test(left.compareTo(right));
        };
    }

    /// A date, a time with an offset, or seconds since 1970.
    private static @Nullable Instant instant(String text) {
        try {
            if (text.matches("-?[0-9]+")) {
                return Instant.ofEpochSecond(Long.parseLong(text));
            }
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | NumberFormatException _) {
            return null;
        }
    }

    /// Each part by itself, so that a wildcard does not reach over a colon.
    private static boolean likeArn(String pattern, String asked) {
        String[] patterns = pattern.split(":", ARN_PARTS);
        String[] parts = asked.split(":", ARN_PARTS);
        if (patterns.length != ARN_PARTS || parts.length != ARN_PARTS) {
            return pattern.equals("*");
        }
        for (int i = 0; i < ARN_PARTS; i++) {
            if (!Wildcards.match(patterns[i], parts[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean inNetwork(String network, String asked) {
        int slash = network.indexOf('/');
        byte[] base = address(slash < 0 ? network : network.substring(0, slash));
        byte[] address = address(asked);
        if (base == null || address == null || base.length != address.length) {
            return false;
        }
        try {
            int bits = slash < 0 ? base.length * 8 : Integer.parseInt(network.substring(slash + 1));
            for (int i = 0; i < Math.min(bits, base.length * 8); i++) {
                int mask = 0x80 >> i % 8;
                if ((base[i / 8] & mask) != (address[i / 8] & mask)) {
                    return false;
                }
            }
            return bits >= 0;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private static byte @Nullable [] address(String text) {
        try { // what has no other characters is never looked up
            return ADDRESS.matcher(text).matches()
                    ? InetAddress.getByName(text).getAddress()
                    : null;
        } catch (UnknownHostException _) {
            return null;
        }
    }
}
