package io.millrace.service.dynamodb.expression;

/// Limits of expressions. Source: [service
/// quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters).
final class ExpressionLimits {

    static final int EXPRESSION_BYTES_MAX = 4096;

    /// Comparisons, functions, `+` and `-`.
    static final int OPERATORS_MAX = 300;

    static final int IN_OPERANDS_MAX = 100;
    static final int PATH_DEPTH_MAX = 32;
    static final int PLACEHOLDER_BYTES_MAX = 255;
    static final int NAME_BYTES_MAX = 65_535;

    /// Names, values, and both together, with their keys.
    static final int PLACEHOLDERS_BYTES_MAX = 2 * 1024 * 1024;

    /// How deep parentheses, `NOT` and functions may nest: ours, so that no expression of 4 KB can
    /// exhaust a stack. AWS's own limit is its limit of operators.
    static final int NESTING_MAX = 300;

    private ExpressionLimits() {}
}
