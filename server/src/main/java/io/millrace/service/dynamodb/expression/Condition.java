package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.service.dynamodb.item.DecimalNumber;
import io.millrace.service.dynamodb.item.Values;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A condition on an item, with the request's names and values in it.
///
/// An attribute that the item lacks, or one of another type, is not an error: every comparison with
/// it is false, except `<>`, which is true. Built by those who read a language of conditions, who
/// have checked their operands with [OperandChecks].
public sealed interface Condition {

    record And(Condition left, Condition right) implements Condition {}

    record Or(Condition left, Condition right) implements Condition {}

    record Not(Condition inner) implements Condition {}

    record Compare(Comparator comparator, Operand left, Operand right) implements Condition {}

    record Between(Operand value, Operand low, Operand high) implements Condition {}

    record In(Operand value, List<Operand> candidates) implements Condition {}

    /// `attribute_exists`
    record Exists(DocumentPath path) implements Condition {}

    /// `attribute_not_exists`
    record NotExists(DocumentPath path) implements Condition {}

    /// `attribute_type`
    record TypeIs(Operand operand, AttributeType type) implements Condition {}

    /// `begins_with`
    record BeginsWith(Operand operand, Operand prefix) implements Condition {

        /// Whether a string begins with a string, or a binary with a binary.
        static boolean begins(@Nullable AttributeValue value, @Nullable AttributeValue prefix) {
            return switch (value) {
                case AttributeValue.S(String text) ->
                        prefix instanceof AttributeValue.S(String begin) && text.startsWith(begin);
                case AttributeValue.B(byte[] bytes) ->
                        prefix instanceof AttributeValue.B(byte[] begin)
                                && bytes.length >= begin.length
                                && Arrays.equals(bytes, 0, begin.length, begin, 0, begin.length);
                case null, default -> false;
            };
        }
    }

    /// `contains`
    record Contains(Operand operand, Operand part) implements Condition {}

    default boolean holds(Map<String, AttributeValue> item) {
        return switch (this) {
            case And(Condition left, Condition right) -> left.holds(item) && right.holds(item);
            case Or(Condition left, Condition right) -> left.holds(item) || right.holds(item);
            case Not(Condition inner) -> !inner.holds(item);
            case Compare(Comparator comparator, Operand left, Operand right) ->
                    compare(comparator, left.in(item), right.in(item));
            case Between(Operand value, Operand low, Operand high) -> {
                AttributeValue middle = value.in(item);
                yield compare(Comparator.AT_LEAST, middle, low.in(item))
                        && compare(Comparator.AT_MOST, middle, high.in(item));
            }
            case In(Operand value, List<Operand> candidates) ->
                    in(value.in(item), candidates, item);
            case Exists(DocumentPath path) -> path.in(item) != null;
            case NotExists(DocumentPath path) -> path.in(item) == null;
            case TypeIs(Operand operand, AttributeType type) -> {
                AttributeValue value = operand.in(item);
                yield value != null && AttributeType.of(value) == type;
            }
            case BeginsWith(Operand operand, Operand prefix) ->
                    BeginsWith.begins(operand.in(item), prefix.in(item));
            case Contains(Operand operand, Operand part) ->
                    contains(operand.in(item), part.in(item));
        };
    }

    /// Adds all document paths in it, in the order in which they stand.
    default void collectPaths(List<DocumentPath> paths) {
        switch (this) {
            case And(Condition left, Condition right) -> {
                left.collectPaths(paths);
                right.collectPaths(paths);
            }
            case Or(Condition left, Condition right) -> {
                left.collectPaths(paths);
                right.collectPaths(paths);
            }
            case Not(Condition inner) -> inner.collectPaths(paths);
            case Compare(_, Operand left, Operand right) -> collect(paths, left, right);
            case Between(Operand value, Operand low, Operand high) ->
                    collect(paths, value, low, high);
            case In(Operand value, List<Operand> candidates) -> {
                value.collectPaths(paths);
                candidates.forEach(candidate -> candidate.collectPaths(paths));
            }
            case Exists(DocumentPath path) -> paths.add(path);
            case NotExists(DocumentPath path) -> paths.add(path);
            case TypeIs(Operand operand, _) -> operand.collectPaths(paths);
            case BeginsWith(Operand operand, Operand prefix) -> collect(paths, operand, prefix);
            case Contains(Operand operand, Operand part) -> collect(paths, operand, part);
        }
    }

    private static void collect(List<DocumentPath> paths, Operand... operands) {
        for (Operand operand : operands) {
            operand.collectPaths(paths);
        }
    }

    private static boolean compare(
            Comparator comparator, @Nullable AttributeValue left, @Nullable AttributeValue right) {
        if (left == null || right == null) {
            return comparator == Comparator.NOT_EQUAL;
        }
        if (!comparator.isOrder()) {
            return Values.equal(left, right) == (comparator == Comparator.EQUAL);
        }
        Integer order = Values.compare(left, right);
        return order != null && comparator.holds(order);
    }

    private static boolean in(
            @Nullable AttributeValue value,
            List<Operand> candidates,
            Map<String, AttributeValue> item) {
        if (value == null) {
            return false;
        }
        for (Operand candidate : candidates) {
            AttributeValue other = candidate.in(item);
            if (other != null && Values.equal(value, other)) {
                return true;
            }
        }
        return false;
    }

    /// A string in a string, bytes in bytes, or an element in a set or list.
    private static boolean contains(@Nullable AttributeValue whole, @Nullable AttributeValue part) {
        if (whole == null || part == null) {
            return false;
        }
        return switch (whole) {
            case AttributeValue.S(String text) ->
                    part instanceof AttributeValue.S(String inner) && text.contains(inner);
            case AttributeValue.SS(var texts) ->
                    part instanceof AttributeValue.S(String text) && texts.contains(text);
            case AttributeValue.NS(var numbers) ->
                    part instanceof AttributeValue.N(String number)
                            && numbers.contains(DecimalNumber.normal(number));
            case AttributeValue.B(byte[] bytes) ->
                    part instanceof AttributeValue.B(byte[] inner) && contains(bytes, inner);
            case AttributeValue.BS(var binaries) ->
                    part instanceof AttributeValue.B(byte[] bytes)
                            && binaries.stream().anyMatch(each -> Arrays.equals(each, bytes));
            case AttributeValue.L(var list) ->
                    list.stream().anyMatch(element -> Values.equal(element, part));
            case AttributeValue.N _,
                    AttributeValue.M _,
                    AttributeValue.Null _,
                    AttributeValue.Bool _ ->
                    false;
        };
    }

    private static boolean contains(byte[] bytes, byte[] inner) {
        for (int i = 0; i + inner.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + inner.length, inner, 0, inner.length)) {
                return true;
            }
        }
        return false;
    }
}
