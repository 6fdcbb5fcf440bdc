package io.millrace.service.events;

import io.millrace.api.events.HttpParameters;
import io.millrace.pattern.JsonPath;
import io.millrace.pattern.JsonPathText;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A target's HTTP parameters with what an event has at the paths that they name: a string as its
/// characters, anything else as JSON, nothing as an empty text. Source: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html#targets-dynamic-parms).
record HttpValues(Map<String, String> headers, Map<String, String> query, List<String> path) {

    private static final HttpValues NONE = new HttpValues(Map.of(), Map.of(), List.of());

    static HttpValues of(@Nullable HttpParameters parameters, String eventJson) {
        if (parameters == null) {
            return NONE;
        }
        List<String> path = parameters.pathParameterValues();
        return new HttpValues(
                values(parameters.headerParameters(), eventJson),
                values(parameters.queryStringParameters(), eventJson),
                path == null
                        ? List.of()
                        : path.stream().map(value -> value(value, eventJson)).toList());
    }

    private static Map<String, String> values(
            @Nullable Map<String, String> parameters, String eventJson) {
        Map<String, String> values = new LinkedHashMap<>();
        if (parameters != null) {
            parameters.forEach((name, value) -> values.put(name, value(value, eventJson)));
        }
        return values;
    }

    private static String value(String given, String eventJson) {
        if (!given.startsWith("$.") && !given.equals("$")) {
            return given;
        }
        return JsonPath.parse(given)
                .map(path -> path.read(eventJson).map(HttpValues::text).orElse(""))
                .orElse(given);
    }

    private static String text(String json) {
        return json.startsWith("\"") ? JsonPathText.unquote(json) : json;
    }
}
