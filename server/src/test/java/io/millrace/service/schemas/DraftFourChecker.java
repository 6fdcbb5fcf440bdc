package io.millrace.service.schemas;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/// Checks values by a JSON Schema of draft 4, as far as inference and export use it. Written for
/// the tests, from the specification, and not from what it checks.
final class DraftFourChecker {
    private final JsonNode root;

    DraftFourChecker(JsonNode root) {
        this.root = root;
    }

    /// What is wrong with a value; empty when it is valid.
    List<String> problems(JsonNode value) {
        List<String> problems = new ArrayList<>();
        check(root, value, "", problems);
        return problems;
    }

    private void check(JsonNode schema, JsonNode value, String at, List<String> problems) {
        if (schema.path("$ref").isString()) {
            check(resolve(schema.get("$ref").stringValue()), value, at, problems);
            return;
        }
        JsonNode type = schema.path("type");
        if (type.isString() && !is(type.stringValue(), value)) {
            problems.add(at + " is not " + type);
        }
        if (type.isArray()) {
            boolean any = false;
            for (JsonNode each : type) {
                any |= is(each.stringValue(), value);
            }
            if (!any) {
                problems.add(at + " is not " + type);
            }
        }
        if (value.isString()
                && schema.path("format").asString("").equals("date-time")
                && !EventShapes.isDateTime(value.stringValue())) {
            problems.add(at + " is no date-time");
        }
        schema.path("allOf").forEach(each -> check(each, value, at, problems));
        if (schema.has("anyOf")) {
            boolean any = false;
            for (JsonNode each : schema.get("anyOf")) {
                List<String> inner = new ArrayList<>();
                check(each, value, at, inner);
                any |= inner.isEmpty();
            }
            if (!any) {
                problems.add(at + " is none of " + schema.get("anyOf"));
            }
        }
        if (value.isObject()) {
            schema.path("required")
                    .forEach(name -> {
                        if (!value.has(name.stringValue())) {
                            problems.add(at + " lacks " + name);
                        }
                    });
            value.forEachEntry((name, each) -> {
                JsonNode property = schema.path("properties").path(name);
                JsonNode rest = schema.path("additionalProperties");
                if (!property.isMissingNode()) {
                    check(property, each, at + "/" + name, problems);
                } else if (rest.isObject()) {
                    check(rest, each, at + "/" + name, problems);
                }
            });
        }
        if (value.isArray() && schema.path("items").isObject()) {
            for (int i = 0; i < value.size(); i++) {
                check(schema.get("items"), value.get(i), at + "/" + i, problems);
            }
        }
    }

    private JsonNode resolve(String reference) {
        JsonNode target = root;
        if (reference.startsWith("#/definitions/")) {
            target = root.path("definitions").path(reference.substring("#/definitions/".length()));
        }
        if (target.isMissingNode()) {
            throw new IllegalStateException("nothing at " + reference);
        }
        return target;
    }

    private static boolean is(String type, JsonNode value) {
        return switch (type) {
            case "null" -> value.isNull();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "string" -> value.isString();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            default -> throw new IllegalStateException("no type: " + type);
        };
    }
}
