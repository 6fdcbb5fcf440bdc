package io.millrace.policy;

/// Patterns in which `*` stands for any characters and `?` for one. Takes time in proportion to the
/// product of the lengths at most.
public final class Wildcards {
    /// Stand for `*` and `?` themselves, in patterns that hold what others wrote.
    private static final char STAR = '\u0001';

    private static final char QUESTION_MARK = '\u0002';

    private Wildcards() {}

    public static boolean match(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int retry = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                retry = t;
            } else if (p < pattern.length() && stands(pattern.charAt(p), text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++retry;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean stands(char pattern, char c) {
        return switch (pattern) {
            case '?' -> true;
            case STAR -> c == '*';
            case QUESTION_MARK -> c == '?';
            default -> pattern == c;
        };
    }

    /// A pattern for nothing but the text.
    static String literal(String text) {
        return text.replace('*', STAR).replace('?', QUESTION_MARK);
    }

    /// The text of a pattern, in which wildcards are characters like others.
    static String text(String pattern) {
        return pattern.replace(STAR, '*').replace(QUESTION_MARK, '?');
    }
}
