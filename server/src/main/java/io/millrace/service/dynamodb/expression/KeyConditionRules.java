package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a condition must be to be a key condition: single conditions joined by `AND`, each of one
/// attribute and values of the request. Checks one condition after the other, left to right.
final class KeyConditionRules {

    private KeyConditionRules() {}

    /// Adds the condition on each attribute, by the attribute's name.
    static void collect(Condition condition, Map<String, SortCondition> conditions) {
        switch (condition) {
            case Condition.And(Condition left, Condition right) -> {
                collect(left, conditions);
                collect(right, conditions);
            }
            case Condition.Compare(Comparator comparator, Operand left, Operand right) -> {
                if (comparator == Comparator.NOT_EQUAL) {
                    throw invalidOperator(comparator.sign());
                }
                Operands operands = Operands.of(List.of(left, right));
                boolean flipped = !(left instanceof Operand.Attribute);
                add(
                        conditions,
                        operands.name(),
                        comparison(
                                flipped ? comparator.flipped() : comparator,
                                operands.values().getFirst()));
            }
            case Condition.Between(Operand value, Operand low, Operand high) -> {
                requireAttribute("BETWEEN", value);
                Operands operands = Operands.of(List.of(value, low, high));
                List<AttributeValue> bounds = operands.values();
                add(
                        conditions,
                        operands.name(),
                        new SortCondition.Between(bounds.getFirst(), bounds.getLast()));
            }
            case Condition.BeginsWith(Operand value, Operand prefix) -> {
                requireAttribute("begins_with", value);
                Operands operands = Operands.of(List.of(value, prefix));
                add(
                        conditions,
                        operands.name(),
                        new SortCondition.BeginsWith(operands.values().getFirst()));
            }
            case Condition.Or _ -> throw invalidOperator("OR");
            case Condition.Not _ -> throw invalidOperator("NOT");
            case Condition.In _ -> throw invalidOperator("IN");
            case Condition.Exists _ -> throw invalidOperator("attribute_exists");
            case Condition.NotExists _ -> throw invalidOperator("attribute_not_exists");
            case Condition.TypeIs _ -> throw invalidOperator("attribute_type");
            case Condition.Contains _ -> throw invalidOperator("contains");
        }
    }

    /// The attribute and the values of a condition.
    private record Operands(String name, List<AttributeValue> values) {

        static Operands of(List<Operand> operands) {
            @Nullable String name = null;
            List<AttributeValue> values = new ArrayList<>();
            for (Operand operand : operands) {
                switch (operand) {
                    case Operand.Attribute(DocumentPath path) -> {
                        requireSimple(path, name);
                        name = path.attribute();
                    }
                    case Operand.Constant(AttributeValue value) -> values.add(value);
                    case Operand.Size _,
                            Operand.IfNotExists _,
                            Operand.ListAppend _,
                            Operand.Truth _,
                            Operand.Arithmetic _ ->
                            throw ItemErrors.validation(
                                    "KeyConditionExpressions cannot contain nested operations");
                }
            }
            if (name == null) {
                throw invalidCondition("No key attribute specified");
            }
            return new Operands(name, values);
        }

        private static void requireSimple(DocumentPath path, @Nullable String other) {
            if (other != null) {
                throw invalidCondition("Multiple attribute names used in one condition");
            }
            if (path.isNested()) {
                throw ItemErrors.validation(
                        "KeyConditionExpressions cannot have conditions on nested attributes");
            }
        }
    }

    private static SortCondition comparison(Comparator comparator, AttributeValue value) {
        return switch (comparator) {
            case EQUAL -> new SortCondition.Equal(value);
            case LESS -> new SortCondition.Less(value);
            case AT_MOST -> new SortCondition.AtMost(value);
            case GREATER -> new SortCondition.Greater(value);
            case AT_LEAST -> new SortCondition.AtLeast(value);
            case NOT_EQUAL -> throw new IllegalStateException("has been refused");
        };
    }

    private static void add(
            Map<String, SortCondition> conditions, String name, SortCondition condition) {
        if (conditions.put(name, condition) != null) {
            throw ExpressionKind.KEY_CONDITION.invalid(
                    "KeyConditionExpressions must only contain one condition per key");
        }
    }

    private static void requireAttribute(String operator, Operand operand) {
        if (!(operand instanceof Operand.Attribute)) {
            throw invalidCondition(
                    operator + " operator must have the key attribute as its first operand");
        }
    }

    private static ServiceException invalidOperator(String operator) {
        return ItemErrors.validation(
                "Invalid operator used in KeyConditionExpression: " + operator);
    }

    private static ServiceException invalidCondition(String message) {
        return ItemErrors.validation("Invalid condition in KeyConditionExpression: " + message);
    }
}
