package io.millrace.pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

import java.util.Optional;

/// Where a text stops being JSON, as EventBridge words it: `[Source: (String)"not-json"; line: 1,
/// column: 1]`.
public final class JsonSyntax {
    private static final int SOURCE_CHARS_SHOWN = 500;

    private JsonSyntax() {}

    /// Empty for JSON.
    ///
    /// @param lines whether strings one after the other are right as well
    public static Optional<String> error(String text, boolean lines) {
        try (JsonParser parser = EventJson.SYNTAX.createParser(ObjectReadContext.empty(), text)) {
            try {
                return isRead(parser, lines)
                        ? Optional.empty()
                        : Optional.of(place(text, parser.currentTokenLocation()));
            } catch (UnexpectedEndOfInputException e) {
                return Optional.of(place(text, e.getLocation()));
            } catch (JacksonException _) {
                return Optional.of(place(text, parser.currentTokenLocation()));
            }
        }
    }

    private static boolean isRead(JsonParser parser, boolean lines) {
        JsonToken first = parser.nextToken();
        parser.skipChildren();
        parser.finishToken();
        boolean more = lines && first == JsonToken.VALUE_STRING;
        for (JsonToken next = parser.nextToken(); next != null; next = parser.nextToken()) {
            if (!more || next != JsonToken.VALUE_STRING) {
                return false;
            }
            parser.finishToken();
        }
        return first != null;
    }

    private static String place(String text, TokenStreamLocation location) {
        return "["
                + source(text)
                + "; line: "
                + location.getLineNr()
                + ", column: "
                + location.getColumnNr()
                + "]";
    }

    /// `Source: (String)"…"`, the text cut after 500 characters.
    static String source(String text) {
        String shown = text.substring(0, Math.min(text.length(), SOURCE_CHARS_SHOWN));
        return "Source: (String)\""
                + shown
                + "\""
                + (text.length() > shown.length()
                        ? "[truncated " + (text.length() - shown.length()) + " chars]"
                        : "");
    }
}
