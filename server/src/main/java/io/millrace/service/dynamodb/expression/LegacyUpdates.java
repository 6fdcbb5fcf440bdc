package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.AttributeValueUpdate;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.service.dynamodb.item.ItemRules;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `AttributeUpdates`, the updates from before expressions, as what an expression becomes. Source:
/// [AttributeUpdates](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.AttributeUpdates.html).
public final class LegacyUpdates {

    private LegacyUpdates() {}

    /// The update, or null when there is nothing to change.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public static @Nullable UpdateExpression of(
            @Nullable Map<String, AttributeValueUpdate> updates) {
        if (updates == null || updates.isEmpty()) {
            return null;
        }
        List<UpdateAction> actions = new ArrayList<>();
        updates.forEach((name, update) -> actions.add(action(name, update)));
        return UpdateExpression.legacy(actions);
    }

    private static UpdateAction action(String name, AttributeValueUpdate update) {
        if (name.isEmpty()) {
            throw ItemErrors.validation("Empty attribute name");
        }
        DocumentPath path = DocumentPath.of(name);
        String action = update.action() == null ? "PUT" : update.action();
        AttributeValue value = update.value() == null ? null : ItemRules.normal(update.value());
        if (value == null) {
            if (!action.equals("DELETE")) {
                throw ItemErrors.invalid(
                        "Only DELETE action is allowed when no attribute value is specified");
            }
            return new UpdateAction.Remove(path);
        }
        AttributeType type = AttributeType.of(value);
        return switch (action) {
            case "ADD" -> {
                if (value instanceof AttributeValue.L(List<AttributeValue> elements)) {
                    yield new UpdateAction.Append(path, elements);
                }
                if (!type.isSet() && type != AttributeType.N) {
                    throw ItemErrors.invalid("ADD action is not supported for the type " + type);
                }
                yield new UpdateAction.Add(path, value);
            }
            case "DELETE" -> {
                if (!type.isSet()) {
                    throw ItemErrors.invalid(
                            "DELETE action with value is not supported for the type " + type);
                }
                yield new UpdateAction.Delete(path, value);
            }
            default -> new UpdateAction.Assign(path, new Operand.Constant(value));
        };
    }
}
