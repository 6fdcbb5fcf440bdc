package io.millrace.service.sqs;

import java.time.Duration;

/// Every limit of SQS, as the
/// [quotas](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-quotas.html)
/// and the API reference tell them, and ours.
final class SqsLimits {

    static final int QUEUE_NAME_LENGTH_MAX = 80;
    static final int MESSAGE_BYTES_MIN = 1024;
    static final int MESSAGE_BYTES_MAX = 1_048_576;
    static final int BATCH_BYTES_MAX = 1_048_576;
    static final int BATCH_ENTRIES_MAX = 10;
    static final int BATCH_ENTRY_ID_LENGTH_MAX = 80;
    static final int RECEIVE_MESSAGES_MAX = 10;
    static final int MESSAGE_ATTRIBUTES_MAX = 10;
    static final int ATTRIBUTE_NAME_LENGTH_MAX = 256;
    static final int FIFO_ID_LENGTH_MAX = 128;
    static final int DELAY_SECONDS_MAX = 900;
    static final int WAIT_TIME_SECONDS_MAX = 20;
    static final int VISIBILITY_TIMEOUT_SECONDS_MAX = 43_200;
    static final int RETENTION_SECONDS_MIN = 60;
    static final int RETENTION_SECONDS_MAX = 1_209_600;
    static final int IN_FLIGHT_MAX = 120_000;
    static final int MAX_RECEIVE_COUNT_MAX = 1000;
    static final int SOURCE_QUEUES_MAX = 10;
    static final int TAGS_MAX = 50;
    static final int TAG_KEY_LENGTH_MAX = 128;
    static final int TAG_VALUE_LENGTH_MAX = 256;
    static final int POLICY_BYTES_MAX = 8192;
    static final int POLICY_ACTIONS_MAX = 7;
    static final int POLICY_STATEMENTS_MAX = 20;
    static final int POLICY_PRINCIPALS_MAX = 50;
    static final int POLICY_CONDITIONS_MAX = 10;
    static final int LABEL_LENGTH_MAX = 80;
    static final int LIST_RESULTS_MAX = 1000;
    static final int KMS_REUSE_SECONDS_MIN = 60;
    static final int KMS_REUSE_SECONDS_MAX = 86_400;
    static final int SEQUENCE_NUMBER_DIGITS = 20;

    static final int MOVES_PER_SECOND_MAX = 500;
    static final int MOVE_RESULTS_MAX = 10;
    static final int ACTIVE_MOVES_MAX = 100;

    static final Duration MOVE_TASK = Duration.ofHours(36);

    /// A pattern of a move filter is as long as EventBridge's at most: those of a megabyte took
    /// half a minute, and a gigabyte of memory.
    static final int MOVE_PATTERN_CHARS_MAX = 4096;

    static final Duration DEDUPLICATION = Duration.ofMinutes(5);
    static final Duration RECEIVE_ATTEMPT = Duration.ofMinutes(5);
    static final Duration PURGE_INTERVAL = Duration.ofSeconds(60);
    static final Duration DELETED_NAME_REST = Duration.ofSeconds(60);

    /// A batch of one MiB, in base64 inside JSON or percent-encoded in a form.
    static final int BODY_BYTES_MAX = 8 * 1_048_576;

    /// How many entries of a queue's lists one read brings into memory.
    static final int BACKLOG_PAGE = 64;

    /// How many new entries of its ready list a queue keeps in memory until somebody receives.
    static final int ARRIVALS_MAX = 512;

    /// The same of all queues, some 80 bytes each; beyond that all are forgotten, and those of
    /// queues that are received from come back.
    static final int ARRIVALS_OF_ALL_MAX = 100_000;

    /// How far the due list is read ahead of its time, so that it is read no more than so often
    /// while nothing is due.
    static final Duration DUE_LOOK_AHEAD = Duration.ofSeconds(1);

    /// How many entries of a lane one read brings into memory, and how many lanes are there at
    /// most: more are opened when others are closed.
    static final int LANE_PAGE = 10;

    static final int LANES_MAX = 10_000;

    /// How many entries that open lanes one read passes.
    static final int OPENERS_PAGE = 1000;

    /// A group of a standard queue is noisy when it has more than one of so many parts of what is
    /// in flight, and at least so many messages, or had it of the processing time in about so long.
    static final long NOISY_PARTS = 10;

    static final int NOISY_IN_FLIGHT_MIN = 30;
    static final Duration RECENT_PROCESSING = Duration.ofMinutes(1);

    /// How many groups may be remembered that have nothing in flight and took next to no time.
    static final int QUIET_LOADS_MAX = 1000;

    /// How many due entries are brought into memory at most to find those of quiet groups.
    static final int DUE_PAGE = 1000;

    /// How long due entries that are all of noisy groups are kept before they are read again.
    static final Duration DUE_LOOK_PAUSE = Duration.ofMillis(100);

    /// How far the floor of due entries may lag behind before a receive raises it.
    static final Duration FLOOR_STEP = Duration.ofMillis(10);

    /// How long an old message may stay that came to a dead-letter queue after its end.
    static final Duration AGED_PAUSE = Duration.ofMinutes(1);

    /// How many messages one transaction of the background cleanup removes.
    static final int CLEANUP_PAGE = 100;

    /// How many messages one transaction of a move task looks at, and about how many bytes.
    static final int MOVE_PAGE = 100;

    static final long MOVE_PAGE_BYTES = 4 * 1_048_576;

    /// How many messages an onlooker is shown at once; how many it looks at by default, and at most
    /// to find some; and about how many characters all their bodies may have.
    static final int INSPECTED_MAX = 1_000;

    static final int INSPECTION_PAGE = 100;
    static final int LOOKED_MAX = 100_000;
    static final long INSPECTED_CHARACTERS_MAX = 16 * 1_048_576;

    private SqsLimits() {}
}
