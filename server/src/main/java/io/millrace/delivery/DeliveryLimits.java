package io.millrace.delivery;

import java.time.Duration;

/// Every bound of this package.
final class DeliveryLimits {

    /// Attempts under way at once to one target.
    static final int ATTEMPTS_PER_TARGET = 10;

    /// An attempt that takes longer gives up its place among the quick ones, and its target goes to
    /// the slow ones until it is quick again.
    static final Duration SLOW_AFTER = Duration.ofSeconds(1);

    /// Attempts under way at once that are not slow yet, at targets that were not slow last.
    static final int QUICK_ATTEMPTS = 1024;

    /// How many of [#QUICK_ATTEMPTS] may be at targets of which nothing is known.
    static final int UNKNOWN_ATTEMPTS = 768;

    /// Attempts under way at once at targets that were slow last.
    static final int SLOW_ATTEMPTS = 512;

    /// A target hangs whose attempt took more than so many times [#SLOW_AFTER].
    static final int HANGS_AFTER = 5;

    /// Attempts under way at once at targets that hung last.
    static final int HANGING_ATTEMPTS = 1024;

    /// Attempts under way at once that were slow only after they began, together with the quick
    /// ones. Beyond that the oldest of them is called off for each that begins.
    static final int ATTEMPTS = 8192;

    /// Targets of which it is known while they are owed nothing whether they were quick last.
    static final int KNOWN_TARGETS = 32_768;

    /// Of each kind of places one of so many parts may be at targets that have another attempt
    /// under way: those that hang take one each of the rest, not ten.
    static final int PARTS_FOR_FURTHER = 2;

    /// Payloads longer than [#PAYLOAD_BYTES_FREE] of all attempts under way, in a small heap less;
    /// the others are bounded by the count of attempts.
    static final int PAYLOAD_BYTES =
            (int) Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 4);

    static final int PAYLOAD_BYTES_FREE = 16 << 10;

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
