package io.millrace.service.schemas;

import static io.millrace.service.schemas.SchemasFixture.BUS;
import static io.millrace.service.schemas.SchemasFixture.assertRefused;
import static io.millrace.service.schemas.SchemasFixture.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.schemas.CreateDiscovererRequest;
import io.millrace.api.schemas.CreateDiscovererResponse;
import io.millrace.api.schemas.DeleteDiscovererRequest;
import io.millrace.api.schemas.DeleteSchemaRequest;
import io.millrace.api.schemas.ListDiscoverersRequest;
import io.millrace.api.schemas.SchemasApi;
import io.millrace.api.schemas.StartDiscovererRequest;
import io.millrace.api.schemas.StopDiscovererRequest;
import io.millrace.api.schemas.UpdateDiscovererRequest;
import io.millrace.engine.Bytes;
import io.millrace.engine.RocksStore;
import io.millrace.pattern.Arn;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.stream.IntStream;

final class DiscoveryTest {

    private static final String ID = "events-event-bus-orders";

    private final SchemasFixture schemas = new SchemasFixture();

    @Test
    void aDiscovererIsStartedAndThereIsOneForABus() {
        CreateDiscovererResponse made = schemas.discoverer();

        assertThat(made.discovererId()).isEqualTo(ID);
        assertThat(made.discovererArn())
                .isEqualTo("arn:aws:schemas:us-east-1:000000000000:discoverer/" + ID);
        assertThat(made.state()).isEqualTo("STARTED");
        assertThat(made.crossAccount()).isTrue();
        assertThat(
                        schemas.call(
                                        SchemasApi.LIST_DISCOVERERS,
                                        ListDiscoverersRequest.builder()
                                                .sourceArnPrefix(BUS)
                                                .build())
                                .discoverers())
                .hasSize(1);
        assertRefused(
                schemas::discoverer,
                "ConflictException",
                "Discoverer with source ARN " + BUS + " already exists.");
        assertRefused(
                () ->
                        schemas.call(
                                SchemasApi.CREATE_DISCOVERER,
                                CreateDiscovererRequest.builder()
                                        .sourceArn("arn:aws:sqs:us-east-1:000000000000:q")
                                        .build()),
                "BadRequestException",
                "SourceArn arn:aws:sqs:us-east-1:000000000000:q is not an event bus of this account"
                        + " and region.");
        assertRefused(
                () -> start("no"), "NotFoundException", "Discoverer with id no does not exist.");
    }

    @Test
    void infersASchemaAsAwsWritesIt() {
        schemas.discoverer();
        schemas.accept(
                event(
                        "Order placed-now",
                        """
                        {"id":"a","at":"2026-01-02T03:04:05Z","count":3,"price":1.5,"paid":true,
                         "note":null,"lines":[{"sku":"x"}],"none":[],"to":{"city":"y"}}\
                        """));
        schemas.inferAll();

        assertThat(schemas.discovered("shop@OrderPlacedNow").content())
                .isEqualTo(
                        """
                        {"openapi":"3.0.0","info":{"version":"1.0.0","title":"OrderPlacedNow"},\
                        "paths":{},"components":{"schemas":{"AWSEvent":{"type":"object",\
                        "required":["detail-type","resources","detail","id","source","time",\
                        "region","version","account"],\
                        "x-amazon-events-detail-type":"Order placed-now",\
                        "x-amazon-events-source":"shop","properties":{"detail":\
                        {"$ref":"#/components/schemas/OrderPlacedNow"},"account":\
                        {"type":"string"},"detail-type":{"type":"string"},"id":{"type":"string"},\
                        "region":{"type":"string"},"resources":{"type":"array","items":\
                        {"type":"string"}},"source":{"type":"string"},"time":{"type":"string",\
                        "format":"date-time"},"version":{"type":"string"}}},"OrderPlacedNow":\
                        {"type":"object","required":["at","count","id","lines","none","note",\
                        "paid","price","to"],"properties":{"at":{"type":"string","format":\
                        "date-time"},"count":{"type":"integer","format":"int64"},"id":{"type":\
                        "string"},"lines":{"type":"array","items":\
                        {"$ref":"#/components/schemas/OrderPlacedNowItem"}},"none":{"type":"array",\
                        "items":{"type":"object"}},"note":{},"paid":{"type":"boolean"},"price":\
                        {"type":"number","format":"double"},"to":\
                        {"$ref":"#/components/schemas/To"}}},"OrderPlacedNowItem":{"type":"object",\
                        "required":["sku"],"properties":{"sku":{"type":"string"}}},"To":{"type":\
                        "object","required":["city"],"properties":{"city":{"type":"string"}}}}}}\
                        """);
    }

    @Test
    void anotherShapeIsAnotherVersionAndTheSameShapeIsNot() {
        schemas.discoverer();
        schemas.accept(event("T", "{\"a\":1,\"b\":\"x\"}"));
        schemas.inferAll();
        schemas.accept(event("T", "{\"b\":\"y\",\"a\":2}"));
        schemas.inferAll();
        assertThat(schemas.discovered("shop@T").schemaVersion()).isEqualTo("1");

        schemas.accept(event("T", "{\"a\":1.5,\"c\":null}"));
        schemas.inferAll();

        assertThat(schemas.discovered("shop@T").schemaVersion()).isEqualTo("2");
        assertThat(schemas.discovered("shop@T").content())
                .contains(
                        """
                        "required":["a"],"properties":{"a":{"type":"number","format":"double"},\
                        "b":{"type":"string"},"c":{}}\
                        """);
    }

    @Test
    void shapesThatComeTogetherMakeOneVersionOfEachSchema() {
        schemas.discoverer();
        for (int i = 0; i < 50; i++) {
            schemas.accept(event("T", "{\"p" + i + "\":1}"), event("U", "{\"q" + i + "\":1}"));
        }
        schemas.inferAll();

        assertThat(schemas.discovered("shop@T").schemaVersion()).isEqualTo("1");
        assertThat(schemas.discovered("shop@U").content()).contains("\"q0\"", "\"q49\"");
    }

    @Test
    void whatIsKnownAndWhatNobodyDiscoversIsNotKept() {
        schemas.accept(event("T", "{\"a\":1}"));
        assertThat(schemas.pendingCount()).isZero();

        schemas.discoverer();
        schemas.accept(event("T", "{\"a\":1}"), event("T", "{\"a\":2}"));
        assertThat(schemas.pendingCount()).isEqualTo(1);

        schemas.inferAll();
        schemas.accept(event("T", "{\"a\":1}"));
        assertThat(schemas.pendingCount()).isZero();
    }

    @Test
    void aStoppedDiscovererSeesNothingMoreAndADeletedOneForgetsWhatWaits() {
        schemas.discoverer();
        schemas.accept(event("T", "{\"a\":1}"));
        schemas.call(SchemasApi.STOP_DISCOVERER, new StopDiscovererRequest(ID));
        schemas.accept(event("U", "{\"a\":1}"));
        schemas.inferAll();
        assertThat(schemas.discovered("shop@T").schemaVersion()).isEqualTo("1");

        start(ID);
        schemas.accept(event("U", "{\"a\":1}"));
        schemas.call(SchemasApi.DELETE_DISCOVERER, new DeleteDiscovererRequest(ID));
        assertThat(schemas.pendingCount()).isZero();
        assertRefused(
                () -> schemas.discovered("shop@U"),
                "NotFoundException",
                "Schema with name shop@U does not exist.");
    }

    @Test
    void eventsOfOtherAccountsCountUnlessSaidOtherwise() {
        schemas.discoverer();
        schemas.accept(event("111111111111", "T", "{}"));
        schemas.call(
                SchemasApi.UPDATE_DISCOVERER,
                UpdateDiscovererRequest.builder().discovererId(ID).crossAccount(false).build());
        schemas.accept(event("111111111111", "U", "{}"));
        schemas.accept(event("V", "{}"));
        schemas.inferAll();

        assertThat(schemas.discovered("shop@T").schemaVersion()).isEqualTo("1");
        assertThat(schemas.discovered("shop@V").schemaVersion()).isEqualTo("1");
        assertRefused(
                () -> schemas.discovered("shop@U"),
                "NotFoundException",
                "Schema with name shop@U does not exist.");
    }

    @Test
    void aSchemaThatIsDeletedIsDiscoveredAgain() {
        schemas.discoverer();
        schemas.accept(event("T", "{\"a\":1}"));
        schemas.inferAll();
        schemas.accept(event("T", "{\"a\":1}")); // the server knows it now
        schemas.call(
                SchemasApi.DELETE_SCHEMA, new DeleteSchemaRequest(Registries.DISCOVERED, "shop@T"));

        schemas.accept(event("T", "{\"a\":1}"));
        schemas.inferAll();

        assertThat(schemas.discovered("shop@T").schemaVersion()).isEqualTo("1");
    }

    @Test
    void whatWaitsIsBoundedAndTheRestIsCounted() {
        schemas.discoverer();
        int count = 3 * SchemasLimits.PENDING_MAX;
        IntStream.range(0, count).forEach(i -> schemas.accept(event("T" + i, "{}")));

        int kept = schemas.pendingCount();

        assertThat(kept).isLessThanOrEqualTo(SchemasLimits.PENDING_MAX);
        assertThat(dropped()).isEqualTo(count - kept);
    }

    @Test
    void aSchemaThatCannotGrowIsLeftAsItIsAndItsEventsAreCounted() {
        schemas.discoverer();
        for (int i = 0; i < 20; i++) { // each within the limit of properties, together too long
            StringBuilder detail = new StringBuilder("{\"o" + i + "\":{");
            for (int j = 0; j < 300; j++) {
                detail.append(j == 0 ? "" : ",").append("\"property").append(j).append("\":1");
            }
            schemas.accept(event("T", detail.append("}}").toString()));
            schemas.inferAll();
        }

        assertThat(dropped()).isPositive();
        assertThat(schemas.pendingCount()).isZero();
        assertThat(schemas.discovered("shop@T").content())
                .hasSizeLessThanOrEqualTo(SchemasLimits.CONTENT_LENGTH_MAX);
    }

    @Test
    void tooDeepEventsAreIgnored() {
        schemas.discoverer();
        String deep = "{\"a\":".repeat(300) + "1" + "}".repeat(300);
        schemas.accept(event("T", deep), "no event", "[]", "");

        assertThat(schemas.pendingCount()).isZero();
    }

    @Test
    void goesOnAfterARestartWithWhatWasAccepted(@TempDir Path directory) {
        try (RocksStore store = RocksStore.open(directory)) {
            SchemasFixture before = new SchemasFixture(store);
            before.discoverer();
            before.accept(event("T", "{\"a\":1}"));
        }
        try (RocksStore store = RocksStore.open(directory)) {
            SchemasFixture after = new SchemasFixture(store);
            after.inferAll();
            after.accept(event("T", "{\"a\":1}"));

            assertThat(after.discovered("shop@T").schemaVersion()).isEqualTo("1");
            assertThat(after.pendingCount()).isZero();
        }
    }

    @Test
    void aTransactionThatFailsKeepsNothingAndKnowsNothing() {
        schemas.discoverer();
        DiscoveryTap tap = new DiscoveryTap();
        String event = event("T", "{\"a\":1}");
        try {
            schemas.store.write(tx -> {
                tap.accepted(tx, Arn.parse(BUS).orElseThrow(), event);
                throw new IllegalStateException("no");
            });
        } catch (IllegalStateException _) { // as asked
            assertThat(schemas.pendingCount()).isZero();
        }

        schemas.store.write(tx -> {
            tap.accepted(tx, Arn.parse(BUS).orElseThrow(), event);
            return true;
        });

        assertThat(schemas.pendingCount()).isEqualTo(1);
    }

    private long dropped() {
        return schemas.store.read(snapshot -> {
            long sum = 0;
            try (var cursor = snapshot.prefix(SchemasKeys.dropped())) {
                while (cursor.next()) {
                    sum += Bytes.counter(cursor.value());
                }
            }
            return sum;
        });
    }

    private void start(String id) {
        schemas.call(SchemasApi.START_DISCOVERER, new StartDiscovererRequest(id));
    }
}
