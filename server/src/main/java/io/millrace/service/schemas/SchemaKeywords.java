package io.millrace.service.schemas;

import tools.jackson.databind.JsonNode;

import java.util.HashSet;
import java.util.Set;

/// Checks the keywords of a JSON Schema, as draft 4 or OpenAPI 3.0 has them. Keywords that are not
/// known are ignored, as both say. Sources: [draft
/// 4](https://json-schema.org/draft-04/json-schema-validation), [OpenAPI
/// 3.0](https://spec.openapis.org/oas/v3.0.3#schema-object).
final class SchemaKeywords {

    enum Dialect {
        DRAFT_4("JSON Schema Draft 4"),
        OPEN_API_3("OpenAPI 3");

        private final String title;

        Dialect(String title) {
            this.title = title;
        }
    }

    private static final Set<String> TYPES =
            Set.of("string", "number", "integer", "boolean", "object", "array");

    private final Dialect dialect;

    SchemaKeywords(Dialect dialect) {
        this.dialect = dialect;
    }

    /// Checks a schema and all in it; how deep it goes is bounded by the parser.
    ///
    /// @param place a JSON pointer, for the refusal
    void check(JsonNode schema, String place) {
        if (!schema.isObject()) {
            throw invalid(place, "is not of type object");
        }
        JsonNode reference = schema.get("$ref");
        if (reference != null && reference.isString()) {
            return;
        }
        schema.forEachEntry((keyword, value) -> check(keyword, value, place + "/" + keyword));
    }

    private void check(String keyword, JsonNode value, String place) {
        switch (keyword) {
            case "$ref", "pattern", "format", "title", "description", "$schema" ->
                    expect(value.isString(), place, "is not of type string");
            case "type" -> checkType(value, place);
            case "properties", "patternProperties", "definitions" -> checkAll(value, place);
            case "items" -> checkItems(value, place);
            case "not" -> check(value, place);
            case "allOf", "anyOf", "oneOf" -> checkList(value, place);
            case "required" -> checkRequired(value, place);
            case "enum" ->
                    expect(value.isArray() && !value.isEmpty(), place, "is not a list of values");
            case "additionalProperties", "additionalItems" -> {
                if (!value.isBoolean()) {
                    check(value, place);
                }
            }
            case "minimum", "maximum", "multipleOf" ->
                    expect(value.isNumber(), place, "is not of type number");
            case "exclusiveMinimum", "exclusiveMaximum", "uniqueItems" ->
                    expect(value.isBoolean(), place, "is not of type boolean");
            case "minLength",
                    "maxLength",
                    "minItems",
                    "maxItems",
                    "minProperties",
                    "maxProperties" ->
                    expect(
                            value.isIntegralNumber() && value.asDouble() >= 0,
                            place,
                            "is not a positive integer");
            case "nullable" ->
                    expect(
                            dialect == Dialect.DRAFT_4 || value.isBoolean(),
                            place,
                            "is not of type boolean");
            default -> {} // what is not known says nothing
        }
    }

    private void checkType(JsonNode value, String place) {
        if (value.isArray() && dialect == Dialect.DRAFT_4) {
            expect(!value.isEmpty(), place, "is an empty list");
            Set<String> seen = new HashSet<>();
            for (JsonNode each : value) {
                checkTypeName(each, place);
                expect(seen.add(each.stringValue()), place, "names a type twice");
            }
        } else {
            checkTypeName(value, place);
        }
    }

    private void checkTypeName(JsonNode value, String place) {
        boolean known =
                value.isString()
                        && (TYPES.contains(value.stringValue())
                                || (dialect == Dialect.DRAFT_4
                                        && value.stringValue().equals("null")));
        expect(known, place, "is not a known type");
    }

    private void checkAll(JsonNode value, String place) {
        expect(value.isObject(), place, "is not of type object");
        value.forEachEntry((name, schema) -> check(schema, place + "/" + name));
    }

    private void checkItems(JsonNode value, String place) {
        if (value.isArray() && dialect == Dialect.DRAFT_4) {
            checkList(value, place);
        } else {
            check(value, place);
        }
    }

    private void checkList(JsonNode value, String place) {
        expect(value.isArray() && !value.isEmpty(), place, "is not a list of schemas");
        int index = 0;
        for (JsonNode schema : value) {
            check(schema, place + "/" + index++);
        }
    }

    private void checkRequired(JsonNode value, String place) {
        boolean empty = dialect == Dialect.DRAFT_4 && value.isEmpty();
        expect(value.isArray() && !empty, place, "is not a list of names");
        Set<String> seen = new HashSet<>();
        for (JsonNode name : value) {
            expect(name.isString(), place, "is not a list of names");
            expect(seen.add(name.stringValue()), place, "has a name twice");
        }
    }

    private void expect(boolean holds, String place, String reason) {
        if (!holds) {
            throw invalid(place, reason);
        }
    }

    private RuntimeException invalid(String place, String reason) {
        return SchemasErrors.badRequest(
                "Content is not a valid "
                        + dialect.title
                        + " document: attribute "
                        + place
                        + " "
                        + reason
                        + ".");
    }
}
