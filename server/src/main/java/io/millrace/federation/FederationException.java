package io.millrace.federation;

/// The keys of a provider cannot be had.
public final class FederationException extends Exception {
    private static final long serialVersionUID = 1;

    /// What hinders.
    public enum Reason {
        /// The provider does not answer, or not with keys.
        NO_KEYS,
        /// Nobody vouches for its certificate.
        UNTRUSTED
    }

    private final Reason reason;

    FederationException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
