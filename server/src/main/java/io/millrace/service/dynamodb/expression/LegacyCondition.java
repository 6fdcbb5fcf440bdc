package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.ExpectedAttributeValue;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.service.dynamodb.item.Values;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// What a request from before expressions asks of one attribute, checked: as a [Condition], or as a
/// condition on a key.
///
/// @param values in normal form, as many and of the types that the operator takes
record LegacyCondition(String attribute, LegacyOperator operator, List<AttributeValue> values) {

    /// Of `Expected`.
    static LegacyCondition of(String attribute, ExpectedAttributeValue expected) {
        if (expected.attributeValueList() != null && expected.value() != null) {
            throw refused("Value and AttributeValueList cannot be used together", attribute);
        }
        if (expected.comparisonOperator() == null) {
            return exists(attribute, expected);
        }
        if (expected.exists() != null) {
            throw refused("Exists and ComparisonOperator cannot be used together", attribute);
        }
        LegacyOperator operator = LegacyOperator.valueOf(expected.comparisonOperator());
        if (expected.value() != null) {
            return of(attribute, operator, List.of(expected.value()));
        }
        if (expected.attributeValueList() == null && !operator.takesNone()) {
            throw refused(
                    "Value or AttributeValueList must be used with ComparisonOperator: " + operator,
                    attribute);
        }
        return of(attribute, operator, expected.attributeValueList());
    }

    /// Of `KeyConditions`, `QueryFilter` or `ScanFilter`.
    static LegacyCondition of(String attribute, io.millrace.api.dynamodb.Condition condition) {
        return of(
                attribute,
                LegacyOperator.valueOf(condition.comparisonOperator()),
                condition.attributeValueList());
    }

    private static LegacyCondition exists(String attribute, ExpectedAttributeValue expected) {
        if (expected.attributeValueList() != null) {
            throw refused(
                    "AttributeValueList can only be used with a ComparisonOperator", attribute);
        }
        boolean exists = !Boolean.FALSE.equals(expected.exists());
        if (exists && expected.value() == null) {
            throw refused("Value must be provided when Exists is " + expected.exists(), attribute);
        }
        if (!exists && expected.value() != null) {
            throw refused("Value cannot be used when Exists is false", attribute);
        }
        return expected.value() == null
                ? of(attribute, LegacyOperator.NULL, null)
                : of(attribute, LegacyOperator.EQ, List.of(expected.value()));
    }

    /// In AWS's order: each value, how many there are, whether they are of one type and which, and
    /// whether they are in order.
    private static LegacyCondition of(
            String attribute, LegacyOperator operator, @Nullable List<AttributeValue> given) {
        List<AttributeValue> values = new ArrayList<>();
        if (given != null) {
            given.forEach(value -> values.add(ItemRules.normal(value)));
        }
        if (!operator.takes(values.size())) {
            throw ItemErrors.invalid(
                    "Invalid number of argument(s) for the " + operator + " ComparisonOperator");
        }
        if (values.stream().map(AttributeType::of).distinct().count() > 1) {
            throw ItemErrors.invalid(
                    "AttributeValues inside AttributeValueList must be of same type");
        }
        for (AttributeValue value : values) {
            if (!operator.takes(AttributeType.of(value))) {
                throw ItemErrors.invalid(
                        "ComparisonOperator "
                                + operator
                                + " is not valid for "
                                + AttributeType.of(value)
                                + " AttributeValue type");
            }
        }
        if (operator == LegacyOperator.BETWEEN && reversed(values.getFirst(), values.getLast())) {
            throw ItemErrors.validation(
                    "The BETWEEN condition was provided a range where the lower bound is greater"
                            + " than the upper bound");
        }
        return new LegacyCondition(attribute, operator, List.copyOf(values));
    }

    private static boolean reversed(AttributeValue low, AttributeValue high) {
        Integer order = Values.compare(low, high);
        return order != null && order > 0;
    }

    private static ServiceException refused(String what, String attribute) {
        return ItemErrors.invalid(what + " for Attribute: " + attribute);
    }

    DocumentPath path() {
        return DocumentPath.of(attribute);
    }

    Condition condition() {
        Operand left = new Operand.Attribute(path());
        return switch (operator) {
            case EQ -> compare(Comparator.EQUAL, left);
            case NE -> compare(Comparator.NOT_EQUAL, left);
            case LE -> compare(Comparator.AT_MOST, left);
            case LT -> compare(Comparator.LESS, left);
            case GE -> compare(Comparator.AT_LEAST, left);
            case GT -> compare(Comparator.GREATER, left);
            case NOT_NULL -> new Condition.Exists(path());
            case NULL -> new Condition.NotExists(path());
            case CONTAINS -> new Condition.Contains(left, constant(0));
            // an attribute that is not there contains nothing, and meets this no more than its
            // opposite
            case NOT_CONTAINS ->
                    new Condition.And(
                            new Condition.Exists(path()),
                            new Condition.Not(new Condition.Contains(left, constant(0))));
            case BEGINS_WITH -> new Condition.BeginsWith(left, constant(0));
            case IN -> new Condition.In(left, constants());
            case BETWEEN -> new Condition.Between(left, constant(0), constant(1));
        };
    }

    SortCondition keyCondition() {
        return switch (operator) {
            case EQ -> new SortCondition.Equal(values.getFirst());
            case LE -> new SortCondition.AtMost(values.getFirst());
            case LT -> new SortCondition.Less(values.getFirst());
            case GE -> new SortCondition.AtLeast(values.getFirst());
            case GT -> new SortCondition.Greater(values.getFirst());
            case BEGINS_WITH -> new SortCondition.BeginsWith(values.getFirst());
            case BETWEEN -> new SortCondition.Between(values.getFirst(), values.getLast());
            case NE, NOT_NULL, NULL, CONTAINS, NOT_CONTAINS, IN ->
                    new SortCondition.NotIndexable(values);
        };
    }

    private Condition compare(Comparator comparator, Operand left) {
        return new Condition.Compare(comparator, left, constant(0));
    }

    private Operand constant(int index) {
        return new Operand.Constant(values.get(index));
    }

    private List<Operand> constants() {
        List<Operand> constants = new ArrayList<>();
        values.forEach(value -> constants.add(new Operand.Constant(value)));
        return constants;
    }
}
