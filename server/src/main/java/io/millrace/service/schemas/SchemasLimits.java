package io.millrace.service.schemas;

import java.time.Duration;

/// The bounds of the schema registry. AWS's where it names one, ours elsewhere. Source:
/// [quotas](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html).
final class SchemasLimits {

    static final int BODY_BYTES_MAX = 2 << 20;

    static final int REGISTRY_NAME_LENGTH_MAX = 64;
    static final int SCHEMA_NAME_LENGTH_MAX = 385;

    /// Of an account in a region, without the two that are not made by hand. AWS: 10.
    static final int REGISTRIES_MAX = 100;

    /// Of a registry. AWS: 100 in an account, and 200 discovered ones.
    static final int SCHEMAS_MAX = 1000;

    /// Of a schema, as in AWS.
    static final int VERSIONS_MAX = 100;

    /// Of an account in a region. AWS: 10.
    static final int DISCOVERERS_MAX = 100;

    static final int CONTENT_LENGTH_MAX = 100_000;

    static final int TAGS_MAX = 50;
    static final int TAG_KEY_LENGTH_MAX = 128;
    static final int TAG_VALUE_LENGTH_MAX = 256;

    static final int POLICY_BYTES_MAX = 20 * 1024;

    static final int PAGE_SIZE = 100;

    /// How many schemas one search reads for a page.
    static final int SEARCHED_MAX = 1000;

    /// How much content one search reads, and the rest of the schema that it came to.
    static final long SEARCHED_CHARACTERS_MAX = 32L << 20;

    static final int KEYWORDS_MAX = 20;

    /// Deeper events are not inferred from, as in AWS.
    static final int DEPTH_MAX = 255;

    /// Events of one discoverer that wait to be inferred from.
    static final int PENDING_MAX = 1024;

    /// In which of those slots a shape may wait; when others have them all, it is dropped.
    static final int SLOTS_TRIED = 16;

    /// Events that one transaction infers from.
    static final int INFERRED_AT_ONCE_MAX = 128;

    /// Larger events are not inferred from.
    static final int EVENT_BYTES_MAX = 256 * 1024;

    /// Shapes of events that a server remembers as known, of all discoverers.
    static final int KNOWN_SHAPES_MAX = 1 << 16;

    /// How long new shapes are collected, so that a burst of them makes one version.
    static final Duration LINGER = Duration.ofMillis(100);

    /// Properties of one object; with more it is a map, whose keys are data.
    static final int PROPERTIES_MAX = 1000;

    private SchemasLimits() {}
}
