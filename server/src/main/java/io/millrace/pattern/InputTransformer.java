package io.millrace.pattern;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rewrites an event by a template with places for values: `{"id": <id>, "text": "order <id>"}`.
/// Immutable.
///
/// In a place outside of quotes goes the value as JSON, `""` when the event has none. In a place
/// inside of quotes goes the value as text: a string's characters, an object or a list without its
/// quotes, nothing when the event has none. A template that is a string, or several strings on
/// lines of their own, keeps its quotes. Source: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html).
public final class InputTransformer {

    /// A transformer that cannot be; the message says why, as AWS words it behind the target's id.
    public static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(String message) {
            super(message, null, false, false);
        }

        public String reason() {
            return String.valueOf(getMessage());
        }
    }

    /// What the reserved variables tell.
    ///
    /// @param eventJson the event as it is delivered without a transformer
    public record Context(
            String ruleArn, String ruleName, String ingestionTime, String eventJson) {}

    private sealed interface Part {
        record Text(String text) implements Part {}

        record Place(String name, boolean quoted) implements Part {}
    }

    /// What comes out is no longer than this.
    public static final int OUTPUT_CHARS_MAX = 2 << 20;

    private static final String RESERVED = "aws.events.";
    private static final Set<String> VARIABLES =
            Set.of(
                    "aws.events.rule-arn",
                    "aws.events.rule-name",
                    "aws.events.event.ingestion-time",
                    "aws.events.event",
                    "aws.events.event.json");
    private static final Pattern PLACE = Pattern.compile("<([A-Za-z0-9_.\\-]+)>");
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, JsonPath> paths;
    private final List<Part> parts;

    private InputTransformer(Map<String, JsonPath> paths, List<Part> parts) {
        this.paths = paths;
        this.parts = parts;
    }

    /// Reads and checks a transformer.
    ///
    /// @param targetId named in what is refused
    public static InputTransformer of(
            String targetId, @Nullable Map<String, String> pathsMap, String template)
            throws InvalidException {
        Map<String, JsonPath> paths = new HashMap<>();
        for (Map.Entry<String, String> entry :
                (pathsMap == null ? Map.<String, String>of() : pathsMap).entrySet()) {
            if (entry.getKey().regionMatches(true, 0, "aws.", 0, 4)) {
                throw new InvalidException(
                        "InputPathsMap for target "
                                + targetId
                                + " contains reserved key "
                                + entry.getKey()
                                + ".");
            }
            Optional<JsonPath> path = JsonPath.parse(entry.getValue());
            if (path.isEmpty()) {
                throw new InvalidException("Invalid InputPathsMap for target " + targetId + ".");
            }
            paths.put(entry.getKey(), path.get());
        }
        List<Part> parts = parts(template);
        for (Part part : parts) {
            if (part instanceof Part.Place(String name, _)
                    && !paths.containsKey(name)
                    && !VARIABLES.contains(name)) {
                throw new InvalidException(
                        "InputTemplate for target "
                                + targetId
                                + " contains invalid placeholder "
                                + name
                                + ".");
            }
        }
        check(targetId, template, parts);
        return new InputTransformer(Map.copyOf(paths), parts);
    }

    private static List<Part> parts(String template) {
        List<Part> parts = new ArrayList<>();
        Matcher place = PLACE.matcher(template);
        int from = 0;
        boolean quoted = false;
        while (place.find()) {
            quoted = quotedAfter(template, from, place.start(), quoted);
            parts.add(new Part.Text(template.substring(from, place.start())));
            parts.add(new Part.Place(place.group(1), quoted));
            from = place.end();
        }
        parts.add(new Part.Text(template.substring(from)));
        return List.copyOf(parts);
    }

    private static boolean quotedAfter(String text, int from, int to, boolean before) {
        boolean quoted = before;
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return quoted;
    }

    /// With a value in each place it must be JSON, or a sequence of JSON strings.
    private static void check(String targetId, String template, List<Part> parts)
            throws InvalidException {
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String text) -> filled.append(text);
                case Part.Place(_, boolean quoted) -> filled.append(quoted ? "" : "\"\"");
            }
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), filled.toString())) {
            JsonToken first = parser.nextToken();
            boolean strings = first == JsonToken.VALUE_STRING;
            parser.skipChildren();
            parser.finishToken();
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (!strings || token != JsonToken.VALUE_STRING) {
                    throw invalid(targetId, template, parser.currentTokenLocation());
                }
                parser.finishToken();
            }
            if (first == null) {
                throw invalid(targetId, template, parser.currentLocation());
            }
        } catch (JacksonException e) {
            throw invalid(targetId, template, e.getLocation());
        }
    }

    private static InvalidException invalid(
            String targetId, String template, @Nullable TokenStreamLocation location) {
        int line = location == null ? 1 : location.getLineNr();
        int column = location == null ? 1 : location.getColumnNr();
        return new InvalidException(
                "Invalid InputTemplate for target "
                        + targetId
                        + " : [Source: (String)\""
                        + template
                        + "\"; line: "
                        + line
                        + ", column: "
                        + column
                        + "].");
    }

    /// The transformed event; empty when it would be longer than [#OUTPUT_CHARS_MAX].
    public Optional<String> transform(Context context) {
        Map<String, String> values = new HashMap<>();
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String text) -> out.append(text);
                case Part.Place(String name, boolean quoted) -> {
                    String value = values.computeIfAbsent(name, n -> value(n, context));
                    out.append(quoted ? asText(value) : value.isEmpty() ? "\"\"" : value);
                }
            }
            if (out.length() > OUTPUT_CHARS_MAX) {
                return Optional.empty();
            }
        }
        return Optional.of(out.toString());
    }

    /// A variable's value as JSON, empty when there is none.
    private String value(String name, Context context) {
        JsonPath path = paths.get(name);
        if (path != null) {
            return path.read(context.eventJson()).orElse("");
        }
        return switch (name) {
            case RESERVED + "rule-arn" -> JsonPathText.quote(context.ruleArn());
            case RESERVED + "rule-name" -> JsonPathText.quote(context.ruleName());
            case RESERVED + "event.ingestion-time" -> JsonPathText.quote(context.ingestionTime());
            case RESERVED + "event" -> withoutDetail(context.eventJson());
            default -> context.eventJson();
        };
    }

    /// The event's metadata, with `detailType` in place of `detail-type`.
    private static String withoutDetail(String eventJson) {
        StringBuilder json = new StringBuilder("{");
        JsonPathText text = new JsonPathText(eventJson);
        text.take();
        while (text.peek() != '}') {
            String name = text.name();
            String value = text.value();
            if (!name.equals("detail")) {
                json.append(json.length() > 1 ? "," : "")
                        .append(
                                JsonPathText.quote(
                                        name.equals("detail-type") ? "detailType" : name))
                        .append(':')
                        .append(value);
            }
            if (text.peek() == ',') {
                text.take();
            }
        }
        return json.append('}').toString();
    }

    private static String asText(String json) {
        if (json.startsWith("\"")) {
            return json.substring(1, json.length() - 1); // escapes stay escapes
        }
        return json.startsWith("{") || json.startsWith("[") ? withoutQuotes(json) : json;
    }

    /// As it can stand inside a string: escapes stay, except those of quotes.
    private static String withoutQuotes(String json) {
        StringBuilder text = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '\\' && json.charAt(i + 1) != '"') {
                text.append(c).append(json.charAt(++i));
            } else if (c != '\\' && c != '"') {
                text.append(c);
            }
        }
        return text.toString();
    }
}
