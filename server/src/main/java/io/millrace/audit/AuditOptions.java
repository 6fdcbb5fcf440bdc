package io.millrace.audit;

import java.time.Duration;
import java.util.Locale;

/// What is recorded, and for how long.
///
/// @param mode which calls
/// @param retention positive
public record AuditOptions(Mode mode, Duration retention) {

    /// Which calls are recorded.
    public enum Mode {
        /// None.
        OFF,

        /// Those that manage resources, and whatever was refused.
        MANAGEMENT,

        /// Also those that read and write what is in them.
        ALL
    }

    public static final Duration RETENTION = Duration.ofDays(90);
    public static final AuditOptions OFF = new AuditOptions(Mode.OFF, RETENTION);
    public static final AuditOptions MANAGEMENT = new AuditOptions(Mode.MANAGEMENT, RETENTION);

    /// What an operator has written.
    ///
    /// @throws IllegalArgumentException when it is none, with a message for the operator
    public static Mode mode(String text) {
        for (Mode mode : Mode.values()) {
            if (mode.name().equals(text.toUpperCase(Locale.ROOT))) {
                return mode;
            }
        }
        throw new IllegalArgumentException("--audit is off, management or all, not " + text);
    }
}
