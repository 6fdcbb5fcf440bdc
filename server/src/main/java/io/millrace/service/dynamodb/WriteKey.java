package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.expression.Comparator;
import io.millrace.service.dynamodb.expression.Condition;
import io.millrace.service.dynamodb.expression.Operand;
import io.millrace.service.dynamodb.item.Values;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// The one item that the `WHERE` clause of a change names by equalities that all must hold, and
/// what else must hold.
///
/// @param conflicting the key attribute that is said to equal two values, of which the first is in
///   the key and the second in the rest, or null
/// @param rest null when there is nothing else
record WriteKey(
        Map<String, AttributeValue> key, @Nullable String conflicting, @Nullable Condition rest) {

    static WriteKey of(Table table, @Nullable Condition where) {
        Builder builder = new Builder(table);
        Condition rest = where == null ? null : builder.take(where);
        return new WriteKey(builder.key, builder.conflicting, rest);
    }

    /// Whether all key attributes are there.
    boolean isWhole(Table table) {
        return key.size() == table.key().attributes().size();
    }

    /// The first attribute whose value has not the type of the key, or null.
    @Nullable String mistyped(Table table) {
        for (KeyAttribute attribute : table.key().attributes()) {
            AttributeValue value = key.get(attribute.name());
            if (value != null && !ItemKeys.hasType(value, attribute)) {
                return attribute.name();
            }
        }
        return null;
    }

    /// Collects one key; not thread-safe.
    private static final class Builder {
        final Table table;
        final Map<String, AttributeValue> key = new LinkedHashMap<>();
        @Nullable String conflicting;

        Builder(Table table) {
            this.table = table;
        }

        /// What is left of the condition.
        @Nullable Condition take(Condition condition) {
            return switch (condition) {
                case Condition.And(Condition left, Condition right) ->
                        KeyCases.and(take(left), take(right));
                case Condition.Compare(Comparator comparator, Operand left, Operand right)
                        when comparator == Comparator.EQUAL ->
                        left instanceof Operand.Constant(AttributeValue value)
                                ? take(condition, right, value)
                                : right instanceof Operand.Constant(AttributeValue value)
                                        ? take(condition, left, value)
                                        : condition;
                default -> condition;
            };
        }

        private @Nullable Condition take(
                Condition condition, Operand operand, AttributeValue value) {
            for (KeyAttribute attribute : table.key().attributes()) {
                if (KeyCases.is(operand, attribute)) {
                    AttributeValue taken = key.putIfAbsent(attribute.name(), value);
                    if (taken == null || Values.equal(taken, value)) {
                        return null;
                    }
                    conflicting = attribute.name();
                }
            }
            return condition;
        }
    }
}
