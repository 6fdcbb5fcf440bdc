package io.millrace.delivery;

import java.time.Duration;

/// Every bound of this package.
final class DeliveryLimits {

    /// Attempts under way at once to one target.
    static final int ATTEMPTS_PER_TARGET = 10;

    /// Attempts under way at once in all: what an endpoint that hangs can take of it is bounded by
    /// [#ATTEMPTS_PER_TARGET].
    static final int ATTEMPTS = 2048;

    /// Of [#ATTEMPTS], those that are for targets without an attempt under way: endpoints that hang
    /// take one each of them, not ten, so that 1,126 may hang before others wait for their end.
    static final int ATTEMPTS_FOR_FIRSTS = 1024;

    /// How long a lane that ran empty waits for more before it is closed.
    static final Duration LANE_LINGER = Duration.ofSeconds(5);

    /// The longest a lane waits at once; it then looks again.
    static final Duration WAIT_MAX = Duration.ofDays(1);

    /// Failed jobs that are kept for people to see and redrive, and for how long.
    static final int FAILED_JOBS = 10_000;

    /// Failed jobs that are shown at once, unless asked for more, and at most.
    static final int FAILED_SHOWN = 100;

    static final int FAILED_SHOWN_MAX = 1000;

    static final Duration FAILED_AGE = Duration.ofDays(14);

    /// Old failed jobs that one failing job clears away.
    static final int FAILED_CLEARED = 4;

    /// How far behind the clock a job may become visible: a commit takes less.
    static final Duration COMMIT_DELAY = Duration.ofMinutes(1);

    /// The age at which a shared payload is first looked at, and the pause between passes.
    static final Duration PAYLOAD_AGE = Duration.ofSeconds(4);

    /// Shared payloads that one pass reads, and removes, at once.
    static final int PAYLOAD_PAGE = 256;

    private DeliveryLimits() {}
}
