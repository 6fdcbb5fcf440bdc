package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Names and values of requests, and items, for tests.
final class Requests {

    private Requests() {}

    static ExpressionContext context(
            Map<String, String> names, Map<String, AttributeValue> values) {
        return new ExpressionContext(
                names.isEmpty() ? null : names, values.isEmpty() ? null : values);
    }

    static ExpressionContext given(Object... placeholdersAndValues) {
        return context(Map.of(), item(placeholdersAndValues));
    }

    /// Names and values in turn.
    static Map<String, AttributeValue> item(Object... namesAndValues) {
        Map<String, AttributeValue> item = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            item.put((String) namesAndValues[i], (AttributeValue) namesAndValues[i + 1]);
        }
        return item;
    }

    static AttributeValue s(String text) {
        return new AttributeValue.S(text);
    }

    static AttributeValue n(int number) {
        return new AttributeValue.N(Integer.toString(number));
    }

    static AttributeValue b(String text) {
        return new AttributeValue.B(text.getBytes(StandardCharsets.UTF_8));
    }

    static AttributeValue ss(String... texts) {
        return new AttributeValue.SS(List.of(texts));
    }

    static AttributeValue ns(String... numbers) {
        return new AttributeValue.NS(List.of(numbers));
    }

    static AttributeValue l(AttributeValue... elements) {
        return new AttributeValue.L(List.of(elements));
    }

    static AttributeValue m(Object... namesAndValues) {
        return new AttributeValue.M(item(namesAndValues));
    }

    /// A value from its type and a text: `N 1`, `SS a`, `L`.
    static AttributeValue typed(String text) {
        String type = text.split(" ", 2)[0];
        String content = text.substring(type.length()).strip();
        return switch (type) {
            case "S" -> s(content);
            case "N" -> new AttributeValue.N(content);
            case "B" -> b(content);
            case "SS" -> ss(content);
            case "NS" -> ns(content);
            case "BS" -> new AttributeValue.BS(List.of(content.getBytes(StandardCharsets.UTF_8)));
            case "BOOL" -> new AttributeValue.Bool(Boolean.parseBoolean(content));
            case "NULL" -> new AttributeValue.Null(true);
            case "L" -> l();
            case "M" -> m();
            default -> throw new IllegalArgumentException(text);
        };
    }

    /// The kinds of expressions, without statements.
    static final List<ExpressionKind> KINDS =
            Stream.of(ExpressionKind.values())
                    .filter(kind -> kind != ExpressionKind.STATEMENT)
                    .toList();

    /// Parses an expression of any kind.
    static void parse(ExpressionKind kind, String text, ExpressionContext context) {
        switch (kind) {
            case CONDITION, FILTER -> ConditionExpression.parse(kind, text, context);
            case KEY_CONDITION -> KeyConditionExpression.parse(text, context);
            case SEARCH_CONDITION -> SearchConditionExpression.parse(text, context);
            case UPDATE -> UpdateExpression.parse(text, context);
            case PROJECTION -> ProjectionExpression.parse(text, context);
            case STATEMENT -> throw new IllegalArgumentException("no expression");
        }
    }
}
