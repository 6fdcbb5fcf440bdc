package io.millrace.service.schemas;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Set;
import java.util.TreeMap;

/// Makes a JSON Schema, draft 4, of an OpenAPI 3 document: the root is its `AWSEvent`, or else the
/// schema with the document's title, or the first; the others are definitions.
final class DraftFour {
    private static final String DEFINITIONS = "#/definitions/";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /// What JSON Schema does not know.
    private static final Set<String> OPEN_API_ONLY =
            Set.of(
                    "nullable",
                    "discriminator",
                    "readOnly",
                    "writeOnly",
                    "xml",
                    "externalDocs",
                    "example",
                    "deprecated");

    private final String root;

    private DraftFour(String root) {
        this.root = root;
    }

    /// @param document as [ContentCheck] accepts it
    static ObjectNode of(JsonNode document) {
        JsonNode schemas = document.path("components").path("schemas");
        String title = document.path("info").path("title").asString("");
        String root = root(schemas, title);
        DraftFour export = new DraftFour(root == null ? "" : root);
        ObjectNode result = MAPPER.createObjectNode();
        result.put("$schema", "http://json-schema.org/draft-04/schema#");
        result.put("title", title);
        ObjectNode definitions = result.putObject("definitions");
        schemas.forEachEntry((name, schema) -> {
            if (!name.equals(root)) {
                definitions.set(name, export.schema(schema));
            }
        });
        if (root != null) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            export.schema(schemas.get(root)).forEachEntry(sorted::put);
            sorted.forEach(result::set);
        }
        return result;
    }

    private static @Nullable String root(JsonNode schemas, String title) {
        if (schemas.has(OpenApiText.ENVELOPE)) {
            return OpenApiText.ENVELOPE;
        }
        if (schemas.has(title)) {
            return title;
        }
        return schemas.isEmpty() ? null : schemas.propertyNames().iterator().next();
    }

    private ObjectNode schema(JsonNode schema) {
        ObjectNode result = MAPPER.createObjectNode();
        schema.forEachEntry((keyword, value) -> {
            if (!OPEN_API_ONLY.contains(keyword)) {
                result.set(keyword, convert(keyword, value));
            }
        });
        return schema.path("nullable").asBoolean(false) ? nullable(result) : result;
    }

    private JsonNode convert(String keyword, JsonNode value) {
        return switch (keyword) {
            case "$ref" -> MAPPER.valueToTree(reference(value.asString("")));
            case "properties" -> {
                ObjectNode properties = MAPPER.createObjectNode();
                value.forEachEntry((name, each) -> properties.set(name, schema(each)));
                yield properties;
            }
            case "items", "not", "additionalProperties" -> value.isObject() ? schema(value) : value;
            case "allOf", "anyOf", "oneOf" -> {
                ArrayNode list = MAPPER.createArrayNode();
                value.forEach(each -> list.add(schema(each)));
                yield list;
            }
            default -> value;
        };
    }

    private String reference(String reference) {
        if (!reference.startsWith(OpenApiText.REFERENCE)) {
            return reference;
        }
        String name = reference.substring(OpenApiText.REFERENCE.length());
        return name.equals(root) ? "#" : DEFINITIONS + name;
    }

    private static ObjectNode nullable(ObjectNode schema) {
        JsonNode type = schema.get("type");
        if (type != null && type.isString() && !schema.has("enum")) {
            ArrayNode types = MAPPER.createArrayNode().add(type.stringValue()).add("null");
            schema.set("type", types);
            return schema;
        }
        ObjectNode choice = MAPPER.createObjectNode();
        ArrayNode choices = choice.putArray("anyOf");
        choices.add(schema);
        choices.addObject().put("type", "null");
        return choice;
    }
}
