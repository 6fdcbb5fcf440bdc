package io.millrace.service.dynamodb.partiql;

/// Limits of statements. A statement's 8,192 characters are the model's limit.
final class PartiqlLimits {

    /// How deep terms may nest: ours, so that no statement can exhaust a stack. AWS's own limit is
    /// not known; its limit on values is [io.millrace.service.dynamodb.item.ItemRules#DEPTH_MAX].
    static final int NESTING_MAX = 100;

    /// How many sums and differences a value may be made of, one inside the other: the limit that
    /// expressions have.
    static final int OPERATORS_MAX = 300;

    static final int TABLE_NAME_LENGTH_MIN = 3;
    static final int TABLE_NAME_LENGTH_MAX = 255;

    private PartiqlLimits() {}
}
