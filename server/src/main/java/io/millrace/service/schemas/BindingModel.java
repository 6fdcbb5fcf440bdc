package io.millrace.service.schemas;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A schema as programming languages see it: classes with fields. What a class cannot say (choices,
/// ranges, patterns) is left out, and a value of which nothing is known can be anything.
///
/// @param folder where the code goes, as `schema/shop/ordercreated`
/// @param root the class of the whole event
record BindingModel(String folder, String root, List<ClassModel> classes) {

    /// What a value can be.
    sealed interface ValueType {
        record Text() implements ValueType {}

        record DateTime() implements ValueType {}

        record Whole() implements ValueType {}

        record Decimal() implements ValueType {}

        record Flag() implements ValueType {}

        record Any() implements ValueType {}

        record ListOf(ValueType item) implements ValueType {}

        record MapOf(ValueType value) implements ValueType {}

        record Reference(String className) implements ValueType {}
    }

    /// @param json the property's name
    record Field(String json, ValueType type, boolean required) {}

    /// @param name a title: letters and digits, the first one a capital letter
    record ClassModel(String name, List<Field> fields) {}

    /// An object with more is a map: Java's records have an end.
    static final int FIELDS_MAX = 250;

    private static final int CLASSES_MAX = 500;
    private static final int ALIASES_MAX = 16;

    /// Reads a content that was checked.
    static BindingModel of(String schemaName, StoredVersion version) {
        JsonNode document = ContentCheck.read(version.content());
        boolean openApi = version.type().equals(StoredVersion.OPEN_API);
        Reader reader =
                openApi
                        ? new Reader(
                                document.path("components").path("schemas"), OpenApiText.REFERENCE)
                        : new Reader(document.path("definitions"), "#/definitions/");
        String root = openApi ? reader.openApi(document) : reader.jsonSchema(document);
        return new BindingModel(folder(schemaName), root, List.copyOf(reader.classes));
    }

    private static String folder(String schemaName) {
        StringBuilder folder = new StringBuilder("schema");
        for (String part : schemaName.toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1)) {
            if (!part.isEmpty()) {
                folder.append('/').append(Character.isDigit(part.charAt(0)) ? "_" : "");
                folder.append(part).append(JavaNames.isKeyword(part) ? "_" : "");
            }
        }
        return folder.toString();
    }

    private static final class Reader {
        private final JsonNode schemas;
        private final String prefix;
        private final List<ClassModel> classes = new ArrayList<>();
        private final Set<String> taken = new HashSet<>();

        /// Of the named schemas.
        private final Map<String, String> classNames = new LinkedHashMap<>();

        Reader(JsonNode schemas, String prefix) {
            this.schemas = schemas;
            this.prefix = prefix;
            schemas.forEachEntry((name, schema) -> {
                if (isClass(schema)) {
                    classNames.put(name, free(Names.title(name)));
                }
            });
        }

        private String openApi(JsonNode document) {
            classNames.forEach((name, className) -> fill(className, schemas.get(name)));
            String title = document.path("info").path("title").asString("");
            for (String candidate : List.of(OpenApiText.ENVELOPE, title)) {
                if (classNames.containsKey(candidate)) {
                    return classNames.getOrDefault(candidate, "");
                }
            }
            if (classes.isEmpty()) {
                throw SchemasErrors.badRequest(
                        "The schema describes no object, so there is no code to generate.");
            }
            return classes.getFirst().name();
        }

        private String jsonSchema(JsonNode document) {
            String root = free(Names.title(document.path("title").asString("")));
            classNames.put("", root);
            classNames.forEach((name, className) ->
                    fill(className, name.isEmpty() ? document : schemas.get(name)));
            return root;
        }

        private String free(String title) {
            String start = Character.isDigit(title.charAt(0)) ? "Event" + title : title;
            String name = start;
            for (int i = 2; !taken.add(name); i++) { // ends at a name that is not taken
                name = start + i;
            }
            return name;
        }

        private static boolean isClass(JsonNode schema) {
            int count = schema.path("properties").size();
            return count > 0 && count <= FIELDS_MAX;
        }

        private void fill(String className, JsonNode schema) {
            if (classes.size() >= CLASSES_MAX) {
                throw SchemasErrors.badRequest(
                        "The schema has more than "
                                + CLASSES_MAX
                                + " objects, too many to generate code for.");
            }
            Set<String> required = new HashSet<>();
            schema.path("required").forEach(name -> required.add(name.asString("")));
            int index = classes.size();
            List<Field> fields = new ArrayList<>();
            classes.add(new ClassModel(className, fields));
            if (isClass(schema)) {
                schema.path("properties")
                        .forEachEntry((name, property) ->
                                fields.add(
                                        new Field(
                                                name,
                                                type(property, name, 0),
                                                required.contains(name))));
            }
            classes.set(index, new ClassModel(className, List.copyOf(fields)));
        }

        private ValueType type(JsonNode schema, String name, int aliases) {
            JsonNode reference = schema.get("$ref");
            if (reference != null) {
                return referred(reference.asString(""), name, aliases);
            }
            JsonNode all = schema.path("allOf");
            if (all.size() == 1) {
                return type(all.get(0), name, aliases);
            }
            return switch (typeName(schema)) {
                case "string" ->
                        schema.path("format").asString("").equals("date-time")
                                ? new ValueType.DateTime()
                                : new ValueType.Text();
                case "integer" -> new ValueType.Whole();
                case "number" -> new ValueType.Decimal();
                case "boolean" -> new ValueType.Flag();
                case "array" -> new ValueType.ListOf(items(schema, name, aliases));
                case "object" -> object(schema, name, aliases);
                default -> new ValueType.Any();
            };
        }

        private ValueType referred(String reference, String name, int aliases) {
            String target =
                    reference.equals("#")
                            ? ""
                            : reference.startsWith(prefix)
                                    ? reference.substring(prefix.length())
                                    : null;
            @Nullable String className = target == null ? null : classNames.get(target);
            if (className != null) {
                return new ValueType.Reference(className);
            }
            JsonNode schema = target == null ? null : schemas.get(target);
            return schema == null || aliases == ALIASES_MAX
                    ? new ValueType.Any()
                    : type(schema, name, aliases + 1);
        }

        /// Empty when there is more than one.
        private static String typeName(JsonNode schema) {
            JsonNode type = schema.path("type");
            if (type.isArray()) {
                String only = "";
                for (JsonNode each : type) {
                    if (!each.asString("").equals("null")) {
                        if (!only.isEmpty()) {
                            return "";
                        }
                        only = each.asString("");
                    }
                }
                return only;
            }
            return type.isMissingNode() && schema.has("properties") ? "object" : type.asString("");
        }

        private ValueType items(JsonNode schema, String name, int aliases) {
            JsonNode items = schema.path("items");
            return items.isObject() ? type(items, name + "Item", aliases) : new ValueType.Any();
        }

        private ValueType object(JsonNode schema, String name, int aliases) {
            if (isClass(schema)) {
                String className = free(Names.title(name));
                fill(className, schema);
                return new ValueType.Reference(className);
            }
            JsonNode values = schema.path("additionalProperties");
            return new ValueType.MapOf(
                    values.isObject()
                            ? type(values, name + "Value", aliases)
                            : new ValueType.Any());
        }
    }
}
