package io.millrace.service.sqs;

/// Texts of which names consist: ASCII letters, digits, and a few others.
final class Alphanumeric {

    private Alphanumeric() {}

    /// Whether `text` has no other characters than letters, digits and those in `others`.
    static boolean matches(String text, String others) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            if (!letter && !digit && others.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
