package io.millrace.service.logs.filter;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression between percent signs, of the characters that AWS allows: no groups, and so
/// nothing that takes exponential time; what still takes too long is cut off.
final class Regex {
    static final int COUNT_MAX = 2;

    private static final String SYMBOLS = "_#=@/;,:-^$?[]{}|\\*+.";
    private static final int STEPS_PER_CHARACTER = 100;
    private static final int STEPS_MIN = 100_000;

    private final Pattern pattern;

    private Regex(Pattern pattern) {
        this.pattern = pattern;
    }

    static Regex parse(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = c < 128 && Character.isLetterOrDigit(c);
            if (!alphanumeric && SYMBOLS.indexOf(c) < 0) {
                throw FilterPatternException.invalidCharacters(text);
            }
        }
        try {
            return new Regex(Pattern.compile(text));
        } catch (PatternSyntaxException _) {
            throw FilterPatternException.invalidCharacters(text);
        }
    }

    boolean foundIn(String message) {
        int steps = Math.max(STEPS_MIN, STEPS_PER_CHARACTER * Math.min(message.length(), 1 << 20));
        return pattern.matcher(new Bounded(message, new int[] {steps})).find();
    }

    /// Text that is looked at a bounded number of times.
    private record Bounded(String text, int[] steps) implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (steps[0]-- == 0) {
                throw FilterPatternException.tooExpensive();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Bounded(text.substring(start, end), steps);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
