package io.millrace.storage;

/// Says that something stored does not mean anything to this version: a newer one wrote it, or it
/// was written by a fault of ours. What a disk damages is no such thing: the store finds that out,
/// and serves nothing.
public final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableException(String message) {
        super(message);
    }

    UnreadableException(String message, Throwable cause) {
        super(message, cause);
    }
}
