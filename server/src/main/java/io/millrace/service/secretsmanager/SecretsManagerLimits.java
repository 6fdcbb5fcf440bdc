package io.millrace.service.secretsmanager;

import java.time.Duration;

/// Secrets Manager's limits: AWS's numbers, or ours where AWS's is a quota of the cloud. Source:
/// [quotas](https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html).
final class SecretsManagerLimits {

    /// A request's body: a value may be 64 KiB, which JSON may escape to several times that.
    static final int BODY_BYTES_MAX = 1 << 20;

    static final int VALUE_BYTES_MAX = 65_536;

    static final int TAGS_MAX = 50;

    static final int LABELS_PER_VERSION_MAX = 20;

    /// Versions without labels are removed when there are more than this, the oldest first.
    static final int VERSIONS_KEPT = 100;

    /// How old a version is at least when it is removed.
    static final Duration VERSION_AGE = Duration.ofHours(24);

    /// Versions that a secret may have, however young they are.
    static final int VERSIONS_MAX = 1_000;

    static final int PAGE_SIZE = 100;

    /// Secrets that one batch reads.
    static final int BATCH_SIZE = 20;

    /// Secrets that one page looks at; a page that finds less than it may has a token all the same.
    static final int LOOKS_PER_PAGE = 10_000;

    /// Secrets that are put in an order other than that of their names, in one account and region.
    static final int SORTED_SECRETS_MAX = 500_000;

    static final int REPLICAS_MAX = 50;

    static final int POLICY_BYTES_MAX = 20_480;

    static final int RECOVERY_DAYS_MIN = 7;

    static final int RECOVERY_DAYS_MAX = 30;

    static final int RECOVERY_DAYS = 30;

    static final int PASSWORD_LENGTH = 32;

    /// Passwords that are drawn until one has all that it must.
    static final int PASSWORD_DRAWS_MAX = 10_000;

    /// How often a change is tried again that another one has overtaken.
    static final int TRIES_MAX = 5;

    private SecretsManagerLimits() {}
}
