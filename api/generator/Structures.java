import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Writes the record of one structure shape.
final class Structures {
    private static final Map<String, String> IMPORTS =
            Map.ofEntries(
                    Map.entry("Kind", "io.millrace.api.Kind"),
                    Map.entry("Location", "io.millrace.api.Location"),
                    Map.entry("Member", "io.millrace.api.Member"),
                    Map.entry("Schema", "io.millrace.api.Schema"),
                    Map.entry("Shape", "io.millrace.api.Shape"),
                    Map.entry("ShapeReader", "io.millrace.api.ShapeReader"),
                    Map.entry("ShapeWriter", "io.millrace.api.ShapeWriter"),
                    Map.entry("TimestampFormat", "io.millrace.api.TimestampFormat"),
                    Map.entry("AttributeValue", "io.millrace.api.dynamodb.AttributeValue"),
                    Map.entry("Nullable", "org.jspecify.annotations.Nullable"),
                    Map.entry("Instant", "java.time.Instant"),
                    Map.entry("List", "java.util.List"),
                    Map.entry("Map", "java.util.Map"));

    private record Component(String member, String name, String type, boolean required) {
        /// The type where it may be absent; of arrays, the array is what may be.
        String nullableType(String annotation) {
            if (type.endsWith("[]")) {
                return type.replace("[]", "") + " @" + annotation + " []";
            }
            int dot = type.startsWith("java.") ? type.lastIndexOf('.', endOfName(type)) + 1 : 0;
            return type.substring(0, dot) + "@" + annotation + " " + type.substring(dot);
        }

        private static int endOfName(String type) {
            int generic = type.indexOf('<');
            return generic < 0 ? type.length() : generic;
        }
    }

    private final Table table;
    private final String shape;
    private final String type;
    private final List<Component> components = new ArrayList<>();
    private final Set<String> imports = new TreeSet<>();
    private int lambdas; // numbers their parameters, since nested ones must not share names

    private Structures(Table table, String shape) {
        this.table = table;
        this.shape = shape;
        this.type = Names.type(shape);
    }

    static String source(Table table, String shape) {
        return new Structures(table, shape).source();
    }

    private String source() {
        List<String> required = table.strings(table.shape(shape), "required");
        Set<String> names = new HashSet<>();
        table.members(shape)
                .forEach((member, ref) -> {
                    String name = Names.component(member);
                    if (!names.add(name)) {
                        throw new IllegalStateException(shape + " has two " + name);
                    }
                    components.add(
                            new Component(
                                    member,
                                    name,
                                    javaType(Table.ref(ref).shape()),
                                    required.contains(member)));
                });
        String body = record();
        StringBuilder source = new StringBuilder();
        source.append("package ").append(Names.packageName(table.id())).append(";\n\n");
        imports.forEach(name -> source.append("import ").append(name).append(";\n"));
        return source.append('\n').append(body).toString();
    }

    private String record() {
        StringBuilder out = new StringBuilder();
        out.append("/// `").append(shape).append("`, as ");
        out.append(table.metadata().get("serviceFullName")).append(" has it.\n");
        out.append("public record ").append(type).append("(");
        String separator = "\n        ";
        for (Component c : components) {
            out.append(separator).append(c.required ? c.type : nullable(c));
            out.append(' ').append(c.name);
            separator = ",\n        ";
        }
        out.append(")\n        implements ").append(use("Shape")).append(" {\n\n");
        schema(out);
        read(out);
        write(out);
        builder(out);
        return out.append("}\n").toString();
    }

    private void schema(StringBuilder out) {
        out.append("    public static final ").append(use("Schema")).append('<').append(type);
        out.append("> SCHEMA =\n            ").append(use("Schema")).append(".of(\n");
        out.append("                    ").append(Names.literal(qualified(shape))).append(",\n");
        out.append("                    ").append(type).append("::read");
        for (Component c : components) {
            out.append(",\n                    ");
            Table.Ref ref = Table.ref(table.members(shape).get(c.member));
            member(out, wireName(ref, c.member), ref);
            location(out, ref, c.member);
            if (c.required) {
                out.append(".required()");
            }
        }
        out.append(");\n\n");
        out.append("    @Override\n    public ").append(use("Schema")).append('<').append(type);
        out.append("> schema() {\n        return SCHEMA;\n    }\n\n");
    }

    private void location(StringBuilder out, Table.Ref ref, String member) {
        String location = ref.text("location");
        boolean payload = member.equals(table.shape(shape).get("payload"));
        if (location == null && !payload) {
            return;
        }
        String constant =
                payload
                        ? "PAYLOAD"
                        : switch (location) {
                            case "uri" -> "PATH";
                            case "querystring" -> "QUERY";
                            case "header" -> "HEADER";
                            default -> throw new IllegalStateException("location " + location);
                        };
        out.append(".location(").append(use("Location")).append('.').append(constant).append(')');
    }

    private String qualified(String name) {
        Object namespace = table.metadata().get("namespace");
        return namespace == null ? name : namespace + "." + name;
    }

    private static String wireName(Table.Ref ref, String otherwise) {
        return ref.text("locationName") == null ? otherwise : ref.text("locationName");
    }

    private void member(StringBuilder out, String name, Table.Ref ref) {
        Map<String, Object> target = table.shape(ref.shape());
        String kind = table.type(ref.shape());
        out.append(use("Member")).append(".of(").append(use("Kind")).append('.');
        out.append(kind.toUpperCase(Locale.ROOT)).append(", ").append(Names.literal(name));
        out.append(')');
        if (ref.text("queryName") != null) {
            out.append(".queryName(").append(Names.literal(ref.text("queryName"))).append(')');
        }
        if (ref.has("flattened") || Boolean.TRUE.equals(target.get("flattened"))) {
            out.append(".flattened()");
        }
        if (Boolean.TRUE.equals(target.get("sensitive"))) {
            out.append(".sensitive()");
        }
        constraints(out, target);
        switch (kind) {
            case "structure" -> {
                out.append(".shape(").append(Names.literal(qualified(ref.shape()))).append(')');
                if (!isAttributeValue(ref.shape()) && table.checked(ref.shape())) {
                    out.append(".checked()");
                }
            }
            case "list" -> part(out, "element", "member", table.part(ref.shape(), "member"));
            case "map" -> {
                part(out, "key", "key", table.part(ref.shape(), "key"));
                part(out, "element", "value", table.part(ref.shape(), "value"));
            }
            case "timestamp" -> timestampFormat(out, ref, target);
            default -> {}
        }
    }

    private void part(StringBuilder out, String method, String name, Table.Ref ref) {
        out.append("\n                            .").append(method).append('(');
        member(out, wireName(ref, name), ref);
        out.append(')');
    }

    private void timestampFormat(StringBuilder out, Table.Ref ref, Map<String, Object> target) {
        Object format = ref.traits().getOrDefault("timestampFormat", target.get("timestampFormat"));
        if (format != null) {
            String constant =
                    switch ((String) format) {
                        case "iso8601" -> "ISO8601";
                        case "unixTimestamp" -> "UNIX";
                        case "rfc822" -> "RFC822";
                        default -> throw new IllegalStateException("format " + format);
                    };
            out.append(".timestampFormat(").append(use("TimestampFormat")).append('.');
            out.append(constant).append(')');
        }
    }

    private void constraints(StringBuilder out, Map<String, Object> target) {
        if (target.containsKey("min")) {
            out.append(".min(").append(target.get("min")).append("L)");
        }
        if (target.containsKey("max")) {
            out.append(".max(").append(target.get("max")).append("L)");
        }
        if (target.containsKey("pattern")) {
            out.append(".pattern(").append(Names.literal(target.get("pattern"))).append(')');
        }
        List<String> values = table.strings(target, "enum");
        if (!values.isEmpty()) {
            out.append(".values(")
                    .append(String.join(", ", values.stream().map(Names::literal).toList()))
                    .append(')');
        }
    }

    private void read(StringBuilder out) {
        String reader = use("ShapeReader");
        out.append("    public static ").append(type).append(" read(").append(reader);
        out.append(" reader) {\n        Builder builder = new Builder();\n");
        out.append("        reader.begin(SCHEMA);\n");
        out.append(
                "        for (int i = reader.next(SCHEMA); i >= 0; i = reader.next(SCHEMA)) {\n");
        out.append("            switch (i) {\n");
        int index = 0;
        for (Component c : components) {
            String shapeName = Table.ref(table.members(shape).get(c.member)).shape();
            out.append("                case ").append(index).append(" -> builder.");
            out.append(c.name).append(" = ");
            out.append(readCall(shapeName, "reader", "SCHEMA.member(" + index++ + ")"));
            out.append(";\n");
        }
        out.append(
                "                default -> throw new IllegalStateException(\"member \" + i);\n");
        out.append("            }\n        }\n        return builder.build();\n    }\n\n");
    }

    private String readCall(String name, String reader, String member) {
        return switch (table.type(name)) {
            case "structure" -> structureType(name) + ".read(" + reader + ")";
            case "list" -> collectionRead("list", "List", part(name, "member"), reader, member);
            case "map" -> collectionRead("map", "Map", part(name, "value"), reader, member);
            default -> reader + "." + method(table.type(name)) + "(" + member + ")";
        };
    }

    private String collectionRead(
            String method, String kind, String part, String reader, String member) {
        if (isAttributeValue(part)) {
            return use("AttributeValue") + ".read" + kind + "(" + reader + ", " + member + ")";
        }
        return reader + "." + method + "(" + member + ", " + elementReader(part) + ")";
    }

    private String elementReader(String name) {
        return switch (table.type(name)) {
            case "structure", "list", "map" -> {
                int depth = ++lambdas;
                yield "(r%1$d, m%1$d) -> ".formatted(depth)
                        + readCall(name, "r" + depth, "m" + depth);
            }
            default -> use("ShapeReader") + "::" + method(table.type(name));
        };
    }

    private void write(StringBuilder out) {
        String writer = use("ShapeWriter");
        out.append("    @Override\n    public void write(").append(writer);
        out.append(" writer) {\n        writer.begin(SCHEMA);\n");
        int index = 0;
        for (Component c : components) {
            String shapeName = Table.ref(table.members(shape).get(c.member)).shape();
            out.append("        ");
            out.append(writeCall(shapeName, "writer", "SCHEMA.member(" + index++ + ")", c.name));
            out.append(";\n");
        }
        out.append("        writer.end();\n    }\n\n");
    }

    private String writeCall(String name, String writer, String member, String value) {
        String arguments = "(" + member + ", " + value;
        return writer
                + switch (table.type(name)) {
                    case "list" ->
                            ".list" + arguments + ", " + elementWriter(part(name, "member")) + ")";
                    case "map" ->
                            ".map" + arguments + ", " + elementWriter(part(name, "value")) + ")";
                    default -> "." + method(table.type(name)) + arguments + ")";
                };
    }

    private String elementWriter(String name) {
        return switch (table.type(name)) {
            case "list", "map" -> {
                int depth = ++lambdas;
                yield "(w%1$d, m%1$d, v%1$d) -> ".formatted(depth)
                        + writeCall(name, "w" + depth, "m" + depth, "v" + depth);
            }
            default -> use("ShapeWriter") + "::" + method(table.type(name));
        };
    }

    private void builder(StringBuilder out) {
        out.append(
                "    public static Builder builder() {\n        return new Builder();\n    }\n\n");
        out.append("    public Builder toBuilder() {\n        Builder builder = new Builder();\n");
        for (Component c : components) {
            out.append("        builder.").append(c.name).append(" = ").append(c.name);
            out.append(";\n");
        }
        out.append("        return builder;\n    }\n\n");
        out.append("    /// Collects the members of [").append(type).append("].\n");
        out.append("    public static final class Builder {\n");
        for (Component c : components) {
            out.append("        private ").append(nullable(c)).append(' ').append(c.name);
            out.append(";\n");
        }
        out.append("\n        private Builder() {}\n\n");
        for (Component c : components) {
            out.append("        public Builder ").append(c.name).append('(').append(nullable(c));
            out.append(" value) {\n            this.").append(c.name).append(" = value;\n");
            out.append("            return this;\n        }\n\n");
        }
        out.append("        public ").append(type).append(" build() {\n");
        out.append("            return new ").append(type).append('(');
        out.append(String.join(", ", components.stream().map(Component::name).toList()));
        out.append(");\n        }\n    }\n");
    }

    private String part(String collection, String part) {
        return table.part(collection, part).shape();
    }

    private String nullable(Component c) {
        return c.nullableType(use("Nullable"));
    }

    private String javaType(String name) {
        return switch (table.type(name)) {
            case "structure" -> structureType(name);
            case "list" -> use("List") + "<" + javaType(part(name, "member")) + ">";
            case "map" -> use("Map") + "<String, " + javaType(part(name, "value")) + ">";
            case "string" -> "String";
            case "boolean" -> "Boolean";
            case "integer" -> "Integer";
            case "long" -> "Long";
            case "float" -> "Float";
            case "double" -> "Double";
            case "blob" -> "byte[]";
            case "timestamp" -> use("Instant");
            default -> throw new IllegalStateException("type " + table.type(name));
        };
    }

    private String structureType(String name) {
        return isAttributeValue(name) ? use("AttributeValue") : Names.type(name);
    }

    private boolean isAttributeValue(String name) {
        return Names.isAttributeValue(name);
    }

    /// The reader's and the writer's method for a kind.
    private static String method(String kind) {
        return switch (kind) {
            case "boolean" -> "bool";
            case "long" -> "longInteger";
            case "float" -> "floatNumber";
            case "double" -> "doubleNumber";
            default -> kind;
        };
    }

    /// A class by its simple name with an import, or in full where the service has a shape so
    /// named.
    private String use(String simpleName) {
        String name = IMPORTS.get(simpleName);
        boolean taken =
                table.shapes().containsKey(simpleName)
                        && table.type(simpleName).equals("structure")
                        && !isAttributeValue(simpleName);
        if (taken) {
            return name;
        }
        if (!name.startsWith(Names.packageName(table.id()) + ".")) {
            imports.add(name);
        }
        return simpleName;
    }
}
