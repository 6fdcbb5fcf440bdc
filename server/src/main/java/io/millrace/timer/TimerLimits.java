package io.millrace.timer;

import java.time.Duration;

/// Every bound of this package.
final class TimerLimits {

    /// Timers that fire in one transaction.
    static final int BATCH = 64;

    /// The longest that a shard waits at once; it then looks again.
    static final Duration WAIT_MAX = Duration.ofDays(1);

    /// How late a timer may be, counted from the server's start, before its run counts as missed.
    static final Duration GRACE = Duration.ofMinutes(1);

    /// When a timer that failed by our fault is tried again.
    static final Duration RETRY_PAUSE = Duration.ofMinutes(1);

    /// How long after it was set a timer may become visible: a commit takes less.
    static final Duration COMMIT_DELAY = Duration.ofMinutes(1);

    /// Late runs in a row that a recurrence makes up for, when the clock jumps: a day of minutes.
    static final int LATE_RUNS_MAX = 1_440;

    private TimerLimits() {}
}
