package io.millrace.bench;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a person would write for one PutItem request with Jackson's streaming API and nothing else:
/// the measure for the generated codec.
final class HandWritten {

    private static final JsonFactory FACTORY = new JsonFactory();

    /// Just the members that the benchmark's request has.
    record PutItem(
            String tableName, Map<String, Object> item, String condition, String returnValues) {}

    private HandWritten() {}

    static PutItem read(byte[] json) {
        String tableName = "";
        Map<String, Object> item = Map.of();
        String condition = "";
        String returnValues = "";
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                switch (name) {
                    case "TableName" -> tableName = parser.nextStringValue();
                    case "Item" -> {
                        parser.nextToken();
                        item = readMap(parser);
                    }
                    case "ConditionExpression" -> condition = parser.nextStringValue();
                    case "ReturnValues" -> returnValues = parser.nextStringValue();
                    default -> {
                        parser.nextToken();
                        parser.skipChildren();
                    }
                }
            }
        }
        return new PutItem(tableName, item, condition, returnValues);
    }

    private static Map<String, Object> readMap(JsonParser parser) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            map.put(name, readValue(parser));
        }
        return map;
    }

    /// An attribute value as a map of its type to its content.
    private static Object readValue(JsonParser parser) {
        String type = parser.nextName();
        Object content =
                switch (type) {
                    case "S", "N" -> parser.nextStringValue();
                    case "BOOL" -> parser.nextBooleanValue();
                    case "M" -> {
                        parser.nextToken();
                        yield readMap(parser);
                    }
                    case "L" -> {
                        parser.nextToken();
                        List<Object> list = new ArrayList<>();
                        while (parser.nextToken() != JsonToken.END_ARRAY) {
                            list.add(readValue(parser));
                        }
                        yield list;
                    }
                    default -> throw new IllegalArgumentException(type);
                };
        parser.nextToken();
        return Map.of(type, content);
    }

    static byte[] write(PutItem request) {
        ByteArrayBuilder out = new ByteArrayBuilder(2048);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            generator.writeStartObject();
            generator.writeStringProperty("TableName", request.tableName());
            generator.writeName("Item");
            writeMap(generator, request.item());
            generator.writeStringProperty("ConditionExpression", request.condition());
            generator.writeStringProperty("ReturnValues", request.returnValues());
            generator.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void writeMap(JsonGenerator generator, Map<String, Object> map) {
        generator.writeStartObject();
        map.forEach((name, value) -> {
            generator.writeName(name);
            writeValue(generator, value);
        });
        generator.writeEndObject();
    }

    @SuppressWarnings("unchecked") // what readValue made
    private static void writeValue(JsonGenerator generator, Object value) {
        generator.writeStartObject();
        ((Map<String, Object>) value)
                .forEach((type, content) -> {
                    generator.writeName(type);
                    switch (content) {
                        case String text -> generator.writeString(text);
                        case Boolean bool -> generator.writeBoolean(bool);
                        case Map<?, ?> map -> writeMap(generator, (Map<String, Object>) map);
                        case List<?> list -> {
                            generator.writeStartArray();
                            list.forEach(element -> writeValue(generator, element));
                            generator.writeEndArray();
                        }
                        default -> throw new IllegalArgumentException(type);
                    }
                });
        generator.writeEndObject();
    }
}
