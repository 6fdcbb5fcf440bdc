package io.millrace.secret;

/// A secret that cannot be opened, or a master key that is none or the wrong one.
public final class SecretException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SecretException(String message) {
        super(message);
    }

    SecretException(String message, Throwable cause) {
        super(message, cause);
    }
}
