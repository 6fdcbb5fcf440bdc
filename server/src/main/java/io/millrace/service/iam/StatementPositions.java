package io.millrace.service.iam;

import io.millrace.api.iam.Position;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;

/// Where the statements of a policy stand in its text: lines and columns from 1.
///
/// @param end behind the last character
record StatementPositions(Position start, Position end) {
    private static final JsonMapper JSON = new JsonMapper();

    /// Of all statements, in their order; none of what is no policy.
    static List<StatementPositions> of(String policy) {
        List<StatementPositions> positions = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(policy)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) { // ends with the document
                boolean wanted = "Statement".equals(parser.currentName());
                JsonToken value = parser.nextToken();
                if (!wanted) {
                    parser.skipChildren();
                } else if (value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        positions.add(statement(parser));
                    }
                } else {
                    positions.add(statement(parser));
                }
            }
        } catch (JacksonException _) {
            return positions;
        }
        return positions;
    }

    private static StatementPositions statement(JsonParser parser) {
        Position start = position(parser.currentTokenLocation());
        parser.skipChildren();
        return new StatementPositions(start, position(parser.currentLocation()));
    }

    private static Position position(TokenStreamLocation location) {
        return new Position(location.getLineNr(), location.getColumnNr());
    }
}
