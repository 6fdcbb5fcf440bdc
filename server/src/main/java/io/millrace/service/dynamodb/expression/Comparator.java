package io.millrace.service.dynamodb.expression;

/// A comparison operator.
public enum Comparator {
    EQUAL("="),
    NOT_EQUAL("<>"),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">=");

    private final String sign;

    Comparator(String sign) {
        this.sign = sign;
    }

    /// The operator of that sign.
    public static Comparator of(String sign) {
        for (Comparator comparator : values()) {
            if (comparator.sign.equals(sign)) {
                return comparator;
            }
        }
        throw new IllegalArgumentException(sign);
    }

    public String sign() {
        return sign;
    }

    /// Whether it asks for an order, which only strings, numbers and binaries have.
    public boolean isOrder() {
        return this != EQUAL && this != NOT_EQUAL;
    }

    /// The same comparison with its operands exchanged.
    public Comparator flipped() {
        return switch (this) {
            case EQUAL, NOT_EQUAL -> this;
            case LESS -> GREATER;
            case AT_MOST -> AT_LEAST;
            case GREATER -> LESS;
            case AT_LEAST -> AT_MOST;
        };
    }

    /// Whether it holds between values of that order.
    boolean holds(int order) {
        return switch (this) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case GREATER -> order > 0;
            case AT_LEAST -> order >= 0;
        };
    }
}
