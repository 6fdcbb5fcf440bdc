package io.millrace.pattern;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is wrong with a text that is no JSON, in the words of the JSON library that AWS uses, which
/// comes with event-ruler. Source: AWS's answers to SetSubscriptionAttributes, as recorded by
/// LocalStack's tests in October 2025.
public final class JsonFault {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern UNKNOWN = Pattern.compile("Unrecognized token '([^']*+)'");

    private JsonFault() {}

    /// `failed to parse JSON.`, and where and why, as far as the library tells.
    public static String words(String json) {
        String fault = "failed to parse JSON.";
        try (JsonParser parser = JSON.createParser(json)) {
            while (parser.nextToken() != null) {} // ends with the text, or where it is no JSON
            return fault;
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            if (place == null) { // too long or too deep for the library
                return fault;
            }
            Matcher token = UNKNOWN.matcher(e.getOriginalMessage());
            int behind =
                    token.lookingAt() ? token.group(1).length() : 0; // AWS's version points there
            return "%s %s\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: %d, column: %d]"
                    .formatted(
                            fault,
                            e.getOriginalMessage(),
                            place.getLineNr(),
                            place.getColumnNr() + behind);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text has none
        }
    }
}
