package io.millrace.conformance.faults;

import static java.util.stream.Collectors.toMap;

import io.millrace.conformance.Clients;
import io.millrace.conformance.faults.Calls.Outcome;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Items that are written once, for which two writers compete, and counters.
final class Registers implements Workload {
    private static final int COUNTERS = 3;

    private final World world;
    private final DynamoDbClient dynamodb;
    private final String table;
    private final RegisterChecker checker = new RegisterChecker();
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

    Registers(World world) {
        this.world = world;
        this.dynamodb = world.aws().dynamodb;
        this.table = "registers";
    }

    @Override
    public void prepare() {
        world.aws().createTable(table, StreamViewType.NEW_AND_OLD_IMAGES);
    }

    @Override
    public void start() {
        for (String writer : List.of("a", "b")) {
            AtomicInteger number = new AtomicInteger();
            world.calls()
                    .repeat(
                            world.random(),
                            _ -> putOnce("once-" + number.getAndIncrement(), writer));
            world.calls().repeat(world.random(), this::count);
        }
    }

    private void putOnce(String id, String writer) {
        Map<String, AttributeValue> item =
                Map.of("id", AttributeValue.fromS(id), "by", AttributeValue.fromS(writer));
        Runnable call =
                () ->
                        dynamodb.putItem(request ->
                                request.tableName(table)
                                        .item(item)
                                        .conditionExpression("attribute_not_exists(id)"));
        Outcome outcome = world.calls().call("dynamodb PutItem", call);
        checker.put(id, writer, outcome);
        if (outcome == Outcome.DONE) {
            acknowledged.put(id, writer);
        } else if (outcome == Outcome.UNKNOWN) {
            world.calls().idle();
        }
    }

    private void count(SplittableRandom random) {
        String id = "counter-" + random.nextInt(COUNTERS);
        Runnable call =
                () ->
                        dynamodb.updateItem(request ->
                                request.tableName(table)
                                        .key(Tables.key(id))
                                        .updateExpression("ADD n :one")
                                        .expressionAttributeValues(
                                                Map.of(":one", Tables.number(1))));
        Outcome outcome = world.calls().call("dynamodb UpdateItem", call);
        checker.add(id, outcome);
        if (outcome == Outcome.UNKNOWN) {
            world.calls().idle();
        }
    }

    /// What is written for good so far: who wrote it, by id.
    Map<String, String> acknowledged() {
        return Map.copyOf(acknowledged);
    }

    String table() {
        return table;
    }

    @Override
    public void drain() {}

    @Override
    public List<String> violations() {
        Map<String, Map<String, AttributeValue>> items = Tables.scan(world.aws(), table);
        Map<String, String> writers =
                items.entrySet().stream()
                        .filter(item -> item.getValue().containsKey("by"))
                        .collect(
                                toMap(
                                        Map.Entry::getKey,
                                        item -> Clients.attribute(item.getValue(), "by").s()));
        Map<String, Long> counters =
                items.entrySet().stream()
                        .filter(item -> item.getValue().containsKey("n"))
                        .collect(
                                toMap(
                                        Map.Entry::getKey,
                                        item ->
                                                Long.valueOf(
                                                        Clients.attribute(item.getValue(), "n")
                                                                .n())));
        return checker.violations(writers, counters);
    }
}
