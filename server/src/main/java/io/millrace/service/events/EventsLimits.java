package io.millrace.service.events;

import java.time.Duration;

/// EventBridge's limits: AWS's numbers, or ours where AWS's is a quota of the cloud. Source:
/// [quotas](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html).
final class EventsLimits {

    /// A request's body: an entry may be 1 MiB, which JSON may escape to several times that.
    static final int BODY_BYTES_MAX = 8 << 20;

    /// All entries of a PutEvents request together.
    static final int ENTRIES_BYTES_MAX = 1 << 20;

    /// What AWS counts for an entry's `Time`.
    static final int TIME_BYTES = 14;

    /// Source: [API
    /// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html).
    static final int DETAIL_TYPE_CHARACTERS_MAX = 128;

    static final int TARGETS_PER_RULE_MAX = 5;

    /// AWS allows 300 by default; matching does not get slower here.
    static final int RULES_PER_BUS_MAX = 1_000_000;

    /// AWS allows 100 by default.
    static final int BUSES_MAX = 10_000;

    static final int TAGS_MAX = 50;

    /// AWS allows 100 by default.
    static final int ARCHIVES_MAX = 10_000;

    /// How many archived events one transaction removes.
    static final int EXPIRE_PAGE = 1_000;

    /// As at AWS: an account's in a region.
    static final int ACTIVE_REPLAYS_MAX = 10;

    /// How long a replay is shown after its end.
    static final Duration REPLAY_KEPT = Duration.ofDays(90);

    /// How many events of a replay one transaction sends, and how large they are together.
    static final int REPLAY_EVENTS = 64;

    static final int REPLAY_BYTES = 1 << 20;

    /// How many archived events one transaction of a replay looks at.
    static final int REPLAY_KEYS = 2_000;

    /// A replay's slowest pace, in events a second or as a part of the events' own.
    static final double REPLAY_RATE_MIN = 0.001;

    /// How many archived events a dry run looks at.
    static final int DRY_RUN_EVENTS = 100_000;

    /// How often archives are looked through for what has expired.
    static final Duration EXPIRE_PAUSE = Duration.ofMinutes(10);

    static final int POLICY_BYTES_MAX = 10 * 1024;

    static final int PAGE_SIZE = 100;

    /// How many changes of rules are kept, for servers that have to catch up.
    static final int CHANGES_KEPT = 1024;

    /// How many rules a server keeps compiled, over all buses.
    static final int COMPILED_RULES_MAX = 1_000_000;

    /// How many deliveries a request makes in its transaction, and how large they may be together.
    /// What is more follows in pages: [FanOut].
    static final int DELIVERIES_MAX = 10_000;

    static final int DELIVERIES_BYTES_MAX = 32 << 20;

    /// How often a request prepares the index of a bus's rules before it reads them all itself.
    static final int PREPARATIONS = 10;

    static final int PREPARED_PAGES_MAX = 1_000;

    /// The deliveries of one page behind that.
    static final int FAN_OUT_DELIVERIES = 1_000;

    static final int FAN_OUT_BYTES = 8 << 20;

    /// How many buses have a page in one turn.
    static final int FAN_OUT_BUSES = 16;

    /// AWS allows 3,000 of each by default.
    static final int CONNECTIONS_MAX = 10_000;

    static final int DESTINATIONS_MAX = 10_000;

    /// How fast an API destination is called that does not say.
    static final int INVOCATIONS_PER_SECOND = 300;

    /// How many calls of one API destination may be waiting for their turn.
    static final int TURNS_AHEAD_MAX = 1000;

    /// How long an endpoint may take to answer.
    static final Duration ENDPOINT_TIMEOUT = Duration.ofSeconds(5);

    /// What is read of an endpoint's answer; the rest is thrown away.
    static final int ANSWER_BYTES_MAX = 1 << 20;

    /// How long a token is good that does not say, and how long before its end it is renewed.
    static final Duration TOKEN_AGE = Duration.ofHours(1);

    static final Duration TOKEN_MARGIN = Duration.ofSeconds(30);

    /// Tokens that are remembered.
    static final int TOKENS_MAX = 1000;

    /// Partner event sources of one account in one region.
    static final int EVENT_SOURCES_MAX = 10_000;

    /// How long a partner event source waits for a bus.
    static final Duration EVENT_SOURCE_PENDING = Duration.ofDays(14);

    /// The pause between looking for event sources that have expired.
    static final Duration EVENT_SOURCE_SWEEP = Duration.ofHours(1);

    /// AWS allows 100 by default.
    static final int ENDPOINTS_MAX = 10_000;

    /// Of a target that has no retry policy, and at most.
    static final int RETRIES_MAX = 185;

    static final Duration EVENT_AGE_MAX = Duration.ofDays(1);

    /// Rules that an explanation shows, unless told otherwise and at most; and how many may come
    /// before them.
    static final int EXPLAINED = 20;

    static final int EXPLAINED_MAX = 1000;

    static final int EXPLAINED_OFFSET_MAX = 100_000;

    private EventsLimits() {}
}
