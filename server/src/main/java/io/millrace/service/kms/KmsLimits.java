package io.millrace.service.kms;

import java.time.Duration;

/// KMS's limits: AWS's numbers, or ours where AWS's is a quota of the cloud. Source:
/// [quotas](https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html).
final class KmsLimits {

    static final int BODY_BYTES_MAX = 1 << 20;

    static final int POLICY_BYTES_MAX = 32 << 10;

    static final int TAGS_MAX = 50;

    static final int ALIASES_MAX = 50;

    static final int GRANTS_MAX = 50_000;

    /// Entries of a page when the request does not say.
    static final int PAGE_SIZE = 100;

    static final int SMALL_PAGE_SIZE = 50;

    /// Entries that one page looks at; a page that finds less has a marker all the same.
    static final int LOOKS_PER_PAGE = 10_000;

    static final int DELETION_DAYS_MIN = 7;

    static final int DELETION_DAYS_MAX = 30;

    static final int ROTATION_DAYS = 365;

    static final int ROTATIONS_ON_DEMAND_MAX = 25;

    /// Materials of one key, so that its record stays small: a rotation each 90 days for 120 years.
    static final int MATERIALS_MAX = 500;

    /// Opened materials that are kept in memory.
    static final int OPENED_MAX = 4_096;

    /// Plaintext of one ciphertext: what a private key of 4096 bits takes.
    static final int PLAINTEXT_BYTES_MAX = 4_096;

    static final int DATA_KEY_BYTES_MAX = 1_024;

    /// Grants of a deleted key that one transaction removes.
    static final int REMOVAL_PAGE = 1_000;

    static final Duration IMPORT_TOKEN_AGE = Duration.ofHours(24);

    /// How far ahead imported material may expire.
    static final Duration IMPORT_AGE_MAX = Duration.ofDays(365);

    private KmsLimits() {}
}
