package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// DynamoDB Streams through the AWS SDK for Java v2: every change once, in order, with the images
/// that the view type asks for, and nothing for a write that changes nothing.
@ExtendWith(MillraceExtension.class)
final class DynamoDbStreamsTest {

    private static final String TABLE = "watched";

    private final Clients aws;

    DynamoDbStreamsTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @AfterEach
    void close() {
        aws.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = StreamViewType.class,
            names = "UNKNOWN_TO_SDK_VERSION",
            mode = EnumSource.Mode.EXCLUDE)
    void tellsEveryChangeOnceAndInOrder(StreamViewType view) {
        String stream = createTable(view);
        put("a", "1");
        put("a", "1"); // changes nothing
        put("a", "2");
        aws.dynamodb.deleteItem(request -> request.tableName(TABLE).key(key("a")));
        put("b", "3");

        List<Record> records = readAll(stream, ShardIteratorType.TRIM_HORIZON);

        assertThat(records)
                .extracting(Record::eventName)
                .containsExactly(
                        OperationType.INSERT,
                        OperationType.MODIFY,
                        OperationType.REMOVE,
                        OperationType.INSERT);
        assertThat(records)
                .allSatisfy(
                        record -> assertThat(record.dynamodb().streamViewType()).isEqualTo(view));
        assertThat(records)
                .extracting(record -> record.dynamodb().sequenceNumber())
                .isSorted()
                .doesNotHaveDuplicates();
        var change = records.get(1).dynamodb();
        assertThat(change.keys()).isEqualTo(key("a"));
        boolean seesNew =
                view == StreamViewType.NEW_IMAGE || view == StreamViewType.NEW_AND_OLD_IMAGES;
        boolean seesOld =
                view == StreamViewType.OLD_IMAGE || view == StreamViewType.NEW_AND_OLD_IMAGES;
        assertThat(change.hasNewImage()).isEqualTo(seesNew);
        assertThat(change.hasOldImage()).isEqualTo(seesOld);
        if (seesNew) {
            assertThat(change.newImage().get("value")).isEqualTo(AttributeValue.fromS("2"));
        }
        if (seesOld) {
            assertThat(change.oldImage().get("value")).isEqualTo(AttributeValue.fromS("1"));
        }
    }

    @Test
    void beginsWhereItIsTold() {
        String stream = createTable(StreamViewType.KEYS_ONLY);
        put("a", "1");
        put("b", "1");
        put("c", "1");
        List<Record> all = readAll(stream, ShardIteratorType.TRIM_HORIZON);
        String second = all.get(1).dynamodb().sequenceNumber();

        assertThat(read(stream, ShardIteratorType.AT_SEQUENCE_NUMBER, second)).hasSize(2);
        assertThat(read(stream, ShardIteratorType.AFTER_SEQUENCE_NUMBER, second)).hasSize(1);

        String latest = iterator(stream, ShardIteratorType.LATEST, null);
        put("d", "1");

        assertThat(records(latest))
                .extracting(record -> record.dynamodb().keys())
                .containsExactly(key("d"));
    }

    @Test
    void endsWhenTheStreamIsSwitchedOff() {
        String stream = createTable(StreamViewType.NEW_IMAGE);
        put("a", "1");

        aws.dynamodb.updateTable(request ->
                request.tableName(TABLE).streamSpecification(off -> off.streamEnabled(false)));
        put("b", "1");

        assertThat(readAll(stream, ShardIteratorType.TRIM_HORIZON)).hasSize(1);
        assertThat(aws.streams.listStreams(request -> request.tableName(TABLE)).streams())
                .extracting(found -> found.streamArn())
                .contains(stream);
    }

    private String createTable(StreamViewType view) {
        aws.dynamodb.createTable(request ->
                request.tableName(TABLE)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(
                                AttributeDefinition.builder()
                                        .attributeName("id")
                                        .attributeType(ScalarAttributeType.S)
                                        .build())
                        .keySchema(
                                KeySchemaElement.builder()
                                        .attributeName("id")
                                        .keyType(KeyType.HASH)
                                        .build())
                        .streamSpecification(on -> on.streamEnabled(true).streamViewType(view)));
        aws.dynamodb.waiter().waitUntilTableExists(request -> request.tableName(TABLE));
        return aws.dynamodb
                .describeTable(request -> request.tableName(TABLE))
                .table()
                .latestStreamArn();
    }

    private void put(String id, String value) {
        aws.dynamodb.putItem(request ->
                request.tableName(TABLE)
                        .item(
                                Map.of(
                                        "id",
                                        AttributeValue.fromS(id),
                                        "value",
                                        AttributeValue.fromS(value))));
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("id", AttributeValue.fromS(id));
    }

    private List<Record> readAll(String stream, ShardIteratorType type) {
        return records(iterator(stream, type, null));
    }

    private List<Record> read(String stream, ShardIteratorType type, String sequenceNumber) {
        return records(iterator(stream, type, sequenceNumber));
    }

    private String iterator(
            String stream,
            ShardIteratorType type,
            @org.jspecify.annotations.Nullable String sequenceNumber) {
        String shard =
                aws.streams
                        .describeStream(request -> request.streamArn(stream))
                        .streamDescription()
                        .shards()
                        .getFirst()
                        .shardId();
        return aws.streams
                .getShardIterator(request ->
                        request.streamArn(stream)
                                .shardId(shard)
                                .shardIteratorType(type)
                                .sequenceNumber(sequenceNumber))
                .shardIterator();
    }

    /// Reads until a page is empty or the shard is at its end.
    private List<Record> records(String iterator) {
        List<Record> all = new ArrayList<>();
        String next = iterator;
        while (next != null) {
            String current = next;
            GetRecordsResponse page =
                    aws.streams.getRecords(request -> request.shardIterator(current).limit(2));
            all.addAll(page.records());
            next = page.records().isEmpty() ? null : page.nextShardIterator();
        }
        return all;
    }
}
