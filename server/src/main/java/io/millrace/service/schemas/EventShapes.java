package io.millrace.service.schemas;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Reads the shape of a JSON text, in one pass.
final class EventShapes {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final Pattern DATE_TIME =
            Pattern.compile(
                    "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");
    private static final int DATE_TIME_LENGTH_MIN = "2026-01-01T00:00:00Z".length();
    private static final int DATE_TIME_LENGTH_MAX = "2026-01-01T00:00:00.123456789+00:00".length();

    private EventShapes() {}

    /// The shape of one value; empty when the text is not JSON or goes too deep.
    static Optional<EventShape> of(String json) {
        try (JsonParser parser = MAPPER.createParser(json)) {
            if (parser.nextToken() == null) {
                return Optional.empty();
            }
            EventShape shape = read(parser, 0);
            return parser.nextToken() == null ? Optional.of(shape) : Optional.empty();
        } catch (JacksonException | TooDeepException _) {
            return Optional.empty();
        }
    }

    /// The shape of `detail` of an event as buses have it.
    static Optional<EventShape> ofDetail(String event) {
        try (JsonParser parser = MAPPER.createParser(event)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("detail")) {
                    return Optional.of(read(parser, 1));
                }
                parser.skipChildren();
            }
            return Optional.empty();
        } catch (JacksonException | TooDeepException _) {
            return Optional.empty();
        }
    }

    private static EventShape read(JsonParser parser, int depth) {
        if (depth > SchemasLimits.DEPTH_MAX) {
            throw new TooDeepException();
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, EventShape> properties = new TreeMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                properties.merge(name, read(parser, depth + 1), EventShape::merge);
            }
            return EventShape.object(properties);
        }
        if (token == JsonToken.START_ARRAY) {
            EventShape items = EventShape.NONE;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items = items.merge(read(parser, depth + 1));
            }
            return EventShape.array(items);
        }
        return EventShape.of(scalar(parser, token));
    }

    /// The type of a value that has nothing in it.
    static int scalar(JsonParser parser, JsonToken token) {
        if (token == JsonToken.VALUE_STRING) {
            return isDateTime(parser) ? EventShape.STRING : EventShape.STRING | EventShape.TEXT;
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? EventShape.NUMBER
                    : EventShape.INTEGER;
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            return EventShape.NUMBER;
        }
        return token == JsonToken.VALUE_NULL ? EventShape.NULL : EventShape.BOOLEAN;
    }

    private static boolean isDateTime(JsonParser parser) {
        int length = parser.getStringLength();
        return length >= DATE_TIME_LENGTH_MIN
                && length <= DATE_TIME_LENGTH_MAX
                && isDateTime(parser.getString());
    }

    static boolean isDateTime(String text) {
        if (!DATE_TIME.matcher(text).matches()) {
            return false;
        }
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeException _) {
            return false;
        }
    }

    /// Has no stack trace: it only ends the reading.
    static final class TooDeepException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooDeepException() {
            super("too deep", null, false, false);
        }
    }
}
