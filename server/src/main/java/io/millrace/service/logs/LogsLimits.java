package io.millrace.service.logs;

import java.time.Duration;
import java.util.List;

/// The limits of CloudWatch Logs: AWS's numbers, or ours where AWS's is a quota of the cloud.
/// Source:
/// [quotas](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html).
final class LogsLimits {

    /// A request's body: a batch may be 1 MiB, which JSON may escape to several times that.
    static final int BODY_BYTES_MAX = 8 << 20;

    /// What a batch of events may be, each with [#EVENT_OVERHEAD_BYTES].
    static final int BATCH_BYTES_MAX = 1 << 20;

    static final int EVENT_OVERHEAD_BYTES = 26;

    static final Duration BATCH_SPAN_MAX = Duration.ofHours(24);
    static final Duration PAST_MAX = Duration.ofDays(14);
    static final Duration FUTURE_MAX = Duration.ofHours(2);

    /// Events, and their bytes, in one answer.
    static final int PAGE_EVENTS_MAX = 10_000;

    static final int PAGE_BYTES_MAX = 1 << 20;

    /// What one search reads before it answers what it has, with a token.
    static final int SEARCHED_EVENTS_MAX = 100_000;

    static final int SEARCHED_BYTES_MAX = 64 << 20;

    /// Streams whose events a search merges; with more it reads the events of the whole group.
    static final int MERGED_STREAMS_MAX = 100;

    static final int GROUPS_MAX = 1_000_000;
    static final int TAGS_MAX = 50;
    static final int DESCRIBED_MAX = 50;
    static final int POLICIES_MAX = 10;
    static final int POLICY_LENGTH_MAX = 5120;

    static final List<Integer> RETENTION_DAYS =
            List.of(
                    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192,
                    2557, 2922, 3288, 3653);

    /// Events that one transaction removes.
    static final int REMOVED_PAGE = 1000;

    /// Between two passes that remove what is older than its group's retention.
    static final Duration EXPIRY_PAUSE = Duration.ofMinutes(10);

    private LogsLimits() {}
}
