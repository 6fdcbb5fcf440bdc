package io.millrace.service.schemas;

import static io.millrace.service.schemas.SchemasFixture.REGISTRY;
import static io.millrace.service.schemas.SchemasFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.schemas.CreateSchemaResponse;
import io.millrace.api.schemas.DeleteSchemaRequest;
import io.millrace.api.schemas.DeleteSchemaVersionRequest;
import io.millrace.api.schemas.DescribeSchemaRequest;
import io.millrace.api.schemas.DescribeSchemaResponse;
import io.millrace.api.schemas.ExportSchemaRequest;
import io.millrace.api.schemas.ListSchemaVersionsRequest;
import io.millrace.api.schemas.ListSchemasRequest;
import io.millrace.api.schemas.SchemaSummary;
import io.millrace.api.schemas.SchemaVersionSummary;
import io.millrace.api.schemas.SchemasApi;
import io.millrace.api.schemas.SearchSchemaSummary;
import io.millrace.api.schemas.SearchSchemasRequest;
import io.millrace.api.schemas.UpdateSchemaRequest;
import io.millrace.api.schemas.UpdateSchemaResponse;
import io.millrace.delivery.EventBuses;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

final class SchemaVersionsTest {

    private static final String OPEN_API =
            """
            {"openapi":"3.0.0","info":{"version":"1.0.0","title":"Order"},"paths":{},
             "components":{"schemas":{"Order":{"type":"object","properties":
             {"id":{"type":"string","nullable":true},"next":{"$ref":"#/components/schemas/Order"}}}}}}
            """;
    private static final String SECOND = OPEN_API.replace("\"id\"", "\"key\"");

    private final SchemasFixture schemas = new SchemasFixture();

    SchemaVersionsTest() {
        schemas.registry(REGISTRY);
    }

    @Test
    void makesASchemaAndTellsTheDefaultBus() {
        CreateSchemaResponse made = schemas.schema("order", OPEN_API);

        DescribeSchemaResponse schema = schemas.describe(REGISTRY, "order");
        assertThat(made.schemaArn())
                .isEqualTo("arn:aws:schemas:us-east-1:000000000000:schema/shop/order");
        assertThat(made.schemaVersion()).isEqualTo("1");
        assertThat(made.versionCreatedDate()).isEqualTo(schemas.now);
        assertThat(schema.content()).isEqualTo(OPEN_API);
        assertThat(schema.type()).isEqualTo("OpenApi3");
        assertThat(schema.lastModified()).isEqualTo(schemas.now);
        assertThat(schemas.told)
                .extracting(EventBuses.Event::detailType)
                .containsExactly("Schema Created", "Schema Version Created");
        assertThat(schemas.told.getFirst().detail())
                .isEqualTo(
                        """
                        {"SchemaName":"order","SchemaType":"OpenApi3","RegistryName":"shop",\
                        "CreationDate":"2026-03-04T05:06:07Z","Version":"1"}\
                        """);
    }

    @Test
    void refusesASchemaThatThereIsOrWithoutARegistry() {
        schemas.schema("order", OPEN_API);

        assertRefused(
                () -> schemas.schema("order", OPEN_API),
                "ConflictException",
                "Schema with name order already exists.");
        assertRefused(
                () -> schemas.describe("no", "order"),
                "NotFoundException",
                "Registry with name no does not exist.");
        assertRefused(
                () -> schemas.describe(REGISTRY, "no"),
                "NotFoundException",
                "Schema with name no does not exist.");
    }

    @Test
    void anotherContentIsAnotherVersion() {
        schemas.schema("order", OPEN_API);
        schemas.now = schemas.now.plus(Duration.ofHours(1));
        UpdateSchemaResponse same = update(null, "why", null);
        UpdateSchemaResponse second = update(SECOND, null, "token");
        UpdateSchemaResponse again = update(OPEN_API, null, "token");

        assertThat(same.schemaVersion()).isEqualTo("1");
        assertThat(same.description()).isEqualTo("why");
        assertThat(second.schemaVersion()).isEqualTo("2");
        assertThat(again.schemaVersion()).isEqualTo("2");
        assertThat(describe("1").content()).isEqualTo(OPEN_API);
        assertThat(describe(null).content()).isEqualTo(SECOND);
        assertThat(versions()).containsExactly("2", "1");
        assertThat(schemas.told)
                .extracting(EventBuses.Event::detailType)
                .containsExactly(
                        "Schema Created", "Schema Version Created", "Schema Version Created");
        assertRefused(
                () -> describe("3"),
                "NotFoundException",
                "Schema with name order and version 3 does not exist.");
        assertRefused(() -> describe("x"), "BadRequestException", "SchemaVersion x is not valid.");
    }

    @Test
    void aNumberIsNeverUsedTwiceAndTheLastVersionTakesTheSchemaWithIt() {
        schemas.schema("order", OPEN_API);
        update(SECOND, null, null);
        deleteVersion("2");
        assertThat(describe(null).schemaVersion()).isEqualTo("1");

        update(SECOND, null, null);
        assertThat(versions()).containsExactly("3", "1");

        deleteVersion("3");
        deleteVersion("1");
        assertRefused(
                () -> describe(null),
                "NotFoundException",
                "Schema with name order does not exist.");
    }

    @Test
    void aSchemaHasAtMostAHundredVersions() {
        schemas.schema("order", OPEN_API);
        for (int i = 2; i <= SchemasLimits.VERSIONS_MAX; i++) {
            update(OPEN_API.replace("\"id\"", "\"id" + i + "\""), null, null);
        }

        assertRefused(
                () -> update(SECOND, null, null),
                "ForbiddenException",
                "The maximum number of versions of a schema, 100, is reached.");
        assertThat(versions()).hasSize(100);
    }

    @Test
    void aSchemaThatIsMadeAgainHasNothingOfTheOldOne() {
        schemas.schema("order", OPEN_API);
        update(SECOND, null, null);
        schemas.call(SchemasApi.DELETE_SCHEMA, new DeleteSchemaRequest(REGISTRY, "order"));
        schemas.schema("order", SECOND);

        assertThat(versions()).containsExactly("1");
    }

    @Test
    void listsSchemasByPrefixAndInPages() {
        for (String name : List.of("b", "a3", "a1", "a2")) {
            schemas.schema(name, OPEN_API);
        }

        assertThat(list("", null, null)).containsExactly("a1", "a2", "a3", "b");
        assertThat(list("a", null, null)).containsExactly("a1", "a2", "a3");
        var first =
                schemas.call(
                        SchemasApi.LIST_SCHEMAS,
                        ListSchemasRequest.builder()
                                .registryName(REGISTRY)
                                .schemaNamePrefix("a")
                                .limit(2)
                                .build());
        assertThat(list("a", 2, first.nextToken())).containsExactly("a3");
    }

    @Test
    void findsSchemasByAnyKeywordInNameDescriptionOrContent() {
        schemas.schema("first-schema", OPEN_API);
        schemas.schema("second-schema", SECOND);
        schemas.schema("third", OPEN_API);

        assertThat(search("FIRST second")).containsExactly("first-schema", "second-schema");
        assertThat(search("\"key\"")).containsExactly("second-schema");
        assertThat(search("nothing")).isEmpty();
    }

    @Test
    void exportsOpenApiAsJsonSchema() {
        schemas.schema("order", OPEN_API);

        String content =
                schemas.call(
                                SchemasApi.EXPORT_SCHEMA,
                                ExportSchemaRequest.builder()
                                        .registryName(REGISTRY)
                                        .schemaName("order")
                                        .type("JSONSchemaDraft4")
                                        .build())
                        .content();

        assertThat(content)
                .isEqualTo(
                        """
                        {"$schema":"http://json-schema.org/draft-04/schema#","title":"Order",\
                        "definitions":{},"properties":{"id":{"type":["string","null"]},\
                        "next":{"$ref":"#"}},"type":"object"}\
                        """);
        assertRefused(
                () ->
                        schemas.call(
                                SchemasApi.EXPORT_SCHEMA,
                                ExportSchemaRequest.builder()
                                        .registryName(REGISTRY)
                                        .schemaName("order")
                                        .type("OpenApi3")
                                        .build()),
                "BadRequestException",
                "Schemas can only be exported as JSONSchemaDraft4.");
    }

    @Test
    void whatAwsProvidesCanBeReadSearchedAndExported() {
        assertThat(schemas.describe("aws.events", "aws.events@ScheduledEvent").content())
                .contains("\"x-amazon-events-detail-type\":\"Scheduled Event\"");
        assertThat(
                        Objects.requireNonNull(
                                        schemas.call(
                                                        SchemasApi.SEARCH_SCHEMAS,
                                                        SearchSchemasRequest.builder()
                                                                .registryName("aws.events")
                                                                .keywords("schemacreated")
                                                                .build())
                                                .schemas())
                                .stream()
                                .map(SearchSchemaSummary::schemaName))
                .containsExactly("aws.schemas@SchemaCreated");
        AwsEvents.schemas("", "", 1000)
                .forEach(schema ->
                        ContentCheck.check(
                                "OpenApi3", AwsEvents.version(schema).orElseThrow().content()));
    }

    @Test
    void everythingOutlivesTheProcess() {
        schemas.schema("order", OPEN_API);
        update(SECOND, null, null);

        schemas.restart();

        assertThat(versions()).containsExactly("2", "1");
        assertThat(describe("1").content()).isEqualTo(OPEN_API);
    }

    private UpdateSchemaResponse update(
            @Nullable String content, @Nullable String description, @Nullable String token) {
        return schemas.call(
                SchemasApi.UPDATE_SCHEMA,
                UpdateSchemaRequest.builder()
                        .registryName(REGISTRY)
                        .schemaName("order")
                        .content(content)
                        .description(description)
                        .clientTokenId(token)
                        .build());
    }

    private DescribeSchemaResponse describe(@Nullable String version) {
        return schemas.call(
                SchemasApi.DESCRIBE_SCHEMA,
                DescribeSchemaRequest.builder()
                        .registryName(REGISTRY)
                        .schemaName("order")
                        .schemaVersion(version)
                        .build());
    }

    private void deleteVersion(String version) {
        schemas.call(
                SchemasApi.DELETE_SCHEMA_VERSION,
                DeleteSchemaVersionRequest.builder()
                        .registryName(REGISTRY)
                        .schemaName("order")
                        .schemaVersion(version)
                        .build());
    }

    private List<@Nullable String> versions() {
        return Objects.requireNonNull(
                        schemas.call(
                                        SchemasApi.LIST_SCHEMA_VERSIONS,
                                        ListSchemaVersionsRequest.builder()
                                                .registryName(REGISTRY)
                                                .schemaName("order")
                                                .build())
                                .schemaVersions())
                .stream()
                .<@Nullable String>map(SchemaVersionSummary::schemaVersion)
                .toList();
    }

    private List<@Nullable String> list(
            String prefix, @Nullable Integer limit, @Nullable String token) {
        return Objects.requireNonNull(
                        schemas.call(
                                        SchemasApi.LIST_SCHEMAS,
                                        ListSchemasRequest.builder()
                                                .registryName(REGISTRY)
                                                .schemaNamePrefix(prefix)
                                                .limit(limit)
                                                .nextToken(token)
                                                .build())
                                .schemas())
                .stream()
                .<@Nullable String>map(SchemaSummary::schemaName)
                .toList();
    }

    private List<@Nullable String> search(String keywords) {
        return Objects.requireNonNull(
                        schemas.call(
                                        SchemasApi.SEARCH_SCHEMAS,
                                        SearchSchemasRequest.builder()
                                                .registryName(REGISTRY)
                                                .keywords(keywords)
                                                .build())
                                .schemas())
                .stream()
                .<@Nullable String>map(SearchSchemaSummary::schemaName)
                .toList();
    }
}
