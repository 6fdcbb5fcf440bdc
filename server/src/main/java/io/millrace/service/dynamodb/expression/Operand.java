package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.service.dynamodb.item.DecimalNumber;
import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What an operator or function works on, with the request's names and values in it.
public sealed interface Operand {

    /// A value of the request.
    record Constant(AttributeValue value) implements Operand {}

    /// A value of the item.
    record Attribute(DocumentPath path) implements Operand {}

    /// `size(of)`
    record Size(Operand of) implements Operand {}

    /// `if_not_exists(path, otherwise)`
    record IfNotExists(DocumentPath path, Operand otherwise) implements Operand {}

    /// `list_append(first, second)`
    record ListAppend(Operand first, Operand second) implements Operand {}

    /// Whether a condition holds, as a boolean.
    record Truth(Condition condition) implements Operand {}

    /// `left + right`, or `left - right`
    record Arithmetic(boolean plus, Operand left, Operand right) implements Operand {}

    /// The value for an item, or null where the item lacks an attribute that it needs.
    ///
    /// @throws io.millrace.wire.ServiceException when an attribute is of a type that an update's
    ///   operator or function does not take
    default @Nullable AttributeValue in(Map<String, AttributeValue> item) {
        return switch (this) {
            case Constant(AttributeValue value) -> value;
            case Attribute(DocumentPath path) -> path.in(item);
            case Size(Operand of) -> size(of.in(item));
            case IfNotExists(DocumentPath path, Operand otherwise) -> {
                AttributeValue present = path.in(item);
                yield present != null ? present : otherwise.in(item);
            }
            case ListAppend(Operand first, Operand second) -> append(first, second, item);
            case Truth(Condition condition) -> new AttributeValue.Bool(condition.holds(item));
            case Arithmetic(boolean plus, Operand left, Operand right) ->
                    calculate(plus, left, right, item);
        };
    }

    /// The type, as far as it is known without an item.
    default @Nullable AttributeType knownType() {
        return switch (this) {
            case Constant(AttributeValue value) -> AttributeType.of(value);
            case Size _ -> AttributeType.N;
            case Truth _ -> AttributeType.BOOL;
            case Attribute _, IfNotExists _, ListAppend _, Arithmetic _ -> null;
        };
    }

    /// Adds all document paths in it, in the order in which they stand.
    default void collectPaths(List<DocumentPath> paths) {
        switch (this) {
            case Constant _ -> {}
            case Attribute(DocumentPath path) -> paths.add(path);
            case Size(Operand of) -> of.collectPaths(paths);
            case IfNotExists(DocumentPath path, Operand otherwise) -> {
                paths.add(path);
                otherwise.collectPaths(paths);
            }
            case ListAppend(Operand first, Operand second) -> {
                first.collectPaths(paths);
                second.collectPaths(paths);
            }
            case Truth(Condition condition) -> condition.collectPaths(paths);
            case Arithmetic(_, Operand left, Operand right) -> {
                left.collectPaths(paths);
                right.collectPaths(paths);
            }
        }
    }

    private static @Nullable AttributeValue size(@Nullable AttributeValue of) {
        int size =
                switch (of) {
                    case AttributeValue.S(String text) -> text.length();
                    case AttributeValue.B(byte[] bytes) -> bytes.length;
                    case AttributeValue.SS(var values) -> values.size();
                    case AttributeValue.NS(var values) -> values.size();
                    case AttributeValue.BS(var values) -> values.size();
                    case AttributeValue.M(var values) -> values.size();
                    case AttributeValue.L(var values) -> values.size();
                    case AttributeValue.N _, AttributeValue.Null _, AttributeValue.Bool _ -> -1;
                    case null -> -1;
                };
        return size < 0 ? null : new AttributeValue.N(Integer.toString(size));
    }

    private static @Nullable AttributeValue append(
            Operand first, Operand second, Map<String, AttributeValue> item) {
        List<AttributeValue> begin = elements(first.in(item));
        if (begin == null) {
            return null;
        }
        List<AttributeValue> end = elements(second.in(item));
        if (end == null) {
            return null;
        }
        List<AttributeValue> all = new ArrayList<>(begin.size() + end.size());
        all.addAll(begin);
        all.addAll(end);
        return new AttributeValue.L(all);
    }

    private static @Nullable List<AttributeValue> elements(@Nullable AttributeValue list) {
        if (list == null) {
            return null;
        }
        if (list instanceof AttributeValue.L(List<AttributeValue> elements)) {
            return elements;
        }
        throw incorrectType();
    }

    private static @Nullable AttributeValue calculate(
            boolean plus, Operand left, Operand right, Map<String, AttributeValue> item) {
        DecimalNumber a = number(left.in(item));
        if (a == null) {
            return null;
        }
        DecimalNumber b = number(right.in(item));
        if (b == null) {
            return null;
        }
        return new AttributeValue.N((plus ? a.plus(b) : a.minus(b)).toString());
    }

    private static @Nullable DecimalNumber number(@Nullable AttributeValue value) {
        if (value == null) {
            return null;
        }
        if (value instanceof AttributeValue.N(String text)) {
            return DecimalNumber.parse(text);
        }
        throw incorrectType();
    }

    static ServiceException incorrectType() {
        return ItemErrors.validation(
                "An operand in the update expression has an incorrect data type");
    }
}
