package io.millrace.http;

/// A certificate or a key that cannot be used; the message names the file, for the operator.
public final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TlsException(String message) {
        super(message);
    }

    TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
