package io.millrace.trace;

import java.time.Duration;

/// How long traces are kept.
///
/// @param retention zero to keep none
public record TraceOptions(Duration retention) {

    public static final TraceOptions DEFAULT = new TraceOptions(Duration.ofHours(24));

    public static final Duration RETENTION_MAX = Duration.ofDays(366);

    public boolean isOn() {
        return !retention.isZero();
    }
}
