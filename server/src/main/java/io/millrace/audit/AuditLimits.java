package io.millrace.audit;

import java.time.Duration;

/// Every bound of this package.
final class AuditLimits {

    /// Records on one page of answers.
    static final int PAGE_SIZE = 50;

    static final int PAGE_SIZE_MAX = 1_000;

    /// Records that one page looks at; one that finds less than it may has a token all the same.
    static final int LOOKS_PER_PAGE = 20_000;

    static final Duration SWEEP_PAUSE = Duration.ofHours(1);

    /// Accounts whose old records one pass of a sweep removes.
    static final int ACCOUNTS_PER_SWEEP = 10_000;

    private AuditLimits() {}
}
