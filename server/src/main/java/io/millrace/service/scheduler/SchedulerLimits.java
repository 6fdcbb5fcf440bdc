package io.millrace.service.scheduler;

import java.time.Duration;

/// Scheduler's limits: AWS's numbers, or ours where AWS's is a quota of the cloud. Source:
/// [quotas](https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html).
final class SchedulerLimits {

    /// A request's body: an input may be 256 KiB, which JSON may escape to several times that.
    static final int BODY_BYTES_MAX = 2 << 20;

    static final int INPUT_BYTES_MAX = 256 << 10;

    static final int GROUPS_MAX = 500;

    static final int TAGS_MAX = 50;

    static final int PAGE_SIZE = 100;

    /// Schedules that one page looks at; a page that finds less than it may has a token all the
    /// same.
    static final int LOOKS_PER_PAGE = 10_000;

    /// How far in the past a start may lie.
    static final Duration START_AGE_MAX = Duration.ofMinutes(5);

    /// The retry policy of a target that tells none, and its bounds.
    static final int RETRY_ATTEMPTS = 185;

    static final int EVENT_AGE_SECONDS = 86_400;

    /// The delays between attempts: exponential, then steady.
    static final int GROWING_RETRIES = 10;

    static final Duration RETRY_DELAY_MIN = Duration.ofSeconds(1);

    static final Duration RETRY_DELAY_MAX = Duration.ofMinutes(7);

    /// Schedules of a deleted group that one transaction removes.
    static final int REMOVAL_PAGE = 100;

    /// How long a client token is remembered.
    static final Duration TOKEN_AGE = Duration.ofHours(8);

    static final Duration TOKEN_SWEEP_PAUSE = Duration.ofHours(1);

    /// Tokens that one transaction of a sweep looks at.
    static final int TOKEN_PAGE = 1_000;

    private SchedulerLimits() {}
}
