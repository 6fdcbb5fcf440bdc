package io.millrace.service.schemas;

import io.millrace.service.schemas.BindingModel.ClassModel;
import io.millrace.service.schemas.BindingModel.Field;
import io.millrace.service.schemas.BindingModel.ValueType;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes a schema as Java records, which need Java 16 and nothing else: each can be made of a map,
/// as any JSON library reads objects, and become one again; a small JSON reader and writer comes
/// with them.
final class JavaBinding {
    private static final String JSON = "Json.java.txt";

    private final BindingModel model;
    private final String packageName;

    private JavaBinding(BindingModel model) {
        this.model = model;
        this.packageName = model.folder().replace('/', '.');
    }

    /// The files by their paths.
    static Map<String, String> files(BindingModel model) {
        JavaBinding binding = new JavaBinding(model);
        Map<String, String> files = new LinkedHashMap<>();
        for (ClassModel each : model.classes()) {
            String name = JavaNames.className(each.name());
            files.put(model.folder() + "/" + name + ".java", binding.code(each));
        }
        files.put(model.folder() + "/marshaller/Marshaller.java", binding.marshaller());
        files.put(model.folder() + "/marshaller/Json.java", binding.json());
        return files;
    }

    private String code(ClassModel each) {
        String name = JavaNames.className(each.name());
        Map<Field, String> names = new LinkedHashMap<>();
        JavaNames free = new JavaNames();
        each.fields().forEach(field -> names.put(field, free.field(field.json())));
        StringBuilder code = new StringBuilder("package " + packageName + ";\n\n");
        code.append("import ").append(packageName).append(".marshaller.Json;\n\n");
        code.append("import java.time.OffsetDateTime;\nimport java.util.LinkedHashMap;\n");
        code.append("import java.util.List;\nimport java.util.Map;\n\n");
        code.append("/** `").append(each.name()).append("` of the schema. */\n");
        code.append("public record ").append(name).append('(');
        String separator = "\n        ";
        for (Map.Entry<Field, String> entry : names.entrySet()) {
            code.append(separator).append(type(entry.getKey().type()));
            code.append(' ').append(entry.getValue());
            separator = ",\n        ";
        }
        code.append(") {\n\n");
        code.append("    /** Takes what a JSON library reads of an object. */\n");
        code.append("    public static ").append(name).append(" fromMap(Map<String, ?> json) {\n");
        code.append("        return new ").append(name).append('(');
        separator = "\n                ";
        for (Field field : names.keySet()) {
            code.append(separator)
                    .append("Json.member(json, ")
                    .append(quote(field.json()))
                    .append(", value -> ")
                    .append(read(field.type(), "value", 0))
                    .append(')');
            separator = ",\n                ";
        }
        code.append(");\n    }\n\n");
        code.append("    /** What a JSON library writes as an object; without what is null. */\n");
        code.append("    public Map<String, Object> toMap() {\n");
        code.append("        Map<String, Object> json = new LinkedHashMap<>();\n");
        names.forEach((field, component) ->
                code.append("        Json.put(json, ")
                        .append(quote(field.json()))
                        .append(", ")
                        .append(write(field.type(), "this." + component, 0))
                        .append(");\n"));
        return code.append("        return json;\n    }\n}\n").toString();
    }

    private static String type(ValueType type) {
        return switch (type) {
            case ValueType.Text _ -> "String";
            case ValueType.DateTime _ -> "OffsetDateTime";
            case ValueType.Whole _ -> "Long";
            case ValueType.Decimal _ -> "Double";
            case ValueType.Flag _ -> "Boolean";
            case ValueType.Any _ -> "Object";
            case ValueType.ListOf(ValueType item) -> "List<" + type(item) + ">";
            case ValueType.MapOf(ValueType value) -> "Map<String, " + type(value) + ">";
            case ValueType.Reference(String name) -> JavaNames.className(name);
        };
    }

    private static String read(ValueType type, String value, int depth) {
        String each = "each" + depth;
        return switch (type) {
            case ValueType.Text _ -> "Json.text(" + value + ")";
            case ValueType.DateTime _ -> "Json.dateTime(" + value + ")";
            case ValueType.Whole _ -> "Json.whole(" + value + ")";
            case ValueType.Decimal _ -> "Json.decimal(" + value + ")";
            case ValueType.Flag _ -> "Json.flag(" + value + ")";
            case ValueType.Any _ -> value;
            case ValueType.ListOf(ValueType item) ->
                    "Json.list(" + value + ", " + each + " -> " + read(item, each, depth + 1) + ")";
            case ValueType.MapOf(ValueType item) ->
                    "Json.map(" + value + ", " + each + " -> " + read(item, each, depth + 1) + ")";
            case ValueType.Reference(String name) ->
                    "Json.object(" + value + ", " + JavaNames.className(name) + "::fromMap)";
        };
    }

    private static String write(ValueType type, String value, int depth) {
        String each = "each" + depth;
        return switch (type) {
            case ValueType.Text _,
                    ValueType.Whole _,
                    ValueType.Decimal _,
                    ValueType.Flag _,
                    ValueType.Any _ ->
                    value;
            case ValueType.DateTime _ -> "Json.value(" + value + ")";
            case ValueType.ListOf(ValueType item) ->
                    "Json.values("
                            + value
                            + ", "
                            + each
                            + " -> "
                            + write(item, each, depth + 1)
                            + ")";
            case ValueType.MapOf(ValueType item) ->
                    "Json.values("
                            + value
                            + ", "
                            + each
                            + " -> "
                            + write(item, each, depth + 1)
                            + ")";
            case ValueType.Reference(String name) ->
                    "Json.value(" + value + ", " + JavaNames.className(name) + "::toMap)";
        };
    }

    /// A string literal; what is not ASCII, and what ends a line, escaped.
    private static String quote(String text) {
        StringBuilder code = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                code.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                code.append(c);
            } else if (c < 0x80) {
                code.append(String.format("\\%03o", (int) c));
            } else {
                code.append(String.format("\\u%04x", (int) c));
            }
        }
        return code.append('"').toString();
    }

    private String marshaller() {
        String root = JavaNames.className(model.root());
        return """
        package %1$s.marshaller;

        import %1$s.%2$s;

        /** Reads and writes {@link %2$s} as JSON. */
        public final class Marshaller {
            private Marshaller() {}

            /** Reads a JSON object. */
            public static %2$s unmarshal(String json) {
                return Json.object(Json.parse(json), %2$s::fromMap);
            }

            /** Writes a JSON object. */
            public static String marshal(%2$s event) {
                return Json.write(event.toMap());
            }
        }
        """
                .formatted(packageName, root);
    }

    private String json() {
        try (InputStream in = JavaBinding.class.getResourceAsStream(JSON)) {
            if (in == null) {
                throw new IllegalStateException(JSON + " is missing");
            }
            String code = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return "package " + packageName + ".marshaller;\n\n" + code;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
