package com.example.orders;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Reads the table's stream and puts `OrderPlaced` on the event bus for each new order, in order.
/// Its checkpoint lives in a table, and moves on only when the bus has accepted the events: a crash
/// may repeat some, and loses none.
final class StreamReader {

    private static final int EVENTS_PER_CALL = 10; // the limit of PutEvents
    private static final Duration PAUSE_WHEN_EMPTY = Duration.ofMillis(20);

    private final Cloud cloud;
    private final Hops hops;
    private final Map<String, String> iterators = new HashMap<>();

    StreamReader(Cloud cloud, Hops hops) {
        this.cloud = cloud;
        this.hops = hops;
    }

    void step() throws InterruptedException {
        int count = 0;
        try {
            if (iterators.isEmpty()) {
                open();
            }
            for (String shardId : List.copyOf(iterators.keySet())) {
                count += read(shardId);
            }
        } catch (RuntimeException e) {
            iterators.clear(); // begin again at the checkpoint
            throw e;
        }
        if (count == 0) {
            Thread.sleep(PAUSE_WHEN_EMPTY);
        }
    }

    private void open() {
        String stream =
                cloud.dynamodb
                        .describeTable(request -> request.tableName(Names.ORDERS_TABLE))
                        .table()
                        .latestStreamArn();
        List<Shard> shards =
                cloud.streams
                        .describeStream(request -> request.streamArn(stream))
                        .streamDescription()
                        .shards();
        for (Shard shard : shards) {
            AttributeValue checkpoint = checkpoint(shard.shardId());
            iterators.put(
                    shard.shardId(),
                    cloud.streams
                            .getShardIterator(request -> {
                                request.streamArn(stream).shardId(shard.shardId());
                                if (checkpoint == null) {
                                    request.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
                                } else {
                                    request.shardIteratorType(
                                                    ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                                            .sequenceNumber(checkpoint.s());
                                }
                            })
                            .shardIterator());
        }
    }

    private @Nullable AttributeValue checkpoint(String shardId) {
        return cloud.dynamodb
                .getItem(request ->
                        request.tableName(Names.CHECKPOINTS_TABLE)
                                .consistentRead(true)
                                .key(Map.of("shardId", AttributeValue.fromS(shardId))))
                .item()
                .get("sequenceNumber");
    }

    private int read(String shardId) {
        String iterator = Objects.requireNonNull(iterators.get(shardId));
        GetRecordsResponse response =
                cloud.streams.getRecords(request -> request.shardIterator(iterator));
        List<Record> records = response.records();
        for (int from = 0; from < records.size(); from += EVENTS_PER_CALL) {
            publish(records.subList(from, Math.min(from + EVENTS_PER_CALL, records.size())));
        }
        if (!records.isEmpty()) {
            saveCheckpoint(shardId, records.getLast().dynamodb().sequenceNumber());
        }
        if (response.nextShardIterator() == null) {
            iterators.remove(shardId);
        } else {
            iterators.put(shardId, response.nextShardIterator());
        }
        return records.size();
    }

    private void publish(List<Record> records) {
        List<PutEventsRequestEntry> entries = new ArrayList<>();
        List<String> orderIds = new ArrayList<>();
        for (Record record : records) {
            if (record.eventName() == OperationType.INSERT) {
                Order order = order(record.dynamodb().newImage());
                orderIds.add(order.orderId());
                entries.add(
                        PutEventsRequestEntry.builder()
                                .eventBusName(Names.BUS)
                                .source(Names.SOURCE)
                                .detailType(Names.DETAIL_TYPE)
                                .detail(order.toJson())
                                .build());
            }
        }
        if (entries.isEmpty()) {
            return;
        }
        PutEventsResponse response = cloud.events.putEvents(request -> request.entries(entries));
        if (response.failedEntryCount() > 0) {
            throw new IllegalStateException("the bus refused events: " + response.entries());
        }
        orderIds.forEach(orderId -> hops.passed(Hops.PUBLISHED, orderId));
    }

    private static Order order(Map<String, AttributeValue> image) {
        return new Order(
                member(image, "orderId").s(),
                member(image, "customer").s(),
                Long.parseLong(member(image, "amountCents").n()));
    }

    private static AttributeValue member(Map<String, AttributeValue> image, String name) {
        return Objects.requireNonNull(image.get(name), name);
    }

    private void saveCheckpoint(String shardId, String sequenceNumber) {
        cloud.dynamodb.putItem(request ->
                request.tableName(Names.CHECKPOINTS_TABLE)
                        .item(
                                Map.of(
                                        "shardId",
                                        AttributeValue.fromS(shardId),
                                        "sequenceNumber",
                                        AttributeValue.fromS(sequenceNumber))));
    }
}
