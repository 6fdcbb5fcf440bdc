package io.millrace.service.pipes;

import java.time.Duration;

/// Every bound of this package.
final class PipesLimits {
    static final int BODY_BYTES_MAX = 2 << 20;

    /// Pipes of an account in a region; AWS has 1,000 in most regions.
    static final int PIPES_MAX = 10_000;

    static final int PAGE_SIZE = 100;
    static final int TAGS_MAX = 50;
    static final int STATE_REASON_CHARS_MAX = 512;

    static final int QUEUE_BATCH_DEFAULT = 10;
    static final int STREAM_BATCH_DEFAULT = 100;

    /// What one receive asks for, and one transaction moves, however large a batch is.
    static final int RECEIVE_MAX = 1_000;

    /// Batches of one shard under way at once.
    static final int PARALLELIZATION_MAX = 10;

    /// Records of a shard that one reading looks at for those of one slot.
    static final int SCAN_MAX = 10_000;

    /// Records of other slots that a slot passes over before it writes down how far it is.
    static final int SKIPPED_MAX = 1_000;

    /// The payload of one batch, as AWS has it.
    static final int BATCH_BYTES_MAX = 6 << 20;

    /// Batches of one queue under way at once, where they call something outside of the store.
    static final int CALLING_LANES = 5;

    static final int ENRICHMENT_BYTES_MAX = 6 << 20;

    /// What a template may grow to.
    static final int OUTPUT_CHARS_MAX = 6 << 20;

    static final Duration RETRY_MIN = Duration.ofSeconds(1);
    static final Duration RETRY_MAX = Duration.ofMinutes(1);

    /// How long a queue's lane rests after batches that failed, at most: the messages themselves
    /// wait for their visibility timeout.
    static final Duration REST_MAX = Duration.ofSeconds(10);

    /// How soon a source that cannot be read is looked at again.
    static final Duration SOURCE_PAUSE = Duration.ofSeconds(30);

    /// How long a pipe rests after a fault of our own.
    static final Duration FAULT_PAUSE = Duration.ofSeconds(10);

    /// How long a server may leave the question unanswered whether it lives.
    static final Duration ANSWER_MAX = Duration.ofSeconds(15);

    /// How often another server is asked while it has pipes.
    static final Duration ASK_PAUSE = Duration.ofSeconds(10);

    static final Duration WAIT_MAX = Duration.ofDays(1);

    /// A record of a pipe's log; AWS cuts its data to fit 256 KB.
    static final int LOG_DATA_CHARS_MAX = 200_000;

    private PipesLimits() {}
}
