package io.millrace.api.codec;

import static tools.jackson.core.sym.PropertyNameMatcher.MATCH_END_OBJECT;
import static tools.jackson.core.sym.PropertyNameMatcher.MATCH_UNKNOWN_NAME;

import io.millrace.api.InvalidMember;
import io.millrace.api.Member;
import io.millrace.api.Schema;
import io.millrace.api.SerializationFailure;
import io.millrace.api.Shape;
import io.millrace.api.ShapeReader;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Reads awsJson 1.0 and 1.1. Names are matched by their bytes, without making strings of them.
///
/// Of equal names the last one counts. Unknown members and members that are null are as good as
/// absent. Numbers are given to integers with their fraction cut off, as AWS does. Depth is bounded
/// by [#DEPTH_MAX]; length is the caller's to bound, since it owns the bytes.
public final class JsonShapeReader implements ShapeReader {
    /// Deep enough that values which nest deeper than their service allows are refused by that
    /// service, in its words.
    public static final int DEPTH_MAX = 1_000;

    private static final int NAME_CHARS_MAX = 1 << 20;
    private static final int NUMBER_CHARS_MAX = 1_000;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .recyclerPool(new JsonBuffers())
                    .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_MAX)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(NAME_CHARS_MAX)
                                    .maxNumberLength(NUMBER_CHARS_MAX)
                                    .build())
                    .build();

    /// AWS's answer to a scalar where a collection within a collection should be.
    private static final String CAST =
            "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to"
                    + " class java.lang.Class"
                    + " (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and"
                    + " java.lang.Class are in module java.base of loader 'bootstrap')";

    private final JsonParser parser;
    private @Nullable InvalidMember deferred;
    private boolean inCollection; // whether the value at hand is an element, not a member

    private JsonShapeReader(JsonParser parser) {
        this.parser = parser;
    }

    /// Reads one document, which must be the whole input.
    ///
    /// @throws SerializationFailure when the bytes are not JSON, or not of this shape
    public static <T extends Shape> T read(byte[] json, Schema<T> schema) {
        return read(json, schema::read);
    }

    /// As [#read(byte[], Schema)], for whoever reads a part of the shape elsewhere.
    static <T extends Shape> T read(byte[] json, Function<JsonShapeReader, T> shapes) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            JsonShapeReader reader = new JsonShapeReader(parser);
            T shape = reader.readOrDrain(shapes);
            if (parser.nextToken() != null) {
                throw malformed();
            }
            if (reader.deferred != null) {
                throw reader.deferred.in(shape);
            }
            return shape;
        } catch (JacksonException _) {
            throw malformed();
        }
    }

    /// Whether the bytes are JSON comes before whether they are the shape.
    private <T extends Shape> T readOrDrain(Function<JsonShapeReader, T> shapes) {
        try {
            return shapes.apply(this);
        } catch (SerializationFailure e) {
            while (parser.nextToken() != null) { // ends with the input
                parser.skipChildren();
            }
            throw e;
        }
    }

    /// Makes sure only that the bytes are one JSON value.
    ///
    /// @throws SerializationFailure when they are not
    public static void checkSyntax(byte[] json) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() == null) {
                throw malformed();
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw malformed();
            }
        } catch (JacksonException _) {
            throw malformed();
        }
    }

    /// AWS does not say where: its SerializationException comes without a message.
    private static SerializationFailure malformed() {
        return new SerializationFailure("");
    }

    @Override
    public void defer(InvalidMember refusal) {
        if (deferred == null) {
            deferred = refusal;
        }
    }

    @Override
    public void begin(Schema<?> schema) {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.START_OBJECT) {
            throw misplaced(
                    token,
                    "class " + schema.qualifiedName(),
                    inCollection ? "Unexpected value type in payload" : "Unexpected field type");
        }
    }

    @Override
    public int next(Schema<?> schema) {
        while (true) { // ends at the object's end, or with the input
            int index = parser.nextNameMatch(schema.jsonNames());
            if (index >= 0) {
                if (parser.nextToken() != JsonToken.VALUE_NULL) {
                    inCollection = false;
                    return index;
                }
            } else if (index == MATCH_UNKNOWN_NAME) {
                parser.nextToken();
                parser.skipChildren();
            } else if (index == MATCH_END_OBJECT) {
                return -1;
            } else {
                throw new SerializationFailure("");
            }
        }
    }

    @Override
    public String string(Member member) {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_STRING) {
            throw inconvertible(token, member, "String");
        }
        return parser.getString();
    }

    @Override
    public Boolean bool(Member member) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_TRUE) {
            return Boolean.TRUE;
        }
        if (token == JsonToken.VALUE_FALSE) {
            return Boolean.FALSE;
        }
        if (token == JsonToken.VALUE_STRING) {
            return switch (parser.getString()) {
                case "true", "yes" -> Boolean.TRUE;
                case "false", "no" -> Boolean.FALSE;
                default -> throw new SerializationFailure("Unexpected token received from parser");
            };
        }
        throw inconvertible(token, member, "Boolean");
    }

    @Override
    public Integer integer(Member member) {
        return (int) wholeNumber(member, "Integer", Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    @Override
    public Long longInteger(Member member) {
        return wholeNumber(member, "Long", Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private long wholeNumber(Member member, String type, long min, long max) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT) {
            long value = parser.getLongValue(); // throws beyond 64 bits
            if (value < min || value > max) {
                throw new SerializationFailure("");
            }
            return value;
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            double value = parser.getDoubleValue();
            if (!(value >= min && value <= max)) {
                throw new SerializationFailure("");
            }
            return (long) value;
        }
        throw inconvertible(token, member, type);
    }

    @Override
    public Float floatNumber(Member member) {
        return (float) realNumber(member, "Float");
    }

    @Override
    public Double doubleNumber(Member member) {
        return realNumber(member, "Double");
    }

    private double realNumber(Member member, String type) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return switch (parser.getString()) {
                case "NaN" -> Double.NaN;
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> throw inconvertible(token, member, type);
            };
        }
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw inconvertible(token, member, type);
        }
        return parser.getDoubleValue();
    }

    @Override
    public byte[] blob(Member member) {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_STRING) {
            throw misplaced(
                    token,
                    "class " + member.typeName(),
                    "only base-64-encoded strings are convertible to bytes");
        }
        String text = parser.getString();
        if (text.length() % 4 != 0) {
            throw new SerializationFailure(
                    "Base64 encoded length is expected a multiple of 4 bytes but found: "
                            + text.length());
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (!text.endsWith("=") || lastBitsAreZero(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException _) {
            // worded as what follows
        }
        throw new SerializationFailure("Invalid last non-pad Base64 character dectected");
    }

    /// Whether the bits of the last character that belong to no byte are zero.
    private static boolean lastBitsAreZero(String padded) {
        boolean two = padded.endsWith("==");
        char last = padded.charAt(padded.length() - (two ? 3 : 2));
        return (two ? "AQgw" : "AEIMQUYcgkosw048").indexOf(last) >= 0;
    }

    @Override
    public Instant timestamp(Member member) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            return Timestamps.ofEpochSeconds(parser.getDoubleValue());
        }
        if (token == JsonToken.VALUE_STRING) {
            return Timestamps.parse(parser.getString());
        }
        throw inconvertible(token, member, "milliseconds since epoch");
    }

    @Override
    @SuppressWarnings("NullAway") // nulls are kept for the constraint check to refuse
    public <T> List<T> list(Member member, ElementReader<T> element) {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.START_ARRAY) {
            throw misplaced(token, member.typeName(), collection(member));
        }
        List<T> list = new ArrayList<>();
        Member each = member.element();
        for (JsonToken next = parser.nextToken();
                next != JsonToken.END_ARRAY;
                next = parser.nextToken()) {
            inCollection = true;
            list.add(next == JsonToken.VALUE_NULL ? null : element.read(this, each));
        }
        return list;
    }

    @Override
    @SuppressWarnings("NullAway") // nulls are kept for the constraint check to refuse
    public <T> Map<String, T> map(Member member, ElementReader<T> value) {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.START_OBJECT) {
            throw misplaced(token, member.typeName(), collection(member));
        }
        Map<String, T> map = new LinkedHashMap<>();
        Member each = member.element();
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            JsonToken next = parser.nextToken();
            inCollection = true;
            map.put(key, next == JsonToken.VALUE_NULL ? null : value.read(this, each));
        }
        return map;
    }

    private static String collection(Member member) {
        return member.index() < 0 ? CAST : "Unexpected field type";
    }

    private static SerializationFailure misplaced(
            @Nullable JsonToken token, String type, String scalar) {
        return new SerializationFailure(
                switch (token) {
                    case START_ARRAY -> "Unrecognized collection type " + type;
                    case START_OBJECT -> "Start of structure or map found where not expected";
                    case null -> "";
                    default -> scalar;
                });
    }

    /// Scalars: AWS names the parser's token and the type that it wanted.
    private static SerializationFailure inconvertible(
            @Nullable JsonToken token, Member member, String type) {
        String found =
                switch (token) {
                    case VALUE_STRING -> "STRING_VALUE";
                    case VALUE_NUMBER_INT -> "NUMBER_VALUE";
                    case VALUE_NUMBER_FLOAT -> "DECIMAL_VALUE";
                    case VALUE_TRUE -> "TRUE_VALUE";
                    case VALUE_FALSE -> "FALSE_VALUE";
                    case null, default -> "";
                };
        return misplaced(
                token, "class " + member.typeName(), found + " cannot be converted to " + type);
    }
}
