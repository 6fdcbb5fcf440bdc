package io.millrace.service.pipes;

import io.millrace.pattern.JsonPath;
import io.millrace.pattern.JsonPathText;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An `InputTemplate`: text with places for what stands at paths of the event, `<$.body.key>`, and
/// for what is known of the pipe, `<aws.pipes.pipe-name>`. Immutable.
///
/// A template that begins as a JSON object, array or string stays JSON: in a place within quotes
/// comes the value's text, escaped, in any other the value as JSON; where a path leads nowhere, the
/// empty string. A template that is one path and nothing else becomes what stands there: a string's
/// text, anything else as JSON. Any other template is free text, into which strings come as they
/// are, and of objects and arrays all but the quotes. Source: [input transformation](
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html).
final class PipeTemplate {

    /// What the places of the pipe stand for.
    ///
    /// @param received when the event came to this template
    record Context(StoredPipe pipe, Instant received) {}

    private sealed interface Part {
        record Text(String text) implements Part {}

        record Path(@Nullable JsonPath path, boolean quoted) implements Part {}

        record Variable(String name, boolean quoted) implements Part {}
    }

    /// Times as AWS writes them: always three digits behind the second.
    static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private static final Pattern PLACE =
            Pattern.compile(
                    "<(\\$[^<>]*|aws\\.pipes\\.(?:pipe-arn|pipe-name|source-arn|enrichment-arn"
                            + "|target-arn|event\\.ingestion-time|event\\.json|event))>");

    private final boolean json;
    private final boolean onePlace;
    private final List<Part> parts;

    private PipeTemplate(boolean json, boolean onePlace, List<Part> parts) {
        this.json = json;
        this.onePlace = onePlace;
        this.parts = parts;
    }

    /// Null for a template that is empty: the event goes on as it is.
    static @Nullable PipeTemplate of(@Nullable String template) {
        if (template == null || template.isEmpty()) {
            return null;
        }
        String stripped = template.strip();
        boolean json = !stripped.isEmpty() && "{[\"".indexOf(stripped.charAt(0)) >= 0;
        List<Part> parts = new ArrayList<>();
        Matcher place = PLACE.matcher(template);
        int from = 0;
        boolean quoted = false;
        while (place.find()) {
            quoted = quotedAfter(template, from, place.start(), quoted);
            parts.add(new Part.Text(template.substring(from, place.start())));
            String name = place.group(1);
            parts.add(
                    name.startsWith("$")
                            ? new Part.Path(JsonPath.parse(name).orElse(null), quoted)
                            : new Part.Variable(name, quoted));
            from = place.end();
        }
        parts.add(new Part.Text(template.substring(from)));
        boolean onePlace = PLACE.matcher(stripped).matches();
        return new PipeTemplate(json, onePlace, List.copyOf(parts));
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

    /// Null when it would be longer than [PipesLimits#OUTPUT_CHARS_MAX].
    @Nullable String fill(PipeEvent event, Context context) {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String text) -> out.append(text);
                case Part.Path(JsonPath path, boolean quoted) -> {
                    String value = path == null ? "\"\"" : path.read(event.seen()).orElse("\"\"");
                    out.append(placed(value, quoted));
                }
                case Part.Variable(String name, boolean quoted) ->
                        out.append(variable(name, quoted, event, context));
            }
            if (out.length() > PipesLimits.OUTPUT_CHARS_MAX) {
                return null;
            }
        }
        return out.toString();
    }

    private String variable(String name, boolean quoted, PipeEvent event, Context context) {
        PipeSettings settings = context.pipe.settings();
        return switch (name) {
            case "aws.pipes.pipe-arn" -> placedText(context.pipe.arn(), quoted);
            case "aws.pipes.pipe-name" -> placedText(context.pipe.name(), quoted);
            case "aws.pipes.source-arn" -> placedText(settings.source(), quoted);
            case "aws.pipes.enrichment-arn" ->
                    placedText(settings.enrichment() == null ? "" : settings.enrichment(), quoted);
            case "aws.pipes.target-arn" -> placedText(settings.target(), quoted);
            case "aws.pipes.event.ingestion-time" ->
                    placedText(MILLISECONDS.format(context.received), quoted);
            case "aws.pipes.event.json" -> // never escaped
                    event.decoded() ? event.seen() : json && !quoted ? "\"\"" : "";
            default -> placedText(event.text(), quoted);
        };
    }

    private String placedText(String text, boolean quoted) {
        return placed(JsonPathText.quote(text), quoted);
    }

    /// @param value JSON
    private String placed(String value, boolean quoted) {
        boolean isString = value.startsWith("\"");
        if (json) {
            return !quoted
                    ? value
                    : isString
                            ? value.substring(1, value.length() - 1)
                            : JsonPathText.withoutQuotes(value);
        }
        if (isString) {
            return JsonPathText.unquote(value);
        }
        return onePlace ? value : JsonPathText.withoutQuotes(value);
    }
}
