package io.millrace.service.dynamodb.expression;

import io.millrace.service.dynamodb.item.AttributeType;

/// A `ComparisonOperator`: how many values it takes, and of which types. Source:
/// [Condition](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Condition.html).
enum LegacyOperator {
    EQ(1, 1),
    NE(1, 1),
    LE(1, 1),
    LT(1, 1),
    GE(1, 1),
    GT(1, 1),
    NOT_NULL(0, 0),
    NULL(0, 0),
    CONTAINS(1, 1),
    NOT_CONTAINS(1, 1),
    BEGINS_WITH(1, 1),
    IN(1, Integer.MAX_VALUE),
    BETWEEN(2, 2);

    private final int valuesMin;
    private final int valuesMax;

    LegacyOperator(int valuesMin, int valuesMax) {
        this.valuesMin = valuesMin;
        this.valuesMax = valuesMax;
    }

    boolean takes(int values) {
        return values >= valuesMin && values <= valuesMax;
    }

    boolean takesNone() {
        return valuesMax == 0;
    }

    boolean takes(AttributeType type) {
        return switch (this) {
            case EQ, NE -> true;
            case LE, LT, GE, GT, IN, BETWEEN -> type.isOrdered();
            case CONTAINS, NOT_CONTAINS ->
                    !type.isSet() && type != AttributeType.L && type != AttributeType.M;
            case BEGINS_WITH -> type == AttributeType.S || type == AttributeType.B;
            case NOT_NULL, NULL -> false;
        };
    }
}
