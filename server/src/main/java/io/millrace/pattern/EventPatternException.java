package io.millrace.pattern;

/// A pattern that is not valid; the message is the reason, with its position where it has one.
public final class EventPatternException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EventPatternException(String reason) {
        super(reason, null, false, false);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
