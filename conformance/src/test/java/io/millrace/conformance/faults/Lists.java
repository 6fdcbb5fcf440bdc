package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;
import io.millrace.conformance.faults.Calls.Outcome;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Transactions that append a value of their own to several lists, or read several lists: the
/// history from which [SerializabilityChecker] infers in which order they happened.
final class Lists implements Workload {
    private static final int LISTS = 4;
    private static final int CALLERS = 3;

    /// After so many values others take their place, so that no answer gets long.
    private static final int VALUES_PER_LIST = 250;

    private static final String APPEND = "SET l = list_append(if_not_exists(l, :none), :value)";

    private final World world;
    private final DynamoDbClient dynamodb;
    private final String table;
    private final AtomicInteger values = new AtomicInteger();
    private final SerializabilityChecker checker = new SerializabilityChecker();

    Lists(World world) {
        this.world = world;
        this.dynamodb = world.aws().dynamodb;
        this.table = "lists";
    }

    @Override
    public void prepare() {
        world.aws().createTable(table, StreamViewType.NEW_AND_OLD_IMAGES);
    }

    @Override
    public void start() {
        for (int i = 0; i < CALLERS; i++) {
            world.calls().repeat(world.random(), this::transact);
        }
    }

    private void transact(SplittableRandom random) {
        int value = values.incrementAndGet();
        List<String> keys = lists(value / VALUES_PER_LIST);
        keys.removeIf(_ -> random.nextBoolean());
        if (keys.isEmpty()) {
            keys = lists(value / VALUES_PER_LIST).subList(0, 1);
        }
        Outcome outcome =
                switch (random.nextInt(3)) {
                    case 0 -> appendAndRead(keys.getFirst(), value);
                    case 1 -> append(keys, value);
                    default -> read(keys);
                };
        if (outcome == Outcome.UNKNOWN) {
            world.calls().idle();
        }
    }

    private Outcome append(List<String> keys, int value) {
        long begun = world.calls().moment();
        List<TransactWriteItem> updates =
                keys.stream()
                        .map(key ->
                                TransactWriteItem.builder()
                                        .update(update ->
                                                update.tableName(table)
                                                        .key(Tables.key(key))
                                                        .updateExpression(APPEND)
                                                        .expressionAttributeValues(added(value)))
                                        .build())
                        .toList();
        Runnable call =
                () -> dynamodb.transactWriteItems(request -> request.transactItems(updates));
        Outcome outcome = world.calls().call("dynamodb TransactWriteItems", call);
        Map<String, Integer> appends = new HashMap<>();
        keys.forEach(key -> appends.put(key, value));
        checker.add(appends, Map.of(), outcome, begun, world.calls().moment());
        return outcome;
    }

    /// The answer has the whole list: what was there before, and the value.
    private Outcome appendAndRead(String key, int value) {
        long begun = world.calls().moment();
        Map<String, List<Integer>> reads = new HashMap<>();
        UpdateItemRequest update =
                UpdateItemRequest.builder()
                        .tableName(table)
                        .key(Tables.key(key))
                        .updateExpression(APPEND)
                        .expressionAttributeValues(added(value))
                        .returnValues(ReturnValue.UPDATED_NEW)
                        .build();
        Runnable call = () -> reads.put(key, list(dynamodb.updateItem(update).attributes()));
        Outcome outcome = world.calls().call("dynamodb UpdateItem", call);
        checker.add(Map.of(key, value), reads, outcome, begun, world.calls().moment());
        return outcome;
    }

    private Outcome read(List<String> keys) {
        long begun = world.calls().moment();
        Map<String, List<Integer>> reads = new HashMap<>();
        Outcome outcome =
                world.calls().call("dynamodb TransactGetItems", () -> reads.putAll(get(keys)));
        checker.add(Map.of(), reads, outcome, begun, world.calls().moment());
        return outcome;
    }

    private Map<String, List<Integer>> get(List<String> keys) {
        List<TransactGetItem> gets =
                keys.stream()
                        .map(key ->
                                TransactGetItem.builder()
                                        .get(get -> get.tableName(table).key(Tables.key(key)))
                                        .build())
                        .toList();
        List<ItemResponse> items =
                dynamodb.transactGetItems(request -> request.transactItems(gets)).responses();
        Map<String, List<Integer>> lists = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            lists.put(keys.get(i), list(items.get(i).item()));
        }
        return lists;
    }

    private static Map<String, AttributeValue> added(int value) {
        return Map.of(
                ":none", AttributeValue.fromL(List.of()),
                ":value", AttributeValue.fromL(List.of(Tables.number(value))));
    }

    private static List<Integer> list(Map<String, AttributeValue> item) {
        return item.containsKey("l")
                ? Clients.attribute(item, "l").l().stream()
                        .map(number -> Integer.valueOf(number.n()))
                        .toList()
                : List.of();
    }

    /// Reads all lists once more, after everything.
    @Override
    public void drain() {
        for (int i = 0; i <= values.get() / VALUES_PER_LIST; i++) {
            List<String> keys = lists(i);
            long begun = world.calls().moment();
            Map<String, List<Integer>> reads = new HashMap<>();
            Calls.insist(() -> reads.putAll(get(keys)));
            checker.add(Map.of(), reads, Outcome.DONE, begun, world.calls().moment());
        }
    }

    private static List<String> lists(int number) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < LISTS; i++) {
            keys.add("list" + i + "-" + number);
        }
        return keys;
    }

    @Override
    public List<String> violations() {
        return checker.violations();
    }
}
