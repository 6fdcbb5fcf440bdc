package io.millrace.service.sts;

/// STS's limits. Source: [API
/// reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
final class StsLimits {
    static final int BODY_BYTES_MAX = 64 << 10;

    static final int ROLE_SECONDS = 3_600;

    /// Of a role that a role assumes.
    static final int CHAINED_SECONDS_MAX = 3_600;

    static final int USER_SECONDS = 43_200;
    static final int ROOT_SECONDS_MAX = 3_600;

    static final int POLICY_ARNS_MAX = 10;

    /// Characters of an inline session policy and of the ARNs of managed ones together.
    static final int POLICY_CHARACTERS_MAX = 2_048;

    /// How far the clock of an identity provider may be ahead.
    static final int TOKEN_SKEW_SECONDS = 300;

    static final int SESSION_TAGS_MAX = 50;
    static final int TAG_KEY_CHARACTERS_MAX = 128;
    static final int TAG_VALUE_CHARACTERS_MAX = 256;

    private StsLimits() {}
}
