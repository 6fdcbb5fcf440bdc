package io.millrace.http;

/// A request's body cannot be had. Has no stack trace: it is the client's fault.
public final class BodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Why not.
    public enum Reason {
        /// It is longer than the handler accepts.
        TOO_LARGE,
        /// Its framing, or its compression, is broken.
        MALFORMED,
        /// It came too slowly, or the client is gone.
        ABORTED,
        /// There is no memory for it at the moment.
        OVERLOADED
    }

    private final Reason reason;

    public BodyException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
