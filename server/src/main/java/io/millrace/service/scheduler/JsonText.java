package io.millrace.service.scheduler;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// JSON as text.
final class JsonText {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonText() {}

    /// Whether the text is one JSON value.
    static boolean isJson(String text) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            JsonToken first = parser.nextToken();
            parser.skipChildren();
            parser.finishToken();
            return first != null && parser.nextToken() == null;
        } catch (JacksonException _) {
            return false;
        }
    }
}
