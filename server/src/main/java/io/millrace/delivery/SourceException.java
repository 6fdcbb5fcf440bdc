package io.millrace.delivery;

/// A source that cannot be read: gone, or closed to whoever asks. The message says why, in the
/// words of its service.
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SourceException(String reason) {
        super(reason, null, false, false);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
