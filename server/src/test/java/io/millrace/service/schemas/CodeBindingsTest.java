package io.millrace.service.schemas;

import static io.millrace.service.schemas.SchemasFixture.REGISTRY;
import static io.millrace.service.schemas.SchemasFixture.assertRefused;
import static io.millrace.service.schemas.SchemasFixture.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.schemas.DescribeCodeBindingRequest;
import io.millrace.api.schemas.GetCodeBindingSourceRequest;
import io.millrace.api.schemas.GetDiscoveredSchemaRequest;
import io.millrace.api.schemas.PutCodeBindingRequest;
import io.millrace.api.schemas.SchemasApi;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

final class CodeBindingsTest {

    private static final String DETAIL =
            """
            {"id":"a","at":"2026-01-02T03:04:05.5Z","count":3,"price":1.5,"paid":true,"note":null,\
            "lines":[{"sku":"x","tags":[["t"]]}],"to":{"city":"y \\"z\\"\\u2028"},"class":1,\
            "to-map":2,"toMap":3,"json":4,"a-b":5,"aB":6,"9":7,"string":{"x":1},"object":{"y":2},\
            "map":{"z":3}}\
            """;

    private final SchemasFixture schemas = new SchemasFixture();

    CodeBindingsTest() {
        schemas.registry(REGISTRY);
    }

    @Test
    void javaRecordsCompileAndReadAndWriteTheEvent(@TempDir Path classes) throws Exception {
        String event = event("Order placed", DETAIL);
        schemas.schema("shop@OrderPlaced", infer("OpenApi3", event));

        Map<String, String> files = source("shop@OrderPlaced", "Java8");

        assertThat(files)
                .containsKeys(
                        "schema/shop/orderplaced/AWSEvent.java",
                        "schema/shop/orderplaced/OrderPlaced.java",
                        "schema/shop/orderplaced/String_.java",
                        "schema/shop/orderplaced/marshaller/Marshaller.java");
        assertThat(files.get("schema/shop/orderplaced/AWSEvent.java"))
                .contains("public record AWSEvent(\n        OrderPlaced detail,")
                .contains("OffsetDateTime time,");
        compile(files, classes);
        String back = through("schema.shop.orderplaced.marshaller.Marshaller", classes, event);
        assertThat(EventShapes.MAPPER.readTree(back))
                .isEqualTo(EventShapes.MAPPER.readTree(event.replace("\"note\":null,", "")));
    }

    @Test
    void javaRecordsTellWhichMemberIsOfAnotherType(@TempDir Path classes) throws Exception {
        schemas.schema("shop@OrderPlaced", infer("OpenApi3", event("Order placed", DETAIL)));
        compile(source("shop@OrderPlaced", "Java8"), classes);

        assertMistyped(classes, "\"count\":3", "\"count\":\"3\"", "count: not a number: \"3\"");
        assertMistyped(classes, "\"paid\":true", "\"paid\":1", "paid: not true or false: 1");
        assertMistyped(classes, "\"tags\":[[\"t\"]]", "\"tags\":1", "lines: tags: not a list: 1");
        assertMistyped(classes, "{\"city\"", "[1],\"x\":{\"city\"", "to: not an object: [1]");
        assertMistyped(classes, "T03:04", " 03:04", "at: not a time: \"2026-01-02 03:04:05.5Z\"");
    }

    private static void assertMistyped(Path classes, String good, String bad, String message) {
        String event = event("Order placed", DETAIL.replace(good, bad));
        assertThatThrownBy(() ->
                        through("schema.shop.orderplaced.marshaller.Marshaller", classes, event))
                .hasRootCauseInstanceOf(RuntimeException.class)
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("detail: " + message);
    }

    @Test
    void jsonSchemasAndWhatAwsProvidesCompileAsWell(@TempDir Path classes) throws Exception {
        schemas.schema(
                "draft",
                "JSONSchemaDraft4",
                """
                {"title":"tree","type":"object","properties":{"left":{"$ref":"#"},
                 "right":{"$ref":"#/definitions/side"},"many":{"type":["array","null"],
                 "items":[{"type":"string"}]},"any":{"anyOf":[{"type":"string"}]},
                 "rest":{"type":"object","additionalProperties":{"type":"integer"}}},
                 "definitions":{"side":{"allOf":[{"$ref":"#/definitions/loop"}]},
                 "loop":{"$ref":"#/definitions/loop"},"class":{"properties":{"_":{}}}}}
                """);
        compile(source("draft", "Java8"), classes.resolve("draft"));
        for (StoredSchema provided : AwsEvents.schemas("", "", 100)) {
            Map<String, String> files =
                    JavaBinding.files(
                            BindingModel.of(
                                    provided.name(), AwsEvents.version(provided).orElseThrow()));
            compile(files, classes.resolve(provided.name()));
        }
    }

    @Test
    void typeScriptAndPythonNameTheProperties() {
        schemas.schema("shop@T", infer("OpenApi3", event("T", "{\"a\":[1],\"b\":{\"c\":null}}")));

        assertThat(source("shop@T", "TypeScript3").get("schema/shop/t/AWSEvent.ts"))
                .contains("export interface T {\n  \"a\": Array<number>;\n  \"b\": B;\n}");
        assertThat(source("shop@T", "Python36").get("schema/shop/t/AWSEvent.py"))
                .contains("T = TypedDict(\"T\", {\n    \"a\": List[int],\n    \"b\": \"B\",\n}");
    }

    @Test
    void thereIsNoCodeBeforeItIsAskedForOrInOtherLanguages() {
        schemas.schema("shop@T", infer("OpenApi3", event("T", "{}")));

        assertRefused(
                () ->
                        schemas.call(
                                SchemasApi.DESCRIBE_CODE_BINDING,
                                new DescribeCodeBindingRequest("Java8", REGISTRY, "shop@T", null)),
                "NotFoundException",
                "Code binding for schema shop@T, version 1 and language Java8 does not exist.");
        assertRefused(
                () -> put("shop@T", "Go1"),
                "BadRequestException",
                "Language Go1 is not supported. Supported are Java8, Python36 and TypeScript3.");
        put("shop@T", "Java8");
        assertThat(
                        schemas.call(
                                        SchemasApi.DESCRIBE_CODE_BINDING,
                                        new DescribeCodeBindingRequest(
                                                "Java8", REGISTRY, "shop@T", null))
                                .status())
                .isEqualTo("CREATE_COMPLETE");
    }

    private void put(String schema, String language) {
        schemas.call(
                SchemasApi.PUT_CODE_BINDING,
                new PutCodeBindingRequest(language, REGISTRY, schema, null));
    }

    private String infer(String type, String event) {
        return String.valueOf(
                schemas.call(
                                SchemasApi.GET_DISCOVERED_SCHEMA,
                                new GetDiscoveredSchemaRequest(List.of(event), type))
                        .content());
    }

    private Map<String, String> source(String schema, String language) {
        put(schema, language);
        byte[] zip =
                schemas.call(
                                SchemasApi.GET_CODE_BINDING_SOURCE,
                                new GetCodeBindingSourceRequest(language, REGISTRY, schema, null))
                        .body();
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream in =
                new ZipInputStream(new ByteArrayInputStream(Objects.requireNonNull(zip)))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return files;
    }

    private static void compile(Map<String, String> files, Path classes) throws IOException {
        Files.createDirectories(classes);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units =
                files.entrySet().stream()
                        .<JavaFileObject>map(file -> new Source(file.getKey(), file.getValue()))
                        .toList();
        StringWriter said = new StringWriter();
        boolean compiled =
                compiler.getTask(
                                said,
                                null,
                                null,
                                List.of("-d", classes.toString(), "-Xlint:all", "-Werror"),
                                null,
                                units)
                        .call();
        assertThat(compiled).as("%s in %s", said, files).isTrue();
    }

    /// Reads an event with the generated code, and writes it again.
    private static String through(String marshaller, Path classes, String event) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new java.net.URL[] {classes.toUri().toURL()})) {
            Class<?> code = loader.loadClass(marshaller);
            Object read = code.getMethod("unmarshal", String.class).invoke(null, event);
            return String.valueOf(code.getMethod("marshal", read.getClass()).invoke(null, read));
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String code;

        Source(String path, String code) {
            super(URI.create("string:///" + path), Kind.SOURCE);
            this.code = code;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
        }
    }
}
