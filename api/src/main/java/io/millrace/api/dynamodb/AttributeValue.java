package io.millrace.api.dynamodb;

import io.millrace.api.Kind;
import io.millrace.api.Member;
import io.millrace.api.Schema;
import io.millrace.api.Shape;
import io.millrace.api.ShapeReader;
import io.millrace.api.ShapeWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A DynamoDB attribute value: exactly one of ten types. Written by hand, because it is the hot
/// path and because a sealed type lets a `switch` over it be exhaustive. Shared by DynamoDB and its
/// streams.
///
/// Immutable, if the lists, maps and arrays given to it are left alone. Which strings are numbers,
/// how deep a value may be, and that `NULL` is true, is for the service to check. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html).
public sealed interface AttributeValue extends Shape {

    Schema<AttributeValue> SCHEMA =
            Schema.of(
                    "com.amazonaws.dynamodb.v20120810.AttributeValue",
                    AttributeValue::read,
                    Member.of(Kind.STRING, "S"),
                    Member.of(Kind.STRING, "N"),
                    Member.of(Kind.BLOB, "B"),
                    Member.of(Kind.LIST, "SS").element(Member.of(Kind.STRING, "member")),
                    Member.of(Kind.LIST, "NS").element(Member.of(Kind.STRING, "member")),
                    Member.of(Kind.LIST, "BS").element(Member.of(Kind.BLOB, "member")),
                    Member.of(Kind.MAP, "M")
                            .key(Member.of(Kind.STRING, "key"))
                            .element(Member.of(Kind.STRUCTURE, "value")),
                    Member.of(Kind.LIST, "L").element(Member.of(Kind.STRUCTURE, "member")),
                    Member.of(Kind.BOOLEAN, "NULL"),
                    Member.of(Kind.BOOLEAN, "BOOL"));

    /// A string.
    record S(String value) implements AttributeValue {
        @Override
        public void write(ShapeWriter writer) {
            writer.begin(SCHEMA);
            writer.string(SCHEMA.member(0), value);
            writer.end();
        }
    }

    /// A number, in the text that the caller sent.
    record N(String value) implements AttributeValue {
        @Override
        public void write(ShapeWriter writer) {
            writer.begin(SCHEMA);
            writer.string(SCHEMA.member(1), value);
            writer.end();
        }
    }

    /// Bytes, equal by content.
    @SuppressWarnings("ArrayRecordComponent") // equality is by content, below
    record B(byte[] value) implements AttributeValue {
        @Override
        public void write(ShapeWriter writer) {
            writer.begin(SCHEMA);
            writer.blob(SCHEMA.member(2), value);
            writer.end();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof B(byte[] bytes) && Arrays.equals(value, bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "B[" + value.length + " bytes]";
        }
    }

    /// A set of strings, as sent: possibly with duplicates.
    record SS(List<String> values) implements AttributeValue {
        @Override
        public void write(ShapeWriter writer) {
            writer.begin(SCHEMA);
            writer.list(SCHEMA.member(3), values, ShapeWriter::string);
            writer.end();
        }
    }

    /// A set of numbers, as sent: possibly with duplicates.
    record NS(List<String> values) implements AttributeValue {
        @Override
        public void write(ShapeWriter writer) {
            writer.begin(SCHEMA);
            writer.list(SCHEMA.member(4), values, ShapeWriter::string);
            writer.end();
        }
    }

    /// A set of byte strings, as sent: possibly with duplicates. Equal by content and order.
    record BS(List<byte[]> values) implements AttributeValue {
        @Override
        public void write(ShapeWriter writer) {
            writer.begin(SCHEMA);
            writer.list(SCHEMA.member(5), values, ShapeWriter::blob);
            writer.end();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof BS(List<byte[]> those)
                    && Arrays.deepEquals(values.toArray(), those.toArray());
        }

        @Override
        public int hashCode() {
            return Arrays.deepHashCode(values.toArray());
        }

        @Override
        public String toString() {
            return "BS[" + values.size() + " values]";
        }
    }

    /// A map.
    record M(Map<String, AttributeValue> values) implements AttributeValue {
        @Override
        public void write(ShapeWriter writer) {
            writer.begin(SCHEMA);
            writer.map(SCHEMA.member(6), values, ShapeWriter::structure);
            writer.end();
        }
    }

    /// A list.
    record L(List<AttributeValue> values) implements AttributeValue {
        @Override
        public void write(ShapeWriter writer) {
            writer.begin(SCHEMA);
            writer.list(SCHEMA.member(7), values, ShapeWriter::structure);
            writer.end();
        }
    }

    /// Null; the service refuses `false`.
    record Null(boolean value) implements AttributeValue {
        @Override
        public void write(ShapeWriter writer) {
            writer.begin(SCHEMA);
            writer.bool(SCHEMA.member(8), value);
            writer.end();
        }
    }

    /// True or false.
    record Bool(boolean value) implements AttributeValue {
        @Override
        public void write(ShapeWriter writer) {
            writer.begin(SCHEMA);
            writer.bool(SCHEMA.member(9), value);
            writer.end();
        }
    }

    @Override
    default Schema<AttributeValue> schema() {
        return SCHEMA;
    }

    /// Reads one value. A value without a type or with more than one is reported to the reader as
    /// an [InvalidAttributeValue], and read as null, so that the rest of the request is known
    /// before anything is refused.
    static AttributeValue read(ShapeReader reader) {
        reader.begin(SCHEMA);
        int type = reader.next(SCHEMA);
        @Nullable AttributeValue value = null;
        @Nullable List<AttributeValue> given = null;
        int first = type;
        for (; type >= 0; type = reader.next(SCHEMA)) { // ends with the structure
            if (type != first && value != null) {
                given = given == null ? new ArrayList<>() : given;
                given.add(value);
            }
            value = read(reader, type, SCHEMA.member(type));
        }
        if (value == null) {
            reader.defer(InvalidAttributeValue.empty());
            return invalid();
        }
        if (given != null) {
            given.add(value);
            reader.defer(InvalidAttributeValue.several(given));
            return invalid();
        }
        return value;
    }

    private static AttributeValue read(ShapeReader reader, int type, Member member) {
        return switch (type) {
            case 0 -> new S(reader.string(member));
            case 1 -> new N(reader.string(member));
            case 2 -> new B(reader.blob(member));
            case 3 -> new SS(reader.list(member, ShapeReader::string));
            case 4 -> new NS(reader.list(member, ShapeReader::string));
            case 5 -> new BS(reader.list(member, ShapeReader::blob));
            case 6 -> new M(readMap(reader, member));
            case 7 -> new L(readList(reader, member));
            case 8 -> new Null(reader.bool(member));
            case 9 -> new Bool(reader.bool(member));
            default -> throw new IllegalStateException("type " + type);
        };
    }

    /// Stands for an invalid value, in a request that is going to be refused.
    private static AttributeValue invalid() {
        return new Null(false);
    }

    private static AttributeValue element(ShapeReader reader, Member element) {
        return read(reader);
    }

    /// A list of values, none of them null.
    static List<AttributeValue> readList(ShapeReader reader, Member member) {
        List<AttributeValue> values = reader.list(member, AttributeValue::element);
        if (values.contains(null)) {
            reader.defer(InvalidAttributeValue.empty());
            values.replaceAll(value -> value == null ? invalid() : value);
        }
        return values;
    }

    /// A map of values, none of them null.
    static Map<String, AttributeValue> readMap(ShapeReader reader, Member member) {
        Map<String, AttributeValue> values = reader.map(member, AttributeValue::element);
        if (values.containsValue(null)) {
            reader.defer(InvalidAttributeValue.empty());
            values.replaceAll((_, value) -> value == null ? invalid() : value);
        }
        return values;
    }
}
