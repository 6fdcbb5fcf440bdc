package io.millrace.service.events;

import io.millrace.api.events.ConnectionBodyParameter;
import io.millrace.api.events.ConnectionHeaderParameter;
import io.millrace.api.events.ConnectionHttpParameters;
import io.millrace.api.events.ConnectionQueryStringParameter;
import io.millrace.pattern.JsonPathText;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Puts URLs, forms and bodies together.
final class HttpParts {

    private HttpParts() {}

    static Map<String, String> headers(@Nullable ConnectionHttpParameters parameters) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (parameters != null) {
            for (ConnectionHeaderParameter one :
                    ConnectionParameters.list(parameters.headerParameters())) {
                put(headers, one.key(), one.value());
            }
        }
        return headers;
    }

    static Map<String, String> query(@Nullable ConnectionHttpParameters parameters) {
        Map<String, String> query = new LinkedHashMap<>();
        if (parameters != null) {
            for (ConnectionQueryStringParameter one :
                    ConnectionParameters.list(parameters.queryStringParameters())) {
                put(query, one.key(), one.value());
            }
        }
        return query;
    }

    static Map<String, String> body(@Nullable ConnectionHttpParameters parameters) {
        Map<String, String> body = new LinkedHashMap<>();
        if (parameters != null) {
            for (ConnectionBodyParameter one :
                    ConnectionParameters.list(parameters.bodyParameters())) {
                put(body, one.key(), one.value());
            }
        }
        return body;
    }

    private static void put(Map<String, String> map, @Nullable String key, @Nullable String value) {
        if (key != null && !key.isEmpty()) {
            map.put(key, value == null ? "" : value);
        }
    }

    /// As a form has it: `a=1&b=2`.
    static String form(Map<String, String> parameters) {
        List<String> pairs = new ArrayList<>();
        parameters.forEach((name, value) -> pairs.add(encode(name) + "=" + encode(value)));
        return String.join("&", pairs);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String withQuery(String url, Map<String, String> parameters) {
        if (parameters.isEmpty()) {
            return url;
        }
        return url + (url.contains("?") ? "&" : "?") + form(parameters);
    }

    /// With a value in place of each star of the path, as far as there are values.
    static String withPathValues(String url, List<String> values) {
        int end = url.indexOf('?') < 0 ? url.length() : url.indexOf('?');
        StringBuilder path = new StringBuilder();
        Iterator<String> next = values.iterator();
        for (int i = 0; i < end; i++) {
            char c = url.charAt(i);
            if (c == '*' && next.hasNext()) {
                path.append(encode(next.next()));
            } else {
                path.append(c);
            }
        }
        return path + url.substring(end);
    }

    /// A JSON object with further members, which come in place of its own of the same names; any
    /// other text as it is.
    static String withMembers(String json, Map<String, String> members) {
        String text = json.strip();
        if (members.isEmpty() || !text.startsWith("{")) {
            return json;
        }
        StringBuilder out = new StringBuilder("{");
        for (Map.Entry<String, String> own : JsonPathText.members(text).entrySet()) {
            if (!members.containsKey(own.getKey())) {
                member(out, own.getKey(), own.getValue());
            }
        }
        members.forEach((name, value) -> member(out, name, JsonPathText.quote(value)));
        return out.append('}').toString();
    }

    private static void member(StringBuilder out, String name, String json) {
        out.append(out.length() > 1 ? "," : "")
                .append(JsonPathText.quote(name))
                .append(':')
                .append(json);
    }
}
