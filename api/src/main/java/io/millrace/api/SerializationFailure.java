package io.millrace.api;

/// The input cannot be read as the shape that the model asks for. The message is what AWS would
/// say, and may be empty. Has no stack trace: it is the caller's fault, and common under attack.
public final class SerializationFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SerializationFailure(String message) {
        super(message, null, false, false);
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
