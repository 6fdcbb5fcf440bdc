import java.util.List;
import java.util.Map;

/// Writes the class that holds one service's model: its operations and its errors.
final class Services {
    private final Table table;
    private final String type;
    private final StringBuilder out = new StringBuilder();

    private Services(Table table) {
        this.table = table;
        this.type = Names.apiClass(table.id());
    }

    static String source(Table table) {
        return new Services(table).source();
    }

    static String packageInfo(Table table) {
        return """
        /// The shapes of %s, generated from `api/models/%s.json`. Start at [%s].
        @NullMarked
        package %s;

        import org.jspecify.annotations.NullMarked;
        """
                .formatted(
                        table.metadata().get("serviceFullName"),
                        table.id(),
                        Names.apiClass(table.id()),
                        Names.packageName(table.id()));
    }

    private String source() {
        out.append("package ").append(Names.packageName(table.id())).append(";\n\n");
        for (String name :
                List.of(
                        "ErrorModel",
                        "HttpBinding",
                        "OperationModel",
                        "Protocol",
                        "Schema",
                        "ServiceModel")) {
            out.append("import io.millrace.api.").append(name).append(";\n");
        }
        out.append("\nimport java.util.Set;\nimport java.util.function.IntFunction;\n\n");
        out.append("/// ").append(table.metadata().get("serviceFullName"));
        out.append(": its model, a constant per operation and one per modelled error.\n");
        out.append("public final class ").append(type).append(" {\n");
        out.append("    private static final IntFunction<Schema<?>> SCHEMAS = ");
        out.append(type).append("::schema;\n\n");
        int index = 0;
        for (String operation : table.operations().keySet()) {
            operation(operation, index);
            index += 2;
        }
        model();
        out.append("    private ").append(type).append("() {}\n\n");
        schemas();
        errors();
        return out.append("}\n").toString();
    }

    private void operation(String name, int index) {
        Map<String, Object> operation = table.operation(name);
        out.append("    public static final OperationModel<");
        out.append(shape(operation, "input")).append(", ").append(shape(operation, "output"));
        out.append("> ").append(Names.constant(name)).append(" =\n            ");
        out.append("new OperationModel<>(").append(Names.literal(table.id())).append(", ");
        out.append(Names.literal(name)).append(", ");
        out.append(Names.literal(operation.get("resultWrapper"))).append(", ");
        out.append(http(operation)).append(", SCHEMAS, ");
        out.append(index);
        for (String error : table.strings(operation, "errors")) {
            out.append(",\n                    Errors.").append(Names.constant(error));
        }
        out.append(");\n\n");
    }

    @SuppressWarnings("unchecked") // the tables' form is known
    private static String http(Map<String, Object> operation) {
        Map<String, Object> http = (Map<String, Object>) operation.get("http");
        return http == null
                ? "null"
                : "new HttpBinding(%s, %s, %s)"
                        .formatted(
                                Names.literal(http.get("method")),
                                Names.literal(http.get("requestUri")),
                                http.getOrDefault("responseCode", 200L));
    }

    private String shape(Map<String, Object> operation, String part) {
        Object shape = operation.get(part);
        return shape == null ? "io.millrace.api.Unit" : Names.type((String) shape);
    }

    private void model() {
        Map<String, Object> metadata = table.metadata();
        Object signingName = metadata.getOrDefault("signingName", metadata.get("endpointPrefix"));
        List<String> protocols =
                metadata.containsKey("protocols")
                        ? table.strings(metadata, "protocols")
                        : List.of((String) metadata.get("protocol"));
        out.append("    public static final ServiceModel MODEL =\n            new ServiceModel(");
        argument(Names.literal(table.id()), "");
        argument(Names.literal(metadata.get("serviceId")), ",");
        argument(Names.literal(metadata.get("serviceFullName")), ",");
        argument(Names.literal(metadata.get("apiVersion")), ",");
        argument(
                "Set.of("
                        + String.join(", ", protocols.stream().map(Services::protocol).toList())
                        + ")",
                ",");
        argument(Names.literal(metadata.get("jsonVersion")), ",");
        argument(Names.literal(metadata.get("targetPrefix")), ",");
        argument(Names.literal(metadata.get("xmlNamespace")), ",");
        argument(Names.literal(signingName), ",");
        argument(Names.literal(metadata.get("endpointPrefix")), ",");
        argument(Names.literal(metadata.get("namespace")), ",");
        argument(String.valueOf(table.queryCompatible()), ",");
        argument("ServiceModel.byName(", ",");
        String separator = "";
        for (String operation : table.operations().keySet()) {
            out.append(separator).append("\n                            ");
            out.append(Names.constant(operation));
            separator = ",";
        }
        out.append("));\n\n");
    }

    private void argument(String value, String separator) {
        out.append(separator).append("\n                    ").append(value);
    }

    private static String protocol(String name) {
        return "Protocol."
                + switch (name) {
                    case "json" -> "JSON";
                    case "query" -> "QUERY";
                    case "ec2" -> "EC2";
                    case "rest-json" -> "REST_JSON";
                    case "rest-xml" -> "REST_XML";
                    case "smithy-rpc-v2-cbor" -> "CBOR";
                    default -> throw new IllegalStateException("protocol " + name);
                };
    }

    private void schemas() {
        out.append("    private static Schema<?> schema(int index) {\n");
        out.append("        return switch (index) {\n");
        int index = 0;
        for (String name : table.operations().keySet()) {
            for (String part : List.of("input", "output")) {
                out.append("            case ").append(index++).append(" -> ");
                out.append(shape(table.operation(name), part)).append(".SCHEMA;\n");
            }
        }
        out.append(
                "            default -> throw new IllegalStateException(\"schema \" + index);\n");
        out.append("        };\n    }\n\n");
    }

    private void errors() {
        out.append("    /// The errors that the model knows.\n");
        out.append("    public static final class Errors {\n");
        for (String name : table.shapes().keySet()) {
            if (table.isException(name)) {
                error(name);
            }
        }
        out.append("\n        private Errors() {}\n    }\n");
    }

    @SuppressWarnings("unchecked") // the tables' form is known
    private void error(String name) {
        Map<String, Object> shape = table.shape(name);
        Map<String, Object> error =
                (Map<String, Object>) shape.getOrDefault("error", Map.<String, Object>of());
        boolean fault = shape.containsKey("fault");
        long status = (Long) error.getOrDefault("httpStatusCode", fault ? 500L : 400L);
        Object code = error.getOrDefault("code", name);
        boolean older = table.queryCompatible() && !code.equals(name);
        out.append("        public static final ErrorModel ").append(Names.constant(name));
        out.append(" =\n                new ErrorModel(").append(Names.literal(name)).append(", ");
        out.append(Names.literal(older ? name : code)).append(", ").append(status).append(", ");
        out.append(!fault).append(", ").append(Names.literal(older ? code : null)).append(", ");
        out.append(status).append(");\n");
    }
}
