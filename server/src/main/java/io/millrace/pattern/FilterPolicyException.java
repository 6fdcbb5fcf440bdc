package io.millrace.pattern;

/// A filter policy that AWS would refuse. The message is the part of AWS's wording that follows
/// `Invalid parameter: `. Has no stack trace.
public final class FilterPolicyException extends Exception {
    private static final long serialVersionUID = 1L;

    FilterPolicyException(String message) {
        super(message, null, false, false);
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
