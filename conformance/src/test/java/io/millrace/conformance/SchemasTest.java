package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Eventually;
import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.schemas.model.BadRequestException;
import software.amazon.awssdk.services.schemas.model.ConflictException;
import software.amazon.awssdk.services.schemas.model.CreateDiscovererResponse;
import software.amazon.awssdk.services.schemas.model.CreateSchemaResponse;
import software.amazon.awssdk.services.schemas.model.DescribeSchemaResponse;
import software.amazon.awssdk.services.schemas.model.DiscovererState;
import software.amazon.awssdk.services.schemas.model.ForbiddenException;
import software.amazon.awssdk.services.schemas.model.NotFoundException;
import software.amazon.awssdk.services.schemas.model.PreconditionFailedException;
import software.amazon.awssdk.services.schemas.model.SchemaSummary;
import software.amazon.awssdk.services.schemas.model.Type;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// The schema registry through the AWS SDK for Java v2: registries keep schemas and their versions,
/// events on a bus with a discoverer become schemas, and schemas become code.
@ExtendWith(MillraceExtension.class)
final class SchemasTest {

    private static final String CONTENT =
            """
            {"openapi":"3.0.0","info":{"version":"1.0.0","title":"Order"},"paths":{},"components":
            {"schemas":{"Order":{"type":"object","properties":{"id":{"type":"string"}}}}}}\
            """;

    private final Clients aws;

    SchemasTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void aSchemaGoesThroughItsVersions() {
        aws.schemas.createRegistry(request -> request.registryName("shop"));
        CreateSchemaResponse made = create("order");
        aws.schemas.updateSchema(request ->
                request.registryName("shop")
                        .schemaName("order")
                        .content(CONTENT.replace("\"id\"", "\"key\"")));
        DescribeSchemaResponse first =
                aws.schemas.describeSchema(request ->
                        request.registryName("shop").schemaName("order").schemaVersion("1"));

        assertThat(made.sdkHttpResponse().statusCode()).isEqualTo(201);
        assertThat(first.content()).isEqualTo(CONTENT);
        assertThat(first.type()).isEqualTo("OpenApi3");
        assertThat(
                        aws.schemas
                                .listSchemaVersions(
                                        request -> request.registryName("shop").schemaName("order"))
                                .schemaVersions())
                .extracting(version -> version.schemaVersion())
                .containsExactly("2", "1");
        assertThat(
                        aws.schemas
                                .exportSchema(request ->
                                        request.registryName("shop")
                                                .schemaName("order")
                                                .type("JSONSchemaDraft4"))
                                .content())
                .contains("\"key\"", "draft-04");
        assertThat(
                        aws.schemas
                                .searchSchemas(request ->
                                        request.registryName("shop").keywords("KEY nothing"))
                                .schemas())
                .hasSize(1);
        assertThat(
                        aws.schemas
                                .deleteSchemaVersion(request ->
                                        request.registryName("shop")
                                                .schemaName("order")
                                                .schemaVersion("2"))
                                .sdkHttpResponse()
                                .statusCode())
                .isEqualTo(204);
    }

    @Test
    void listsComeInPages() {
        aws.schemas.createRegistry(request -> request.registryName("shop"));
        for (int i = 0; i < 5; i++) {
            create("s" + i);
        }

        assertThat(
                        aws.schemas
                                .listSchemasPaginator(
                                        request -> request.registryName("shop").limit(2))
                                .schemas())
                .extracting(SchemaSummary::schemaName)
                .containsExactly("s0", "s1", "s2", "s3", "s4");
    }

    @Test
    void tagsAndPoliciesAreOfRegistries() {
        String arn =
                aws.schemas
                        .createRegistry(
                                request -> request.registryName("shop").tags(Map.of("a", "1")))
                        .registryArn();
        aws.schemas.tagResource(request -> request.resourceArn(arn).tags(Map.of("b", "2")));
        aws.schemas.untagResource(request -> request.resourceArn(arn).tagKeys("a"));
        String policy =
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",\
                "Action":"schemas:DescribeRegistry","Resource":"*"}]}\
                """;
        String revision =
                aws.schemas
                        .putResourcePolicy(request -> request.registryName("shop").policy(policy))
                        .revisionId();

        assertThat(aws.schemas.listTagsForResource(request -> request.resourceArn(arn)).tags())
                .isEqualTo(Map.of("b", "2"));
        assertThat(
                        aws.schemas
                                .getResourcePolicy(request -> request.registryName("shop"))
                                .revisionId())
                .isEqualTo(revision);
        assertThatThrownBy(() ->
                        aws.schemas.putResourcePolicy(request ->
                                request.registryName("shop").policy(policy).revisionId("other")))
                .isInstanceOf(PreconditionFailedException.class);
    }

    @Test
    void refusalsAreTheModels() {
        aws.schemas.createRegistry(request -> request.registryName("shop"));
        create("order");

        assertThatThrownBy(
                        () -> aws.schemas.describeRegistry(request -> request.registryName("no")))
                .isInstanceOfSatisfying(
                        NotFoundException.class,
                        e -> {
                            assertThat(e.awsErrorDetails().errorMessage())
                                    .isEqualTo("Registry with name no does not exist.");
                            assertThat(e.code()).isEqualTo("NotFoundException");
                        });
        assertThatThrownBy(() -> create("order")).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() ->
                        aws.schemas.deleteRegistry(request -> request.registryName("aws.events")))
                .isInstanceOf(ForbiddenException.class);
        assertThatThrownBy(() ->
                        aws.schemas.createSchema(request ->
                                request.registryName("shop")
                                        .schemaName("bad")
                                        .type(Type.OPEN_API3)
                                        .content("{")))
                .isInstanceOf(BadRequestException.class);
    }

    @Test
    void eventsOnABusBecomeASchemaAndTheSchemaCode() throws Exception {
        String bus = aws.events.createEventBus(request -> request.name("shop")).eventBusArn();
        CreateDiscovererResponse discoverer =
                aws.schemas.createDiscoverer(request -> request.sourceArn(bus));

        put("{\"id\":\"a\",\"lines\":[{\"price\":1.5}]}");
        DescribeSchemaResponse schema = discovered("1");
        put("{\"id\":\"a\",\"at\":\"2026-01-01T00:00:00Z\"}");
        DescribeSchemaResponse second = discovered("2");

        assertThat(discoverer.state()).isEqualTo(DiscovererState.STARTED);
        assertThat(schema.content()).contains("\"required\":[\"id\",\"lines\"]");
        assertThat(second.content()).contains("\"required\":[\"id\"]", "\"at\"");

        aws.schemas.putCodeBinding(request ->
                request.registryName("discovered-schemas")
                        .schemaName("shop@OrderPlaced")
                        .language("Java8"));
        aws.schemas
                .waiter()
                .waitUntilCodeBindingExists(request ->
                        request.registryName("discovered-schemas")
                                .schemaName("shop@OrderPlaced")
                                .language("Java8"));
        byte[] source =
                aws.schemas
                        .getCodeBindingSource(request ->
                                request.registryName("discovered-schemas")
                                        .schemaName("shop@OrderPlaced")
                                        .language("Java8"))
                        .body()
                        .asByteArray();
        assertThat(names(source)).contains("schema/shop/orderplaced/AWSEvent.java");
    }

    private static List<String> names(byte[] zip) throws IOException {
        List<String> names = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    private CreateSchemaResponse create(String name) {
        return aws.schemas.createSchema(request ->
                request.registryName("shop")
                        .schemaName(name)
                        .type(Type.OPEN_API3)
                        .content(CONTENT));
    }

    private void put(String detail) {
        PutEventsRequestEntry entry =
                PutEventsRequestEntry.builder()
                        .eventBusName("shop")
                        .source("shop")
                        .detailType("Order placed")
                        .detail(detail)
                        .build();
        assertThat(aws.events.putEvents(request -> request.entries(entry)).failedEntryCount())
                .isZero();
    }

    private DescribeSchemaResponse discovered(String version) {
        return Objects.requireNonNull(
                Eventually.<@Nullable DescribeSchemaResponse, RuntimeException>see(
                        "version " + version,
                        () -> {
                            try {
                                return aws.schemas.describeSchema(request ->
                                        request.registryName("discovered-schemas")
                                                .schemaName("shop@OrderPlaced")
                                                .schemaVersion(version));
                            } catch (NotFoundException _) {
                                return null;
                            }
                        },
                        Objects::nonNull));
    }
}
