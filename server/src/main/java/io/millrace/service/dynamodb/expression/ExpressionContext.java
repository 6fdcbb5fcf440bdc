package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.service.dynamodb.item.ItemSize;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The names and values that a request's expressions refer to as `#name` and `:value`, and which of
/// them have been used. One per request, shared by all its expressions; not thread-safe.
public final class ExpressionContext {

    private final Map<String, String> names;
    private final Map<String, AttributeValue> values;
    private final Set<String> usedNames = new HashSet<>();
    private final Set<String> usedValues = new HashSet<>();

    /// Checks the names, and brings the values into normal form.
    ///
    /// @throws ServiceException when a name or a value is not valid
    public ExpressionContext(
            @Nullable Map<String, String> names, @Nullable Map<String, AttributeValue> values) {
        checkKeys("ExpressionAttributeNames", '#', names);
        checkKeys("ExpressionAttributeValues", ':', values);
        this.names = names == null ? Map.of() : checkedNames(names);
        this.values = values == null ? Map.of() : normalValues(values);
        checkSizes();
    }

    /// To be called when all expressions of the request have been parsed.
    ///
    /// @throws ServiceException when a name or a value has been used by no expression
    public void checkAllUsed() {
        checkAllUsed("ExpressionAttributeNames", names.keySet(), usedNames);
        checkAllUsed("ExpressionAttributeValues", values.keySet(), usedValues);
    }

    /// The attribute name behind `#placeholder`, which counts as used.
    String name(ExpressionKind kind, String placeholder) {
        String name = names.get(placeholder);
        if (name == null) {
            throw kind.invalid(
                    "An expression attribute name used in the document path is not defined;"
                            + " attribute name: "
                            + placeholder);
        }
        usedNames.add(placeholder);
        return name;
    }

    /// The value behind `:placeholder`, which counts as used.
    AttributeValue value(ExpressionKind kind, String placeholder) {
        AttributeValue value = values.get(placeholder);
        if (value == null) {
            throw kind.invalid(
                    "An expression attribute value used in expression is not defined; attribute"
                            + " value: "
                            + placeholder);
        }
        usedValues.add(placeholder);
        return value;
    }

    private static void checkKeys(
            String parameter, char first, @Nullable Map<String, ?> placeholders) {
        if (placeholders == null) {
            return;
        }
        if (placeholders.isEmpty()) {
            throw ItemErrors.validation(parameter + " must not be empty");
        }
        for (String key : placeholders.keySet()) {
            int bytes = key.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > ExpressionLimits.PLACEHOLDER_BYTES_MAX) {
                throw ItemErrors.validation(
                        parameter
                                + " contains invalid key: The expression attribute map contains a"
                                + " key that is too long; size of key: "
                                + bytes);
            }
            if (!Tokenizer.isPlaceholder(key, first)) {
                throw ItemErrors.validation(
                        parameter + " contains invalid key: Syntax error; key: \"" + key + "\"");
            }
        }
    }

    private static Map<String, String> checkedNames(Map<String, String> names) {
        names.forEach((key, name) -> {
            if (name.isEmpty()) {
                throw ItemErrors.validation(
                        "ExpressionAttributeNames contains invalid value: Empty attribute"
                                + " name for key "
                                + key);
            }
            int bytes = name.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > ExpressionLimits.NAME_BYTES_MAX) {
                throw ItemErrors.validation(
                        "One or more parameter values were invalid: Attribute name is too"
                                + " large, must be less than 65536 bytes");
            }
        });
        return names;
    }

    private static Map<String, AttributeValue> normalValues(Map<String, AttributeValue> values) {
        Map<String, AttributeValue> normal = HashMap.newHashMap(values.size());
        values.forEach((key, value) -> normal.put(key, normalValue(key, value)));
        return normal;
    }

    private void checkSizes() {
        long namesBytes = 0;
        for (Map.Entry<String, String> entry : names.entrySet()) {
            namesBytes += entry.getKey().length();
            namesBytes += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        checkSize("ExpressionAttributeNames exceeds max size", namesBytes);
        long valuesBytes = 0;
        for (Map.Entry<String, AttributeValue> entry : values.entrySet()) {
            valuesBytes += entry.getKey().length() + ItemSize.bytes(entry.getValue());
        }
        checkSize("ExpressionAttributeValues exceeds max size", valuesBytes);
        checkSize(
                "Combined size of ExpressionAttributeNames and ExpressionAttributeValues exceeds max"
                        + " size",
                namesBytes + valuesBytes);
    }

    private static void checkSize(String message, long bytes) {
        if (bytes > ExpressionLimits.PLACEHOLDERS_BYTES_MAX) {
            throw ItemErrors.validation(message);
        }
    }

    private static AttributeValue normalValue(String key, AttributeValue value) {
        try {
            return ItemRules.normal(value);
        } catch (ServiceException invalid) {
            throw ItemErrors.validation(
                    "ExpressionAttributeValues contains invalid value: "
                            + invalid.message()
                            + " for key "
                            + key);
        }
    }

    private static void checkAllUsed(String parameter, Set<String> all, Set<String> used) {
        if (used.size() < all.size()) {
            // AWS keeps these in a HashSet, and lists them in its order
            Set<String> unused = new HashSet<>(all);
            unused.removeAll(used);
            throw ItemErrors.validation(
                    "Value provided in "
                            + parameter
                            + " unused in expressions: keys: "
                            + unused.stream().collect(Collectors.joining(", ", "{", "}")));
        }
    }
}
