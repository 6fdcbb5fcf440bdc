package io.millrace.service.dynamodb.item;

import java.math.BigDecimal;
import java.math.BigInteger;

/// A DynamoDB number: an exact decimal of at most 38 significant digits, zero or between 1E-130 and
/// 9.9999999999999999999999999999999999999E+125 in magnitude. Equal by value. Source: [naming rules
/// and data
/// types](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html).
public final class DecimalNumber implements Comparable<DecimalNumber> {

    static final int DIGITS_MAX = 38;
    static final int EXPONENT_MAX = 125;
    static final int EXPONENT_MIN = -130;

    private static final int LONG_DIGITS = 18;
    private static final int EXPONENT_BOUND = 1_000_000_000;

    /// Without trailing zeros; zero has scale 0.
    private final BigDecimal value;

    private DecimalNumber(BigDecimal value) {
        this.value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }

    public static DecimalNumber of(long value) {
        return new DecimalNumber(BigDecimal.valueOf(value));
    }

    /// Reads what `BigDecimal` reads: sign, digits with a point, exponent.
    ///
    /// @throws io.millrace.wire.ServiceException worded as DynamoDB words it
    public static DecimalNumber parse(String text) {
        if (isShortInteger(text)) {
            return of(Long.parseLong(text));
        }
        return new Parser(text).parse();
    }

    /// The text that DynamoDB answers for a number sent as `text`: `1e2` is `100`, `1.0` is `1`.
    ///
    /// @throws io.millrace.wire.ServiceException worded as DynamoDB words it
    public static String normal(String text) {
        return PlainNumber.isNormal(text) ? text : parse(text).toString();
    }

    /// The sum.
    ///
    /// @throws io.millrace.wire.ServiceException when 38 digits cannot hold it; DynamoDB calls that
    ///   an overflow, whatever the cause
    public DecimalNumber plus(DecimalNumber other) {
        return checked(value.add(other.value));
    }

    /// The difference.
    ///
    /// @throws io.millrace.wire.ServiceException when 38 digits cannot hold it
    public DecimalNumber minus(DecimalNumber other) {
        return checked(value.subtract(other.value));
    }

    /// The bytes that the number counts in an item's size: a byte for each pair of digits, paired
    /// from the decimal point, one more, and one for a minus sign. Source: measured by public
    /// suites against AWS; the documented rule is coarser.
    public int sizeBytes() {
        if (value.signum() == 0) {
            return 1;
        }
        return sizeBytes(value.precision(), exponent(), value.signum() < 0);
    }

    static int sizeBytes(int digits, int exponent, boolean negative) {
        boolean straddles = digits % 2 == 0 && exponent % 2 == 0;
        return 1 + (digits + 1) / 2 + (straddles ? 1 : 0) + (negative ? 1 : 0);
    }

    int signum() {
        return value.signum();
    }

    /// The power of ten of the first significant digit.
    int exponent() {
        return value.precision() - value.scale() - 1;
    }

    /// All significant digits, without sign, point and trailing zeros.
    String digits() {
        return value.unscaledValue().abs().toString();
    }

    static DecimalNumber of(boolean negative, String digits, int exponent) {
        BigInteger unscaled = new BigInteger(digits);
        int scale = digits.length() - exponent - 1;
        return new DecimalNumber(new BigDecimal(negative ? unscaled.negate() : unscaled, scale));
    }

    @Override
    public int compareTo(DecimalNumber other) {
        return value.compareTo(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DecimalNumber that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /// All digits, never an exponent: the normal form that DynamoDB answers.
    @Override
    public String toString() {
        return value.toPlainString();
    }

    private static DecimalNumber checked(BigDecimal sum) {
        DecimalNumber number = new DecimalNumber(sum);
        if (number.value.precision() > DIGITS_MAX || number.exponent() > EXPONENT_MAX) {
            throw ItemErrors.overflow();
        }
        if (number.signum() != 0 && number.exponent() < EXPONENT_MIN) {
            throw ItemErrors.underflow();
        }
        return number;
    }

    /// Whether the text is a long in normal form, and not negative.
    static boolean isShortInteger(String text) {
        return text.length() <= LONG_DIGITS && isPlainInteger(text);
    }

    private static boolean isPlainInteger(String text) {
        if (text.isEmpty() || (text.charAt(0) == '0' && text.length() > 1)) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /// Reads the text once and keeps no more digits than it may have, so that a megabyte of digits
    /// costs no more than reading it.
    private static final class Parser {
        private final String text;
        private final StringBuilder significant = new StringBuilder();
        private int next;
        private boolean anyDigits;
        private long trailingZeros;
        private long digitsBeforePoint;
        private long zerosAfterPoint;

        Parser(String text) {
            this.text = text;
        }

        DecimalNumber parse() {
            boolean negative = at('-');
            if (negative || at('+')) {
                next++;
            }
            digits(false);
            if (at('.')) {
                next++;
                digits(true);
            }
            long power = anyDigits && (at('e') || at('E')) ? power() : 0;
            if (!anyDigits || next < text.length()) {
                throw ItemErrors.notANumber(text);
            }
            if (significant.isEmpty()) {
                // AWS looks at a zero's exponent, too
                requireRange(power);
                return of(0);
            }
            long first = digitsBeforePoint > 0 ? digitsBeforePoint - 1 : -zerosAfterPoint - 1;
            return number(negative, first + power);
        }

        private static void requireRange(long exponent) {
            if (exponent > EXPONENT_MAX) {
                throw ItemErrors.overflow();
            }
            if (exponent < EXPONENT_MIN) {
                throw ItemErrors.underflow();
            }
        }

        private DecimalNumber number(boolean negative, long exponent) {
            requireRange(exponent);
            if (significant.length() > DIGITS_MAX) {
                throw ItemErrors.tooManyDigits();
            }
            return of(negative, significant.toString(), (int) exponent);
        }

        private void digits(boolean afterPoint) {
            for (; next < text.length() && isDigit(text.charAt(next)); next++) {
                anyDigits = true;
                char digit = text.charAt(next);
                if (significant.isEmpty() && digit == '0') {
                    zerosAfterPoint += afterPoint ? 1 : 0;
                    continue;
                }
                digitsBeforePoint += afterPoint ? 0 : 1;
                if (digit == '0') {
                    trailingZeros++;
                } else {
                    significant(digit);
                }
            }
        }

        private void significant(char digit) {
            for (; trailingZeros > 0 && significant.length() <= DIGITS_MAX; trailingZeros--) {
                significant.append('0');
            }
            if (significant.length() <= DIGITS_MAX) {
                significant.append(digit);
            }
        }

        private long power() {
            next++;
            boolean negative = at('-');
            if (negative || at('+')) {
                next++;
            }
            int begin = next;
            long power = 0;
            for (; next < text.length() && isDigit(text.charAt(next)); next++) {
                int digit = text.charAt(next) - '0';
                if (power > (Long.MAX_VALUE - digit) / 10) {
                    throw ItemErrors.notANumber(text);
                }
                power = power * 10 + digit;
            }
            if (next == begin) {
                throw ItemErrors.notANumber(text);
            }
            // far beyond the range either way, and safe to add to
            long bounded = Math.min(power, EXPONENT_BOUND);
            return negative ? -bounded : bounded;
        }

        private boolean at(char c) {
            return next < text.length() && text.charAt(next) == c;
        }
    }
}
