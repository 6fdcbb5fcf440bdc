package io.millrace.service.schemas;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.regex.Pattern;

/// Checks that a content is a schema of its type before it is kept. Error: `BadRequestException`,
/// with the place in the document.
final class ContentCheck {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final Pattern START_MARKER =
            Pattern.compile(" \\(start marker at .*", Pattern.DOTALL);
    private static final Pattern OPEN_API_VERSION = Pattern.compile("3\\.0\\.\\d+");

    private ContentCheck() {}

    static void check(String type, String content) {
        JsonNode document = read(content);
        if (type.equals(StoredVersion.OPEN_API)) {
            checkOpenApi(document);
        } else {
            new SchemaKeywords(SchemaKeywords.Dialect.DRAFT_4).check(document, "#");
        }
    }

    /// The document of a content that was checked, or is to be.
    static JsonNode read(String content) {
        JsonNode document;
        try {
            document = MAPPER.readTree(content);
        } catch (JacksonException e) {
            String fault = START_MARKER.matcher(e.getOriginalMessage()).replaceFirst("");
            throw SchemasErrors.badRequest("Content is not valid JSON: " + fault);
        }
        if (document == null || !document.isObject()) {
            throw SchemasErrors.badRequest("Content is not a JSON object.");
        }
        return document;
    }

    private static void checkOpenApi(JsonNode document) {
        String version = required(document, "openapi", "#");
        if (!OPEN_API_VERSION.matcher(version).matches()) {
            throw invalid("attribute openapi is not of a supported version, 3.0");
        }
        JsonNode info = document.get("info");
        if (info == null || !info.isObject()) {
            throw invalid("attribute info is missing");
        }
        required(info, "title", "#/info");
        required(info, "version", "#/info");
        checkObject(document.get("paths"), "#/paths");
        JsonNode components = document.get("components");
        checkObject(components, "#/components");
        JsonNode schemas = components == null ? null : components.get("schemas");
        checkObject(schemas, "#/components/schemas");
        if (schemas != null) {
            SchemaKeywords keywords = new SchemaKeywords(SchemaKeywords.Dialect.OPEN_API_3);
            schemas.forEachEntry(
                    (name, schema) -> keywords.check(schema, "#/components/schemas/" + name));
        }
    }

    private static void checkObject(@Nullable JsonNode node, String place) {
        if (node != null && !node.isObject()) {
            throw invalid("attribute " + place + " is not of type object");
        }
    }

    private static String required(JsonNode node, String name, String place) {
        JsonNode value = node.get(name);
        if (value == null) {
            throw invalid("attribute " + place + "/" + name + " is missing");
        }
        if (!value.isString()) {
            throw invalid("attribute " + place + "/" + name + " is not of type string");
        }
        return value.stringValue();
    }

    private static RuntimeException invalid(String reason) {
        return SchemasErrors.badRequest(
                "Content is not a valid OpenAPI 3 document: " + reason + ".");
    }
}
