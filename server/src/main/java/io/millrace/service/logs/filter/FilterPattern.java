package io.millrace.service.logs.filter;

import java.util.Map;

/// A filter pattern, which log events match or not. Immutable and thread-safe.
public sealed interface FilterPattern permits EveryEvent, TermsPattern, JsonPattern, FieldsPattern {

    /// Whether an event with this text matches.
    ///
    /// @throws FilterPatternException when a regular expression of the pattern takes too long
    boolean matches(String message);

    /// The fields of an event that matches, by `$name` or `$number`; only patterns for
    /// space-delimited events have them.
    Map<String, String> extract(String message);

    /// Reads a pattern.
    ///
    /// @throws FilterPatternException when it is none
    static FilterPattern parse(String text) {
        String pattern = text.strip();
        if (pattern.isEmpty()) {
            return new EveryEvent();
        }
        return switch (pattern.charAt(0)) {
            case '{' -> JsonPattern.parse(inside(pattern, '{', '}'));
            case '[' -> FieldsPattern.parse(inside(pattern, '[', ']'));
            default -> TermsPattern.parse(new PatternText(pattern));
        };
    }

    private static PatternText inside(String pattern, char open, char close) {
        if (pattern.length() < 2 || pattern.charAt(pattern.length() - 1) != close) {
            throw FilterPatternException.unclosed(open, close);
        }
        return new PatternText(pattern.substring(1, pattern.length() - 1));
    }
}
