package io.millrace.service.sns;

import java.util.regex.Pattern;

/// Telephone numbers, in E.164.
final class PhoneNumbers {
    private static final Pattern E164 = Pattern.compile("\\+?[1-9]\\d{1,14}");
    private static final Pattern SEPARATORS = Pattern.compile("[./-]");
    private static final Pattern MISPLACED = Pattern.compile("[./-]{2,}|^[./-]|[./-]$");

    private PhoneNumbers() {}

    /// For subscriptions, which may have separators between digits.
    static void checkSubscription(String endpoint) {
        boolean misplaced = MISPLACED.matcher(endpoint).find();
        if (misplaced || !isNumber(SEPARATORS.matcher(endpoint).replaceAll(""))) {
            throw SnsErrors.invalid("Invalid SMS endpoint: " + endpoint);
        }
    }

    static void checkPublish(String number) {
        if (!isNumber(number)) {
            throw SnsErrors.invalidParameter("PhoneNumber", number + " is not valid to publish to");
        }
    }

    static void checkFormat(String number) {
        if (!isNumber(number)) {
            throw SnsErrors.invalidParameter("PhoneNumber", "input incorrectly formatted");
        }
    }

    static boolean isNumber(String text) {
        return E164.matcher(text).matches();
    }

    /// The one way in which a number is kept: digits behind a `+`.
    static String normal(String number) {
        String digits = SEPARATORS.matcher(number).replaceAll("");
        return digits.startsWith("+") ? digits : "+" + digits;
    }
}
