package io.millrace.service.scheduler;

import io.millrace.pattern.EventJson;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// JSON as text.
final class JsonText {

    private JsonText() {}

    /// Whether the text is one JSON value.
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
}
