package io.millrace.app;

/// The server cannot start, for a reason that its operator can do something about. The message is
/// one line for them.
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
