package io.millrace.service.iam;

import java.time.Duration;

/// IAM's limits. Source:
/// [quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
final class IamLimits {
    static final int BODY_BYTES_MAX = 1 << 20;

    /// Results of a simulation in one answer, unless the request says how many.
    static final int SIMULATIONS_PAGE = 100;

    static final int USERS_MAX = 5_000;
    static final int GROUPS_MAX = 300;
    static final int ROLES_MAX = 1_000;
    static final int POLICIES_MAX = 1_500;
    static final int INSTANCE_PROFILES_MAX = 1_000;

    static final int OPEN_ID_PROVIDERS_MAX = 100;
    static final int CLIENT_IDS_MAX = 100;
    static final int THUMBPRINTS_MAX = 5;

    static final int ACCESS_KEYS_PER_USER_MAX = 2;
    static final int GROUPS_PER_USER_MAX = 10;
    static final int POLICIES_ATTACHED_MAX = 10;
    static final int VERSIONS_PER_POLICY_MAX = 5;
    static final int TAGS_MAX = 50;

    /// Characters that are not white space, of all inline policies together.
    static final int USER_POLICY_CHARACTERS_MAX = 2_048;

    static final int GROUP_POLICY_CHARACTERS_MAX = 5_120;
    static final int ROLE_POLICY_CHARACTERS_MAX = 10_240;

    static final int MANAGED_POLICY_CHARACTERS_MAX = 6_144;
    static final int TRUST_POLICY_CHARACTERS_MAX = 2_048;

    static final int MFA_DEVICES_MAX = 8;
    static final int SERIAL_NUMBER_MAX = 256;

    /// The size of pages when a request does not tell it.
    static final int PAGE_SIZE = 100;

    /// Entries that one page looks at; a page that finds less than it may is truncated all the
    /// same.
    static final int LOOKS_PER_PAGE = 10_000;

    static final int SESSION_SECONDS = 3_600;

    /// How long a credential report is good.
    static final Duration CREDENTIAL_REPORT_AGE = Duration.ofHours(4);

    private IamLimits() {}
}
