package io.millrace.cloudtrail;

import java.util.Locale;

/// Which calls are told to event buses.
public enum CloudTrailMode {
    OFF,

    /// Those that manage resources.
    MANAGEMENT,

    /// Also those that read and write what is in them.
    ALL;

    /// What an operator has written.
    ///
    /// @throws IllegalArgumentException when it is none, with a message for the operator
    public static CloudTrailMode of(String text) {
        for (CloudTrailMode mode : values()) {
            if (mode.name().equals(text.toUpperCase(Locale.ROOT))) {
                return mode;
            }
        }
        throw new IllegalArgumentException("--cloudtrail is off, management or all, not " + text);
    }
}
