package io.millrace.service.sns;

import io.millrace.delivery.RetryPolicy;
import io.millrace.delivery.RetryPolicy.Backoff;
import io.millrace.delivery.RetryPolicy.Phase;

import java.time.Duration;

/// Every bound of this service. Source:
/// [quotas](https://docs.aws.amazon.com/general/latest/gr/sns.html).
final class SnsLimits {
    static final int REQUEST_BYTES = 4 * 1024 * 1024;
    static final int ATTRIBUTE_NAME_CHARACTERS = 256;
    static final int SUBJECT_CHARACTERS = 100;
    static final int DISPLAY_NAME_CHARACTERS = 100;
    static final int BATCH_ENTRIES = 10;
    static final int BATCH_ID_CHARACTERS = 80;
    static final int MESSAGE_ID_CHARACTERS = 128;
    static final int PAGE_ITEMS = 100;
    static final int TAGS = 50;
    static final int FIFO_TOPIC_SUBSCRIPTIONS = 100;
    static final int RAW_SQS_ATTRIBUTES = 10;

    /// Of a topic's policy.
    static final int POLICY_BYTES = 30 * 1024;

    static final int POLICY_STATEMENTS = 100;
    static final int STATEMENT_PRINCIPALS = 200;

    /// The longest that a topic's archive keeps messages.
    static final int ARCHIVE_DAYS = 365;

    /// Archived messages that one transaction replays.
    static final int REPLAY_PAGE = 100;

    /// After so many bytes of them, no further one.
    static final long REPLAY_BYTES = 2 * 1024 * 1024;

    static final int DATA_PROTECTION_POLICY_CHARACTERS = 30_720;
    static final int DATA_IDENTIFIERS_CUSTOM = 10;
    static final int DATA_IDENTIFIER_REGEX_CHARACTERS = 200;
    static final int CACHED_PROTECTION_POLICIES = 256;

    /// Places of one kind of data that an audit tells of one message.
    static final int DETECTIONS = 100;

    /// Topics whose deliveries are counted.
    static final int COUNTED_TOPICS = 10_000;

    /// Delivery statuses that are kept: of so many topics, so many of each, so long.
    static final int LOGGED_GROUPS = 200;

    static final int LOGGED_LINES = 1000;
    static final Duration LOGGED_AGE = Duration.ofDays(1);

    static final int SMS_CHARACTERS = 1600;
    static final int SANDBOX_NUMBERS = 10;
    static final int SANDBOX_ATTEMPTS = 15;

    static final Duration SANDBOX_PASSWORD_AGE = Duration.ofDays(1);

    /// How long a number stays opted out at least that was opted in before.
    static final Duration OPT_IN_PAUSE = Duration.ofDays(30);

    static final Duration DEDUPLICATION = Duration.ofMinutes(5);

    /// How long a confirmation link is good, and a subscription may wait for it.
    static final Duration TOKEN_AGE = Duration.ofDays(2);

    static final Duration HTTP_TIMEOUT = Duration.ofSeconds(15);

    /// Retries of one message that a delivery policy may ask for.
    static final int HTTP_RETRIES = 100;

    /// The total time of an HTTP endpoint's retries.
    static final Duration HTTP_RETRY_AGE = Duration.ofHours(1);

    /// Retries towards people: mails, text messages and mobile push. Source: [developer
    /// guide](https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html).
    static final RetryPolicy CUSTOMER_ENDPOINT_RETRIES =
            RetryPolicy.of(
                    Phase.steady(2, Duration.ofSeconds(10)),
                    new Phase(10, 10_000, 600_000, Backoff.EXPONENTIAL),
                    Phase.steady(38, Duration.ofMinutes(10)));

    /// Subscriptions that one transaction serves or removes; more are served in pages.
    static final int PAGE_SUBSCRIPTIONS = 100;

    /// Deliveries to queues of one message that the trace is told of: those of the first page.
    static final int TRACED_DELIVERIES = PAGE_SUBSCRIPTIONS;

    /// Subscriptions that one transaction of a fan-out serves, fewer when the message is large: so
    /// that its writes stay within this many bytes even if each recipient kept a copy.
    static final int FAN_OUT_SUBSCRIPTIONS = 400;

    static final int FAN_OUT_BYTES = 16 * 1024 * 1024;

    /// Topics that take part in one turn of the fan-out.
    static final int FAN_OUT_TOPICS = 64;

    /// What storing a text once for all recipients of a transaction must save.
    static final int SHARING_SAVES_BYTES = 2048;

    /// Signatures that are kept for further readers: about half a kilobyte each.
    static final int CACHED_SIGNATURES = 8192;

    /// Filter policies of a topic. AWS has 200, and more on request.
    static final int FILTER_POLICIES = 1_000_000;

    /// Changes of a topic's filter policies by which an index can catch up.
    static final int CHANGES_KEPT = 16_384;

    /// Subscriptions with a filter policy that are indexed in memory, of all topics together: about
    /// a kilobyte each.
    static final int INDEXED_SUBSCRIPTIONS = 1_000_000;

    /// How often a publish prepares an index outside of its transaction.
    static final int PREPARATIONS = 3;

    /// Topics whose recipients are kept in memory, if they have less than a page.
    static final int KEPT_TOPICS = 1024;

    /// Publications under way whose recipients are remembered from page to page.
    static final int MATCHED_KEPT = 16;

    /// Expired entries that one publish clears away.
    static final int EXPIRED_CLEARED = 8;

    /// Subscriptions that an explanation shows, unless told otherwise and at most.
    static final int EXPLAINED = 20;

    static final int EXPLAINED_MAX = 1000;

    private SnsLimits() {}
}
