package io.millrace.pattern;

import io.millrace.pattern.FilterPolicyValue.Literal;
import io.millrace.pattern.FilterPolicyValue.Numeric;
import io.millrace.pattern.FilterPolicyValue.Text;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What policies of one scope are matched against, laid flat: the values at each path. Made once
/// for a message, whatever the number of subscriptions. Immutable.
///
/// A value remembers in which element of which array it stands, so that two keys of a policy match
/// in the same element of an array of objects, as in event-ruler.
public final class FilterPolicyInput {

    /// An attribute of a message, without those of type `Binary`, which policies do not see.
    public record Attribute(String dataType, String value) {}

    /// @param element of an array that it stands in, if any
    record Leaf(FilterPolicyValue value, @Nullable ArrayElement element) {

        /// The element's index by the number of the array, in those of `arrays`.
        Map<Integer, Integer> elements(Set<Integer> arrays) {
            Map<Integer, Integer> elements = new HashMap<>();
            for (ArrayElement in = element; in != null; in = in.outer()) {
                if (arrays.contains(in.array())) {
                    elements.put(in.array(), in.index());
                }
            }
            return elements;
        }
    }

    /// Of arrays, in which all values stand together; each counts for every value in it.
    static final int ELEMENTS_MAX = 250_000;

    /// What no policy matches.
    private static final FilterPolicyInput UNFIT = new FilterPolicyInput(Map.of(), false);

    /// What no policy matches since its values stand in too many elements.
    private static final FilterPolicyInput CROWDED = new FilterPolicyInput(Map.of(), false);

    private final Map<FieldPath, List<Leaf>> leaves;
    private final boolean filterable;
    private @Nullable EventPatternFields fields; // made by whoever asks first

    private FilterPolicyInput(Map<FieldPath, List<Leaf>> leaves, boolean filterable) {
        this.leaves = leaves;
        this.filterable = filterable;
    }

    /// A message without attributes matches no policy, not even one that wants a key absent.
    public static FilterPolicyInput ofAttributes(Map<String, Attribute> attributes) {
        if (attributes.isEmpty()) {
            return UNFIT;
        }
        Map<FieldPath, List<Leaf>> leaves = new HashMap<>();
        attributes.forEach((name, attribute) -> {
            List<Leaf> values = new ArrayList<>();
            for (FilterPolicyValue value : values(attribute)) {
                values.add(new Leaf(value, null));
            }
            if (!values.isEmpty()) {
                leaves.put(FieldPath.of(name), values);
            }
        });
        return new FilterPolicyInput(leaves, true);
    }

    /// A body that is not a JSON object, or has too many values deep in arrays, matches no policy.
    public static FilterPolicyInput ofBody(String body) {
        Reader reader = new Reader();
        try (JsonParser parser = EventJson.FACTORY.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return UNFIT;
            }
            reader.object(parser, FieldPath.of(""), null);
            if (parser.nextToken() != null) {
                return UNFIT;
            }
            return reader.elementCount <= ELEMENTS_MAX
                    ? new FilterPolicyInput(reader.leaves, true)
                    : CROWDED;
        } catch (JacksonException _) { // not JSON, or deeper than our bound
            return UNFIT;
        }
    }

    boolean filterable() {
        return filterable;
    }

    /// Whether it is not filterable only because of [#ELEMENTS_MAX].
    boolean isCrowded() {
        return this == CROWDED;
    }

    List<Leaf> at(String path) {
        return leaves.getOrDefault(FieldPath.of(path), List.of());
    }

    /// The same for the tree of an index, with numbers rounded.
    EventPatternFields fields() {
        EventPatternFields made = fields;
        if (made == null) {
            Map<FieldPath, List<EventPatternFields.Field>> byPath = new HashMap<>();
            leaves.forEach((path, values) ->
                    byPath.put(path, values.stream().map(FilterPolicyInput::field).toList()));
            made = new EventPatternFields(byPath);
            fields = made;
        }
        return made;
    }

    private static EventPatternFields.Field field(Leaf leaf) {
        return switch (leaf.value) {
            case Text(String text) ->
                    new EventPatternFields.Field('"' + text + '"', Double.NaN, null);
            case Literal(String text) -> new EventPatternFields.Field(text, Double.NaN, null);
            case Numeric(BigDecimal number) ->
                    new EventPatternFields.Field("0", FilterPolicyIndex.rounded(number), null);
        };
    }

    private static List<FilterPolicyValue> values(Attribute attribute) {
        String type = attribute.dataType();
        if (type.equals("String.Array")) {
            Reader reader = new Reader();
            try (JsonParser parser =
                    EventJson.FACTORY.createParser(ObjectReadContext.empty(), attribute.value())) {
                reader.value(parser, parser.nextToken(), FieldPath.of(""), null);
            } catch (JacksonException _) { // not JSON: as if absent
                return List.of();
            }
            return reader.leaves.getOrDefault(FieldPath.of(""), List.of()).stream()
                    .map(Leaf::value)
                    .toList();
        }
        return type.equals("Number") || type.startsWith("Number.")
                ? List.of(FilterPolicyValue.number(attribute.value()))
                : List.of(new Text(attribute.value()));
    }

    /// Lays a JSON text flat. The parser bounds the depth.
    private static final class Reader {
        private final Map<FieldPath, List<Leaf>> leaves = new HashMap<>();
        private int arrayCount;
        private long elementCount;

        void object(JsonParser parser, FieldPath path, @Nullable ArrayElement element) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                value(parser, parser.nextToken(), path.member(name), element);
            }
        }

        void value(
                JsonParser parser,
                JsonToken token,
                FieldPath path,
                @Nullable ArrayElement element) {
            switch (token) {
                case START_OBJECT -> object(parser, path, element);
                case START_ARRAY -> array(parser, path, element);
                case VALUE_STRING -> add(path, new Text(parser.getString()), element);
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                        add(path, FilterPolicyValue.number(parser.getString()), element);
                case VALUE_TRUE, VALUE_FALSE, VALUE_NULL ->
                        add(path, new Literal(parser.getString()), element);
                case null, default -> {} // an end where a value should be: the caller sees it
            }
        }

        private void array(JsonParser parser, FieldPath path, @Nullable ArrayElement element) {
            int number = arrayCount++;
            int index = 0;
            for (JsonToken token = parser.nextToken();
                    token != JsonToken.END_ARRAY;
                    token = parser.nextToken()) {
                if (token.isStructStart()) { // simple values are of no element
                    value(parser, token, path, ArrayElement.in(element, number, index));
                } else {
                    value(parser, token, path, element);
                }
                index++;
            }
        }

        private void add(FieldPath path, FilterPolicyValue value, @Nullable ArrayElement element) {
            leaves.computeIfAbsent(path, _ -> new ArrayList<>()).add(new Leaf(value, element));
            elementCount += element == null ? 0 : element.depth();
        }
    }
}
