package io.millrace.service.dynamodb;

import com.amazon.ion.IonReader;
import com.amazon.ion.IonType;
import com.amazon.ion.IonWriter;

import io.millrace.api.dynamodb.AttributeValue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Attribute values as Ion, as DynamoDB exports and imports them: sets are annotated lists, numbers
/// are decimals. Source: [data
/// types](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html).
final class IonValues {
    static final byte[] VERSION = "$ion_1_0 ".getBytes(StandardCharsets.US_ASCII);

    private static final String STRING_SET = "$dynamodb_SS";
    private static final String NUMBER_SET = "$dynamodb_NS";
    private static final String BINARY_SET = "$dynamodb_BS";
    private static final int DEPTH_MAX = 64;

    private IonValues() {}

    static void write(IonWriter writer, Map<String, AttributeValue> map) throws IOException {
        writer.stepIn(IonType.STRUCT);
        for (Map.Entry<String, AttributeValue> entry : map.entrySet()) {
            writer.setFieldName(entry.getKey());
            write(writer, entry.getValue());
        }
        writer.stepOut();
    }

    private static void write(IonWriter writer, AttributeValue value) throws IOException {
        switch (value) {
            case AttributeValue.S(String text) -> writer.writeString(text);
            case AttributeValue.N(String text) -> writer.writeDecimal(new BigDecimal(text));
            case AttributeValue.B(byte[] bytes) -> writer.writeBlob(bytes);
            case AttributeValue.Bool(boolean bool) -> writer.writeBool(bool);
            case AttributeValue.Null _ -> writer.writeNull();
            case AttributeValue.M(var map) -> write(writer, map);
            case AttributeValue.L(var list) -> {
                writer.stepIn(IonType.LIST);
                for (AttributeValue element : list) {
                    write(writer, element);
                }
                writer.stepOut();
            }
            case AttributeValue.SS(var texts) -> {
                set(writer, STRING_SET);
                for (String text : texts) {
                    writer.writeString(text);
                }
                writer.stepOut();
            }
            case AttributeValue.NS(var texts) -> {
                set(writer, NUMBER_SET);
                for (String text : texts) {
                    writer.writeDecimal(new BigDecimal(text));
                }
                writer.stepOut();
            }
            case AttributeValue.BS(var binaries) -> {
                set(writer, BINARY_SET);
                for (byte[] binary : binaries) {
                    writer.writeBlob(binary);
                }
                writer.stepOut();
            }
        }
    }

    private static void set(IonWriter writer, String annotation) throws IOException {
        writer.addTypeAnnotation(annotation);
        writer.stepIn(IonType.LIST);
    }

    /// Reads the struct that the reader stands on.
    ///
    /// @throws IllegalArgumentException when it holds what no item can
    static Map<String, AttributeValue> read(IonReader reader) {
        return map(reader, 1);
    }

    private static Map<String, AttributeValue> map(IonReader reader, int depth) {
        if (depth > DEPTH_MAX) {
            throw new IllegalArgumentException("Nesting Levels have exceeded supported limits");
        }
        Map<String, AttributeValue> map = new LinkedHashMap<>();
        reader.stepIn();
        while (reader.next() != null) {
            map.put(reader.getFieldName(), value(reader, depth));
        }
        reader.stepOut();
        return map;
    }

    private static AttributeValue value(IonReader reader, int depth) {
        if (reader.isNullValue()) {
            return new AttributeValue.Null(true);
        }
        return switch (reader.getType()) {
            case STRING, SYMBOL -> new AttributeValue.S(reader.stringValue());
            case INT, DECIMAL -> new AttributeValue.N(number(reader));
            case FLOAT -> new AttributeValue.N(BigDecimal.valueOf(reader.doubleValue()).toString());
            case BOOL -> new AttributeValue.Bool(reader.booleanValue());
            case BLOB, CLOB -> new AttributeValue.B(reader.newBytes());
            case STRUCT -> new AttributeValue.M(map(reader, depth + 1));
            case LIST, SEXP -> list(reader, depth);
            case NULL, TIMESTAMP, DATAGRAM ->
                    throw new IllegalArgumentException("Unsupported Ion type: " + reader.getType());
        };
    }

    private static String number(IonReader reader) {
        return reader.getType() == IonType.INT
                ? reader.bigIntegerValue().toString()
                : reader.bigDecimalValue().toString();
    }

    private static AttributeValue list(IonReader reader, int depth) {
        String[] annotations = reader.getTypeAnnotations();
        String annotation = annotations.length == 0 ? "" : annotations[0];
        List<AttributeValue> values = new ArrayList<>();
        reader.stepIn();
        while (reader.next() != null) {
            values.add(value(reader, depth + 1));
        }
        reader.stepOut();
        return switch (annotation) {
            case STRING_SET -> new AttributeValue.SS(values.stream().map(IonValues::text).toList());
            case NUMBER_SET ->
                    new AttributeValue.NS(values.stream().map(IonValues::numberText).toList());
            case BINARY_SET ->
                    new AttributeValue.BS(values.stream().map(IonValues::bytes).toList());
            default -> new AttributeValue.L(values);
        };
    }

    private static String text(AttributeValue value) {
        if (value instanceof AttributeValue.S(String text)) {
            return text;
        }
        throw ofAnotherType();
    }

    private static String numberText(AttributeValue value) {
        if (value instanceof AttributeValue.N(String text)) {
            return text;
        }
        throw ofAnotherType();
    }

    private static IllegalArgumentException ofAnotherType() {
        return new IllegalArgumentException("A set with a value of another type");
    }

    private static byte[] bytes(AttributeValue value) {
        if (value instanceof AttributeValue.B(byte[] bytes)) {
            return bytes;
        }
        throw ofAnotherType();
    }
}
