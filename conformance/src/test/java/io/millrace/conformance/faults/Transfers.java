package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;
import io.millrace.conformance.faults.Calls.Outcome;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Accounts between which money is moved in transactions, each with an entry in a ledger, and
/// readers of all accounts at once.
final class Transfers implements Workload {
    private static final int ACCOUNTS = 6;
    private static final long FUNDS = 100;
    private static final int WRITERS = 2;

    private final World world;
    private final String table;
    private final TransferChecker checker = new TransferChecker(ACCOUNTS, FUNDS);

    Transfers(World world) {
        this.world = world;
        this.table = "accounts";
    }

    @Override
    public void prepare() {
        world.aws().createTable(table, StreamViewType.NEW_AND_OLD_IMAGES);
        for (int i = 0; i < ACCOUNTS; i++) {
            Map<String, AttributeValue> account =
                    Map.of("id", AttributeValue.fromS(account(i)), "funds", Tables.number(FUNDS));
            world.aws().dynamodb.putItem(request -> request.tableName(table).item(account));
        }
    }

    private static String account(int number) {
        return "account-" + number;
    }

    @Override
    public void start() {
        for (int i = 0; i < WRITERS; i++) {
            String writer = "transfer-" + i + "-";
            AtomicInteger number = new AtomicInteger();
            world.calls()
                    .repeat(
                            world.random(),
                            random -> transfer(random, writer + number.getAndIncrement()));
        }
        world.calls().repeat(world.random(), _ -> read());
    }

    private void transfer(SplittableRandom random, String id) {
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        long amount = 1L + random.nextInt(30);
        Outcome outcome =
                world.calls()
                        .call(
                                "dynamodb TransactWriteItems",
                                () -> transfer(id, account(from), account(to), amount));
        checker.transferred(id, outcome);
        if (outcome == Outcome.UNKNOWN) {
            world.calls().idle();
        }
    }

    private void transfer(String id, String from, String to, long amount) {
        Map<String, AttributeValue> entry =
                Map.of(
                        "id", AttributeValue.fromS(id),
                        "giver", AttributeValue.fromS(from),
                        "taker", AttributeValue.fromS(to),
                        "amount", Tables.number(amount));
        Map<String, AttributeValue> change =
                Map.of(":change", Tables.number(-amount), ":least", Tables.number(amount));
        TransactWriteItem give =
                TransactWriteItem.builder()
                        .update(update ->
                                update.tableName(table)
                                        .key(Tables.key(from))
                                        .updateExpression("ADD funds :change")
                                        .conditionExpression("funds >= :least")
                                        .expressionAttributeValues(change))
                        .build();
        TransactWriteItem take =
                TransactWriteItem.builder()
                        .update(update ->
                                update.tableName(table)
                                        .key(Tables.key(to))
                                        .updateExpression("ADD funds :change")
                                        .expressionAttributeValues(
                                                Map.of(":change", Tables.number(amount))))
                        .build();
        TransactWriteItem note =
                TransactWriteItem.builder().put(put -> put.tableName(table).item(entry)).build();
        world.aws().dynamodb.transactWriteItems(request -> request.transactItems(give, take, note));
    }

    private void read() {
        List<TransactGetItem> gets =
                IntStream.range(0, ACCOUNTS)
                        .mapToObj(i ->
                                TransactGetItem.builder()
                                        .get(get ->
                                                get.tableName(table).key(Tables.key(account(i))))
                                        .build())
                        .toList();
        Outcome outcome =
                world.calls()
                        .call(
                                "dynamodb TransactGetItems",
                                () ->
                                        checker.read(
                                                world
                                                        .aws()
                                                        .dynamodb
                                                        .transactGetItems(request ->
                                                                request.transactItems(gets))
                                                        .responses()
                                                        .stream()
                                                        .map(ItemResponse::item)
                                                        .map(Transfers::funds)
                                                        .toList()));
        if (outcome == Outcome.UNKNOWN) {
            world.calls().idle();
        }
    }

    private static long funds(Map<String, AttributeValue> item) {
        return Long.parseLong(Clients.attribute(item, "funds").n());
    }

    @Override
    public void drain() {}

    @Override
    public List<String> violations() {
        Map<String, Long> funds = new HashMap<>();
        Map<String, TransferChecker.Entry> ledger = new HashMap<>();
        Tables.scan(world.aws(), table)
                .forEach((id, item) -> {
                    if (item.containsKey("funds")) {
                        funds.put(id, funds(item));
                    } else {
                        ledger.put(
                                id,
                                new TransferChecker.Entry(
                                        Clients.attribute(item, "giver").s(),
                                        Clients.attribute(item, "taker").s(),
                                        Long.parseLong(Clients.attribute(item, "amount").n())));
                    }
                });
        return checker.violations(funds, ledger);
    }
}
