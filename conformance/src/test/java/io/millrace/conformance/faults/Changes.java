package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;
import io.millrace.conformance.faults.Calls.Outcome;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Items that are changed and removed again and again, and the stream that tells it.
final class Changes implements Workload {
    private static final int WRITERS = 2;
    private static final int ITEMS = 5;
    private static final int EMPTY_PAGES_MAX = 20;

    private final World world;
    private final String table;
    private final Map<String, Outcome> writes = new ConcurrentHashMap<>();
    private final List<StreamChecker.Change> told = new ArrayList<>();
    private String stream = "";

    Changes(World world) {
        this.world = world;
        this.table = "changes";
    }

    @Override
    public void prepare() {
        stream = world.aws().createTable(table, StreamViewType.NEW_AND_OLD_IMAGES);
    }

    @Override
    public void start() {
        for (int i = 0; i < WRITERS; i++) {
            String writer = i + "-";
            AtomicInteger number = new AtomicInteger();
            world.calls()
                    .repeat(
                            world.random(),
                            random -> write(random, writer + number.getAndIncrement()));
        }
    }

    private void write(SplittableRandom random, String by) {
        Map<String, AttributeValue> key = Tables.key("item" + random.nextInt(ITEMS));
        Outcome outcome;
        if (random.nextInt(5) == 0) {
            outcome = world.calls().call("dynamodb DeleteItem", () -> delete(key));
        } else {
            outcome = world.calls().call("dynamodb UpdateItem", () -> update(key, by));
            writes.put(by, outcome);
        }
        if (outcome == Outcome.UNKNOWN) {
            world.calls().idle();
        }
    }

    private void delete(Map<String, AttributeValue> key) {
        world.aws().dynamodb.deleteItem(request -> request.tableName(table).key(key));
    }

    private void update(Map<String, AttributeValue> key, String by) {
        Map<String, AttributeValue> values =
                Map.of(":by", AttributeValue.fromS(by), ":one", Tables.number(1));
        world.aws()
                .dynamodb
                .updateItem(request ->
                        request.tableName(table)
                                .key(key)
                                .updateExpression("SET #by = :by ADD n :one")
                                .expressionAttributeNames(Map.of("#by", "by"))
                                .expressionAttributeValues(values));
    }

    /// Reads the stream to its end.
    @Override
    public void drain() {
        String shard =
                world.aws()
                        .streams
                        .describeStream(request -> request.streamArn(stream))
                        .streamDescription()
                        .shards()
                        .getFirst()
                        .shardId();
        String iterator =
                world.aws()
                        .streams
                        .getShardIterator(request ->
                                request.streamArn(stream)
                                        .shardId(shard)
                                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                        .shardIterator();
        for (int emptyPages = 0; emptyPages < EMPTY_PAGES_MAX && iterator != null; ) {
            String current = iterator;
            GetRecordsResponse page =
                    world.aws().streams.getRecords(request -> request.shardIterator(current));
            page.records().forEach(record -> told.add(change(record)));
            emptyPages = page.records().isEmpty() ? emptyPages + 1 : 0;
            world.calls().count("dynamodbstreams GetRecords", Outcome.DONE);
            iterator = page.nextShardIterator();
        }
    }

    private static StreamChecker.Change change(Record record) {
        return new StreamChecker.Change(
                record.dynamodb().sequenceNumber(),
                Clients.attribute(record.dynamodb().keys(), "id").s(),
                image(record.dynamodb().oldImage()),
                image(record.dynamodb().newImage()));
    }

    /// Who wrote it, and how often it was written since it came to be; empty when it is not there.
    private static String image(Map<String, AttributeValue> item) {
        AttributeValue by = item.get("by");
        return by == null ? "" : by.s() + " " + Clients.attribute(item, "n").n();
    }

    @Override
    public List<String> violations() {
        Map<String, String> items = new ConcurrentHashMap<>();
        Tables.scan(world.aws(), table).forEach((id, item) -> items.put(id, image(item)));
        return StreamChecker.violations(told, writes, items);
    }
}
