package io.millrace.policy;

/// A text is not a valid policy. The message says why, in IAM's words. Has no stack trace.
public final class PolicyException extends Exception {
    private static final long serialVersionUID = 1L;

    PolicyException(String message) {
        super(message, null, false, false);
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
