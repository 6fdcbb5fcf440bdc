package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.AttributeType;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One action of an update, with the request's names and values in it.
public sealed interface UpdateAction {

    DocumentPath path();

    record Assign(DocumentPath path, Operand value) implements UpdateAction {}

    record Remove(DocumentPath path) implements UpdateAction {}

    /// To a number, or elements to a set.
    record Add(DocumentPath path, AttributeValue value) implements UpdateAction {}

    /// To the end of a list; only `AttributeUpdates` can.
    record Append(DocumentPath path, List<AttributeValue> elements) implements UpdateAction {}

    /// Elements from a set.
    record Delete(DocumentPath path, AttributeValue value) implements UpdateAction {}

    static Map<String, AttributeType> knownTypes(List<UpdateAction> actions) {
        Map<String, AttributeType> types = new LinkedHashMap<>();
        for (UpdateAction action : actions) {
            AttributeType type =
                    switch (action) {
                        case Assign(_, Operand value) -> resultType(value);
                        case Add(_, AttributeValue value) -> AttributeType.of(value);
                        case Append _ -> AttributeType.L;
                        case Remove _, Delete _ -> null;
                    };
            if (type != null && !action.path().isNested()) {
                types.put(action.path().attribute(), type);
            }
        }
        return types;
    }

    private static @Nullable AttributeType resultType(Operand value) {
        return switch (value) {
            case Operand.Constant _, Operand.Size _, Operand.Truth _ -> value.knownType();
            case Operand.Attribute _ -> null;
            case Operand.IfNotExists(_, Operand otherwise) -> resultType(otherwise);
            case Operand.ListAppend _ -> AttributeType.L;
            case Operand.Arithmetic _ -> AttributeType.N;
        };
    }
}
