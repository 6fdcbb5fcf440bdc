package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Where in an item a value is: `a.b[0]`, with its placeholders resolved. The first step is a name.
public record DocumentPath(List<Step> steps) {

    /// A step from a document into it.
    public sealed interface Step {}

    /// Into a map, or into the item itself.
    public record Name(String name) implements Step {
        @Override
        public String toString() {
            return name;
        }
    }

    /// Into a list.
    public record Index(int index) implements Step {
        @Override
        public String toString() {
            return "[" + index + "]";
        }
    }

    /// The path of a top-level attribute.
    public static DocumentPath of(String name) {
        return new DocumentPath(List.of(new Name(name)));
    }

    /// The name of the top-level attribute.
    public String attribute() {
        return steps.getFirst().toString();
    }

    /// Whether the path leads into the attribute.
    public boolean isNested() {
        return steps.size() > 1;
    }

    public @Nullable AttributeValue in(Map<String, AttributeValue> item) {
        return in(item, steps.size());
    }

    /// The document that holds the value, for a nested path.
    @Nullable AttributeValue parentIn(Map<String, AttributeValue> item) {
        return in(item, steps.size() - 1);
    }

    Step last() {
        return steps.getLast();
    }

    private @Nullable AttributeValue in(Map<String, AttributeValue> item, int count) {
        AttributeValue value = item.get(attribute());
        for (int i = 1; i < count && value != null; i++) {
            value = child(value, steps.get(i));
        }
        return value;
    }

    static @Nullable AttributeValue child(AttributeValue parent, Step step) {
        return switch (step) {
            case Name(String name) ->
                    parent instanceof AttributeValue.M(var map) ? map.get(name) : null;
            case Index(int index) ->
                    parent instanceof AttributeValue.L(var list) && index < list.size()
                            ? list.get(index)
                            : null;
        };
    }

    /// As DynamoDB shows it: `[a, b, [0]]`.
    @Override
    public String toString() {
        return steps.stream().map(Step::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
