package io.millrace.service.logs.filter;

/// A pattern that is none, or that costs too much. The message is what the API answers. Has no
/// stack trace.
public final class FilterPatternException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private FilterPatternException(String message) {
        super(message, null, false, false);
    }

    /// Why, in words for the caller.
    public String reason() {
        return String.valueOf(getMessage());
    }

    static FilterPatternException invalid() {
        return new FilterPatternException("Invalid filter pattern");
    }

    static FilterPatternException unclosed(char open, char close) {
        return new FilterPatternException(
                "If a filter pattern starts with '" + open + "' it must end with '" + close + "'");
    }

    static FilterPatternException invalidCharacters(String term) {
        return new FilterPatternException("Invalid character(s) in term '" + term + "'");
    }

    static FilterPatternException tooManyRegexes(int max) {
        return new FilterPatternException(
                "A filter pattern can contain at most " + max + " regular expressions");
    }

    static FilterPatternException tooExpensive() {
        return new FilterPatternException(
                "The regular expression takes too many steps on a log event");
    }
}
