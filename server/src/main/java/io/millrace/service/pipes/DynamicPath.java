package io.millrace.service.pipes;

import io.millrace.pattern.JsonPath;
import io.millrace.pattern.JsonPathText;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Parameters that may be a path into the event, as a whole: `$.body.customer`. Source: [dynamic
/// path parameters](
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html).
final class DynamicPath {

    /// A path that leads nowhere in an event.
    static final class NothingThere extends Exception {
        private static final long serialVersionUID = 1L;

        NothingThere(String path) {
            super("The path " + path + " leads to nothing in the event.", null, false, false);
        }
    }

    private DynamicPath() {}

    /// The value of a parameter for an event: strings as they are, anything else as JSON.
    ///
    /// @throws NothingThere when it is a path, and there is nothing at its end
    static String value(String parameter, PipeEvent event) throws NothingThere {
        JsonPath path = parameter.startsWith("$") ? JsonPath.parse(parameter).orElse(null) : null;
        if (path == null) {
            return parameter;
        }
        String json = path.read(event.seen()).orElseThrow(() -> new NothingThere(parameter));
        if (json.equals("null")) {
            throw new NothingThere(parameter);
        }
        return json.startsWith("\"") ? JsonPathText.unquote(json) : json;
    }

    static @Nullable String valueOrNull(@Nullable String parameter, PipeEvent event)
            throws NothingThere {
        return parameter == null ? null : value(parameter, event);
    }

    static List<String> values(@Nullable List<String> parameters, PipeEvent event)
            throws NothingThere {
        List<String> values = new ArrayList<>();
        for (String parameter : parameters == null ? List.<String>of() : parameters) {
            values.add(value(parameter, event));
        }
        return values;
    }

    static Map<String, String> values(@Nullable Map<String, String> parameters, PipeEvent event)
            throws NothingThere {
        Map<String, String> values = new LinkedHashMap<>();
        if (parameters != null) {
            for (Map.Entry<String, String> entry : parameters.entrySet()) {
                values.put(entry.getKey(), value(entry.getValue(), event));
            }
        }
        return values;
    }
}
