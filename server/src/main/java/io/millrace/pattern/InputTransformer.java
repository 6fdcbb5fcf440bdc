package io.millrace.pattern;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rewrites an event by a template with places for values: `{"id": <id>, "text": "order <id>"}`.
/// Immutable.
///
/// A template that is a JSON object stays one: in a place outside of quotes goes the value as JSON,
/// `""` when the event has none; inside of quotes a string's characters, escaped, and anything else
/// as JSON, escaped nowhere. Any other template is text, into which strings come as they are, and
/// of objects and lists all but the quotes. What comes out has to be JSON, or JSON strings on lines
/// of their own. Sources: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html);
/// what it does not tell was seen at AWS.
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

    /// What comes of an event.
    public sealed interface Output {
        /// JSON, or JSON strings on lines of their own.
        record Json(String text) implements Output {}

        record NotJson(String text) implements Output {}

        /// More than [#OUTPUT_CHARS_MAX].
        record TooLong() implements Output {}
    }

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
    private static final List<String> METADATA =
            List.of(
                    "id",
                    "account",
                    "detail-type",
                    "time",
                    "source",
                    "region",
                    "resources",
                    "version");
    private static final Set<String> IN_JSON_ONLY =
            Set.of("aws.events.event", "aws.events.event.json");
    private static final Pattern PLACE = Pattern.compile("<([A-Za-z0-9_.\\-]+)>");

    private final Map<String, JsonPath> paths;
    private final boolean isObject;
    private final boolean isSure;
    private final List<Part> parts;

    private InputTransformer(
            Map<String, JsonPath> paths, boolean isObject, boolean isSure, List<Part> parts) {
        this.paths = paths;
        this.isObject = isObject;
        this.isSure = isSure;
        this.parts = parts;
    }

    /// A transformer that was checked before, perhaps by a server that checked less.
    public static InputTransformer of(@Nullable Map<String, String> pathsMap, String template) {
        Map<String, JsonPath> paths = new HashMap<>();
        (pathsMap == null ? Map.<String, String>of() : pathsMap)
                .forEach((name, path) ->
                        JsonPath.parse(path).ifPresent(read -> paths.put(name, read)));
        boolean isObject = template.stripLeading().startsWith("{");
        List<Part> parts = parts(template);
        boolean isSure =
                isObject
                        && parts.stream()
                                .allMatch(part ->
                                        switch (part) {
                                            case Part.Text(String text) -> !endsInEscape(text);
                                            case Part.Place(String name, _) -> isKnown(name, paths);
                                        });
        return new InputTransformer(Map.copyOf(paths), isObject, isSure, parts);
    }

    /// Whether a backslash at the end escapes what comes into the place behind it.
    private static boolean endsInEscape(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '\\') {
            end--;
        }
        return (text.length() - end) % 2 == 1;
    }

    private static boolean isKnown(String name, Map<String, ?> paths) {
        return paths.containsKey(name) || VARIABLES.contains(name);
    }

    /// Refuses what cannot be a transformer.
    ///
    /// @param targetId named in what is refused
    public static void check(
            String targetId, @Nullable Map<String, String> pathsMap, String template)
            throws InvalidException {
        Map<String, String> paths = pathsMap == null ? Map.of() : pathsMap;
        for (Map.Entry<String, String> entry : paths.entrySet()) {
            if (entry.getKey().regionMatches(true, 0, "aws.", 0, 4)) {
                throw new InvalidException(
                        "InputPathsMap for target "
                                + targetId
                                + " contains reserved key "
                                + entry.getKey()
                                + ".");
            }
            if (!JsonPath.isOfRule(entry.getValue())) {
                throw new InvalidException("InputPath for target " + targetId + " is invalid.");
            }
        }
        boolean isObject = template.stripLeading().startsWith("{");
        for (Part part : parts(template)) {
            if (part instanceof Part.Place(String name, _)) {
                if (!isKnown(name, paths) && !paths.isEmpty()) {
                    throw invalid(targetId, " contains invalid placeholder " + name + ".");
                }
                if (!isObject && IN_JSON_ONLY.contains(name)) {
                    String only = " valid only for JSON template.";
                    throw invalid(targetId, " contains placeholder " + name + only);
                }
            }
        }
        checkSyntax(targetId, template, isObject);
    }

    private static InvalidException invalid(String targetId, String why) {
        return new InvalidException("InputTemplate for target " + targetId + why);
    }

    /// With a value in each place it must be JSON, or a sequence of JSON strings.
    private static void checkSyntax(String targetId, String template, boolean isObject)
            throws InvalidException {
        String filled = PLACE.matcher(template).replaceAll("null");
        Optional<String> error = JsonSyntax.error(filled, true);
        if (error.isPresent()) {
            throw new InvalidException(
                    "Invalid InputTemplate for target " + targetId + " : " + error.get() + ".");
        }
        if (isObject && hasPlaceInName(template)) {
            throw new InvalidException(
                    "InputTemplate placeholder present as a JSON object key for target "
                            + targetId
                            + ".");
        }
    }

    private static boolean hasPlaceInName(String template) {
        Matcher place = PLACE.matcher(template);
        int from = 0;
        boolean quoted = false;
        while (place.find()) {
            quoted = quotedAfter(template, from, place.start(), quoted);
            from = place.end();
            if (quoted) {
                int end = from;
                while (template.charAt(end) != '"') {
                    end += template.charAt(end) == '\\' ? 2 : 1;
                }
                if (template.substring(end + 1).stripLeading().startsWith(":")) {
                    return true;
                }
            }
        }
        return false;
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

    /// Fills the places.
    public Output transform(Context context) {
        Map<String, String> values = new HashMap<>();
        StringBuilder out = new StringBuilder();
        boolean sure = isSure;
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String text) -> out.append(text);
                case Part.Place(String name, boolean quoted) -> {
                    String value = values.computeIfAbsent(name, n -> value(n, context));
                    sure &= !quoted || !isNested(value);
                    out.append(placed(value, quoted));
                }
            }
            if (out.length() > OUTPUT_CHARS_MAX) {
                return new Output.TooLong();
            }
        }
        String text = out.toString();
        return sure || JsonSyntax.error(text, true).isEmpty()
                ? new Output.Json(text)
                : new Output.NotJson(text);
    }

    private String placed(String value, boolean quoted) {
        if (!isObject) {
            return isString(value)
                    ? JsonPathText.unquote(value)
                    : isNested(value) ? JsonPathText.withoutQuotes(value) : value;
        }
        if (quoted) {
            return isString(value) ? value.substring(1, value.length() - 1) : value;
        }
        return value.isEmpty() ? "\"\"" : value;
    }

    private static boolean isString(String json) {
        return json.startsWith("\"");
    }

    private static boolean isNested(String json) {
        return json.startsWith("{") || json.startsWith("[");
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
            case RESERVED + "event.json" -> context.eventJson();
            default -> "<" + name + ">"; // a place that nothing is known of stays
        };
    }

    /// The event's metadata as AWS tells it: under other names, in another order, with the time in
    /// milliseconds.
    private static String withoutDetail(String eventJson) {
        Map<String, String> members = JsonPathText.members(eventJson);
        members.remove("detail");
        Map<String, String> told = new LinkedHashMap<>();
        for (String name : METADATA) {
            String value = members.remove(name);
            if (value != null) {
                told.put(
                        name.equals("detail-type") ? "detailType" : name,
                        name.equals("time") ? milliseconds(value) : value);
            }
        }
        told.putAll(members);
        StringJoiner json = new StringJoiner(",", "{", "}");
        told.forEach((name, value) -> json.add(JsonPathText.quote(name) + ":" + value));
        return json.toString();
    }

    private static String milliseconds(String time) {
        return Long.toString(Instant.parse(JsonPathText.unquote(time)).toEpochMilli());
    }
}
