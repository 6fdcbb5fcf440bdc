package io.millrace.service.pipes;

import io.millrace.pattern.EventJson;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

import java.util.ArrayList;
import java.util.List;

/// Tells what is JSON.
final class PipeJson {

    private PipeJson() {}

    /// Whether the text is a JSON object or array: what a source's text is looked into for.
    static boolean isDocument(String text) {
        int at = 0;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length()
                && (text.charAt(at) == '{' || text.charAt(at) == '[')
                && isJson(text);
    }

    static boolean isJson(String text) {
        try (JsonParser parser = EventJson.FACTORY.createParser(ObjectReadContext.empty(), text)) {
            JsonToken first = parser.nextToken();
            parser.skipChildren();
            parser.finishToken();
            return first != null && parser.nextToken() == null;
        } catch (JacksonException _) {
            return false;
        }
    }

    /// The texts of the elements of an array.
    static List<String> elements(String array) {
        List<String> elements = new ArrayList<>();
        int depth = 0;
        int from = array.indexOf('[') + 1;
        boolean quoted = false;
        for (int i = from; i < array.length(); i++) {
            char c = array.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else {
                    quoted = c != '"';
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (depth == 0 && (c == ',' || c == ']')) {
                String element = array.substring(from, i).strip();
                if (!element.isEmpty()) {
                    elements.add(element);
                }
                from = i + 1;
                if (c == ']') {
                    return elements;
                }
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
        return elements;
    }
}
