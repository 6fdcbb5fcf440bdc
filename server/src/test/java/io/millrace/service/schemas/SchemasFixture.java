package io.millrace.service.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.schemas.CreateDiscovererRequest;
import io.millrace.api.schemas.CreateDiscovererResponse;
import io.millrace.api.schemas.CreateRegistryRequest;
import io.millrace.api.schemas.CreateSchemaRequest;
import io.millrace.api.schemas.CreateSchemaResponse;
import io.millrace.api.schemas.DescribeSchemaRequest;
import io.millrace.api.schemas.DescribeSchemaResponse;
import io.millrace.api.schemas.SchemasApi;
import io.millrace.delivery.EventBuses;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.pattern.JsonPathText;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/// The schema registry over a store in memory, buses that record what they are told, and short
/// forms of requests. Nothing is inferred in the background: tests say when.
final class SchemasFixture {

    static final String ACCOUNT = "000000000000";
    static final String BUS = "arn:aws:events:us-east-1:000000000000:event-bus/orders";
    static final String REGISTRY = "shop";

    final Store store;
    final List<EventBuses.Event> told = new ArrayList<>();
    final Caller caller = caller(ACCOUNT, "us-east-1");
    Instant now = Instant.parse("2026-03-04T05:06:07.890Z");
    private DiscoveryTap tap;
    private Schemas schemas;

    SchemasFixture() {
        this(new MemoryStore());
    }

    SchemasFixture(Store store) {
        this.store = store;
        this.tap = new DiscoveryTap();
        this.schemas = start(1);
    }

    /// A new process on the same store.
    void restart() {
        tap = new DiscoveryTap();
        schemas = start(2);
    }

    private Schemas start(long seed) {
        EventBuses buses =
                (_, _, event, _, _) -> {
                    told.add(event);
                    return new Outcome.Delivered("id");
                };
        return new Schemas(store, () -> now, new Ids(new Random(seed)), tap, buses);
    }

    static Caller caller(String account, String region) {
        String root = "arn:aws:iam::" + account + ":root";
        return new Caller(account, region, root, account, "r", "http://localhost:4566");
    }

    <I extends Shape, O extends Shape> O call(OperationModel<I, O> operation, I request) {
        return call(caller, operation, request);
    }

    <I extends Shape, O extends Shape> O call(
            Caller by, OperationModel<I, O> operation, I request) {
        Operation<I, O> handler = Objects.requireNonNull(schemas.service().operation(operation));
        return handler.handle(by, request);
    }

    void registry(String name) {
        call(
                SchemasApi.CREATE_REGISTRY,
                CreateRegistryRequest.builder().registryName(name).build());
    }

    CreateSchemaResponse schema(String name, String content) {
        return schema(name, StoredVersion.OPEN_API, content);
    }

    CreateSchemaResponse schema(String name, String type, String content) {
        return call(
                SchemasApi.CREATE_SCHEMA,
                CreateSchemaRequest.builder()
                        .registryName(REGISTRY)
                        .schemaName(name)
                        .type(type)
                        .content(content)
                        .build());
    }

    DescribeSchemaResponse describe(String registry, String schema) {
        return call(
                SchemasApi.DESCRIBE_SCHEMA,
                DescribeSchemaRequest.builder().registryName(registry).schemaName(schema).build());
    }

    DescribeSchemaResponse discovered(String schema) {
        return describe(Registries.DISCOVERED, schema);
    }

    CreateDiscovererResponse discoverer() {
        return call(
                SchemasApi.CREATE_DISCOVERER,
                CreateDiscovererRequest.builder().sourceArn(BUS).build());
    }

    /// An event as it comes onto a bus.
    static String event(String detailType, String detail) {
        return event(ACCOUNT, detailType, detail);
    }

    static String event(String account, String detailType, String detail) {
        return "{\"version\":\"0\",\"id\":\"1\",\"detail-type\":"
                + JsonPathText.quote(detailType)
                + ",\"source\":\"shop\",\"account\":\""
                + account
                + "\",\"time\":\"2026-03-04T05:06:07Z\",\"region\":\"us-east-1\",\"resources\":[],"
                + "\"detail\":"
                + detail
                + "}";
    }

    /// Events that are accepted on the bus, each in a transaction.
    void accept(String... events) {
        for (String event : events) {
            store.write(tx -> {
                tap.accepted(tx, Arn.parse(BUS).orElseThrow(), event);
                return true;
            });
        }
    }

    void inferAll() {
        schemas.inferAll();
    }

    /// How many events wait to be inferred from.
    int pendingCount() {
        return store.read(snapshot -> {
            int count = 0;
            try (var cursor = snapshot.prefix(SchemasKeys.pending())) {
                while (cursor.next()) {
                    count++;
                }
            }
            return count;
        });
    }

    static void assertRefused(ThrowingCallable call, String code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        e -> {
                            assertThat(e.message()).isEqualTo(message);
                            assertThat(e.error().code()).isEqualTo(code);
                        });
    }
}
