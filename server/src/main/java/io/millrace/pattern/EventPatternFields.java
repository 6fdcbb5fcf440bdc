package io.millrace.pattern;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An event as patterns see it: its leaves by their path, `detail.items.sku`. Immutable.
///
/// A leaf inside an array's object remembers which element of which array it came from, so that a
/// pattern cannot be satisfied by one field of one element and another of another.
public final class EventPatternFields {

    static final int[] NONE = {};
    private static final int EMPTIES_MAX = 1000; // of which people are told
    private static final int EXACT_DIGITS = 15; // decimals this short are exact doubles in print

    /// One leaf.
    ///
    /// @param value a string in quotes, unescaped; anything else as it is spelled
    /// @param number the number that it is, or not-a-number; also not a number is one that a double
    ///   cannot tell from its neighbours
    /// @param element of an array that it stands in, if any
    record Field(String value, double number, @Nullable ArrayElement element) {

        boolean isString() {
            return value.charAt(0) == '"';
        }

        /// Pairs of an array's number and the element's index in it, outer to inner.
        int[] membership() {
            if (element == null) {
                return NONE;
            }
            int[] pairs = new int[2 * element.depth()];
            int at = pairs.length;
            for (ArrayElement in = element; in != null; in = in.outer()) {
                pairs[--at] = in.index();
                pairs[--at] = in.array();
            }
            return pairs;
        }
    }

    private final Map<FieldPath, List<Field>> byPath;
    private final Map<FieldPath, String> empties;

    EventPatternFields(Map<FieldPath, List<Field>> byPath) {
        this(byPath, Map.of());
    }

    private EventPatternFields(Map<FieldPath, List<Field>> byPath, Map<FieldPath, String> empties) {
        this.byPath = byPath;
        this.empties = empties;
    }

    /// The fields of an event that is there as a whole.
    ///
    /// @throws IllegalArgumentException when `json` is not a JSON object
    public static EventPatternFields of(String json) {
        return new Builder().json(json).build();
    }

    /// Whether something is there, be it null, other than an empty array or object.
    public boolean has(String path) {
        return byPath.containsKey(FieldPath.of(path));
    }

    /// The string at a path, the first of several; empty when there is none.
    public String text(String path) {
        for (Field field : at(path)) {
            if (field.isString()) {
                return field.value().substring(1, field.value().length() - 1);
            }
        }
        return "";
    }

    /// What is at a path where there are no values, in words: an empty list or object; null for
    /// nothing, or one of very many.
    @Nullable String empty(String path) {
        return empties.get(FieldPath.of(path));
    }

    Set<FieldPath> paths() {
        return byPath.keySet();
    }

    List<Field> at(String path) {
        return at(FieldPath.of(path));
    }

    List<Field> at(FieldPath path) {
        return byPath.getOrDefault(path, List.of());
    }

    /// Collects the leaves of an event that is put together from parts.
    public static final class Builder {
        private final Map<FieldPath, List<Field>> byPath = new HashMap<>();
        private final Map<FieldPath, String> empties = new HashMap<>();
        private @Nullable ArrayElement element;
        private int arrayCount;

        public Builder string(String path, String value) {
            add(FieldPath.of(path), '"' + value + '"', Double.NaN);
            return this;
        }

        /// Adds the members of a JSON object at the event's top.
        ///
        /// @throws IllegalArgumentException when `json` is not a JSON object
        public Builder json(String json) {
            return parse("", json, EventJson.FACTORY);
        }

        /// Adds a JSON object as the member `name`.
        ///
        /// @throws IllegalArgumentException when `json` is not a JSON object
        public Builder object(String name, String json) {
            return parse(name, json, EventJson.DETAIL);
        }

        public EventPatternFields build() {
            return new EventPatternFields(byPath, empties);
        }

        private Builder parse(String path, String json, JsonFactory factory) {
            try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new IllegalArgumentException("Event must be a JSON object");
                }
                object(parser, FieldPath.of(path));
                if (parser.nextToken() != null) {
                    throw new IllegalArgumentException("There is more after the JSON object");
                }
                return this;
            } catch (JacksonException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        private void object(JsonParser parser, FieldPath path) {
            boolean isEmpty = true;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                isEmpty = false;
                String name = parser.currentName();
                parser.nextToken();
                value(parser, path.member(name));
            }
            if (isEmpty) {
                empty(path, "an empty object");
            }
        }

        private void empty(FieldPath path, String words) {
            if (empties.size() < EMPTIES_MAX) {
                empties.put(path, words);
            }
        }

        private void value(JsonParser parser, FieldPath path) {
            switch (parser.currentToken()) {
                case START_OBJECT -> object(parser, path);
                case START_ARRAY -> array(parser, path);
                case VALUE_STRING -> add(path, '"' + parser.getString() + '"', Double.NaN);
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                    String spelling = parser.getString();
                    add(path, spelling, number(spelling));
                }
                default -> add(path, parser.getString(), Double.NaN);
            }
        }

        private void array(JsonParser parser, FieldPath path) {
            int array = arrayCount++;
            ArrayElement outside = element;
            int index = 0;
            for (; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                JsonToken token = parser.currentToken();
                if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
                    element = ArrayElement.in(outside, array, index);
                    value(parser, path);
                    element = outside;
                } else {
                    value(parser, path);
                }
            }
            if (index == 0) {
                empty(path, "an empty list");
            }
        }

        private void add(FieldPath path, String value, double number) {
            byPath.computeIfAbsent(path, _ -> new ArrayList<>(1))
                    .add(new Field(value, number, element));
        }
    }

    /// The number that a JSON number's spelling stands for, or not-a-number when the nearest double
    /// prints differently.
    static double number(String spelling) {
        double number = Double.parseDouble(spelling);
        if (spelling.length() <= EXACT_DIGITS
                && spelling.indexOf('e') < 0
                && spelling.indexOf('E') < 0) {
            return number + 0.0; // turns -0.0 into 0.0
        }
        return Double.isFinite(number)
                        && BigDecimal.valueOf(number).compareTo(new BigDecimal(spelling)) == 0
                ? number + 0.0
                : Double.NaN;
    }
}
