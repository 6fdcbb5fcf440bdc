package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.service.dynamodb.Serializability.Done;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Concurrent transactions are strictly serializable: money that is moved around is always all
/// there, and recorded histories have no cycle. `-Dmillrace.long=true` runs longer;
/// `-Dmillrace.seed=` repeats a run, as far as threads repeat.
///
/// Seen to fail, with: `TransactGetItems` that reads each item from a snapshot of its own (both the
/// bank and the histories); a transaction that does not conflict with changes of what it only read
/// (`ConditionCheck` reading from a second snapshot: the histories).
@Timeout(600)
final class SerializabilityTest {
    private static final boolean LONG = Boolean.getBoolean("millrace.long");
    private static final long SEED = Long.getLong("millrace.seed", 20260103L);
    private static final int THREADS = 6;
    private static final int ROUNDS = LONG ? 5_000 : 150;
    private static final int ACCOUNTS = 8;
    private static final int BALANCE = 100;
    private static final int LISTS = 5;

    @TempDir Path directory;

    private DynamoDbFixture open(boolean onDisk) {
        System.out.println("serializability: -Dmillrace.seed=" + SEED);
        DynamoDbFixture db =
                onDisk ? DynamoDbFixture.onDisk(directory) : DynamoDbFixture.inMemory();
        db.createTable("tab");
        return db;
    }

    /// Runs a body in each thread, with a random source of its own.
    private static void inThreads(Body body) throws Exception {
        List<Future<?>> threads = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < THREADS; i++) {
                SplittableRandom random = new SplittableRandom(SEED + i);
                int thread = i;
                threads.add(
                        executor.submit(() -> {
                            for (int round = 0; round < ROUNDS; round++) {
                                body.run(thread, random);
                            }
                        }));
            }
        }
        for (Future<?> thread : threads) {
            thread.get(); // throws what it threw
        }
    }

    @FunctionalInterface
    private interface Body {
        void run(int thread, SplittableRandom random);
    }

    private static String key(String name) {
        return "'TableName': 'tab', 'Key': {'p': {'S': '" + name + "'}}";
    }

    private static JsonNode getAll(DynamoDbFixture db, String prefix, int count) {
        List<String> gets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            gets.add("{'Get': {" + key(prefix + i) + "}}");
        }
        return db.call("TransactGetItems", "{'TransactItems': [" + String.join(",", gets) + "]}")
                .get("Responses");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void movesMoneyWithoutLosingAny(boolean onDisk) throws Exception {
        try (DynamoDbFixture db = open(onDisk)) {
            for (int i = 0; i < ACCOUNTS; i++) {
                db.put("tab", "{'p': {'S': 'a%d'}, 'n': {'N': '%d'}}".formatted(i, BALANCE));
            }
            AtomicInteger moved = new AtomicInteger();

            inThreads((thread, random) -> {
                if (thread < 2) {
                    assertThat(total(db)).as("seed %d", SEED).isEqualTo(ACCOUNTS * BALANCE);
                } else if (transfer(db, random)) {
                    moved.incrementAndGet();
                }
            });

            assertThat(total(db)).isEqualTo(ACCOUNTS * BALANCE);
            assertThat(moved.get()).isGreaterThan(ROUNDS);
        }
    }

    private static int total(DynamoDbFixture db) {
        int total = 0;
        for (JsonNode account : getAll(db, "a", ACCOUNTS)) {
            int balance = Integer.parseInt(account.get("Item").get("n").get("N").stringValue());
            assertThat(balance).isNotNegative();
            total += balance;
        }
        return total;
    }

    private static boolean transfer(DynamoDbFixture db, SplittableRandom random) {
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        String amount = "'ExpressionAttributeValues': {':n': {'N': '" + random.nextInt(40) + "'}}";
        try {
            db.call(
                    "TransactWriteItems",
                    "{'TransactItems': [{'Update': {"
                            + key("a" + from)
                            + ", 'UpdateExpression': 'SET n = n - :n', 'ConditionExpression':"
                            + " 'n >= :n', "
                            + amount
                            + "}}, {'Update': {"
                            + key("a" + to)
                            + ", 'UpdateExpression': 'SET n = n + :n', "
                            + amount
                            + "}}]}");
            return true;
        } catch (ServiceException e) {
            assertThat(e.message()).contains("ConditionalCheckFailed");
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isStrictlySerializable(boolean onDisk) throws Exception {
        try (DynamoDbFixture db = open(onDisk)) {
            Collection<Done> history = new ConcurrentLinkedQueue<>();
            AtomicInteger values = new AtomicInteger();

            inThreads((_, random) -> {
                int value = values.incrementAndGet();
                Done done =
                        switch (random.nextInt(4)) {
                            case 0 -> read(db, "r" + value);
                            case 1 -> append(db, random, value);
                            default -> checkAndAppend(db, random, value);
                        };
                if (done != null) {
                    history.add(done);
                }
            });

            Map<String, List<Integer>> lists = new HashMap<>();
            JsonNode items = getAll(db, "l", LISTS);
            for (int i = 0; i < LISTS; i++) {
                lists.put("l" + i, list(items.get(i)));
                assertThat(lists.get("l" + i)).doesNotHaveDuplicates();
            }
            assertThat(Serializability.violations(history, lists)).as("seed %d", SEED).isEmpty();
            assertThat(history).hasSizeGreaterThan(2 * ROUNDS);
        }
    }

    private static List<Integer> list(JsonNode response) {
        List<Integer> values = new ArrayList<>();
        if (response.has("Item")) {
            response.get("Item")
                    .get("l")
                    .get("L")
                    .forEach(value -> values.add(Integer.parseInt(value.get("N").stringValue())));
        }
        return values;
    }

    private static Done read(DynamoDbFixture db, String name) {
        long began = System.nanoTime();
        JsonNode items = getAll(db, "l", LISTS);
        Map<String, Integer> reads = new HashMap<>();
        for (int i = 0; i < LISTS; i++) {
            reads.put("l" + i, list(items.get(i)).size());
        }
        return new Done(name, began, System.nanoTime(), reads, Map.of());
    }

    private static String append(String list, int value) {
        return "{'Update': {"
                + key(list)
                + ", 'UpdateExpression': 'SET l = list_append(if_not_exists(l, :e), :v)',"
                + " 'ExpressionAttributeValues': {':e': {'L': []}, ':v': {'L': [{'N': '"
                + value
                + "'}]}}}}";
    }

    /// Appends to one list; and to a second one, a number that is different, too.
    private static Done append(DynamoDbFixture db, SplittableRandom random, int value) {
        int first = random.nextInt(LISTS);
        int second = (first + 1) % LISTS;
        long began = System.nanoTime();
        db.call(
                "TransactWriteItems",
                "{'TransactItems': ["
                        + append("l" + first, value)
                        + ","
                        + append("l" + second, -value)
                        + "]}");
        return new Done(
                "w" + value,
                began,
                System.nanoTime(),
                Map.of(),
                Map.of("l" + first, value, "l" + second, -value));
    }

    /// Appends to one list if another one is as long as it was a moment ago, which is to read it.
    private static @Nullable Done checkAndAppend(
            DynamoDbFixture db, SplittableRandom random, int value) {
        int checked = random.nextInt(LISTS);
        int appended = (checked + 1 + random.nextInt(LISTS - 1)) % LISTS;
        JsonNode seen = db.call("GetItem", "{" + key("l" + checked) + "}");
        int length = list(seen).size();
        String condition =
                length == 0
                        ? "'attribute_not_exists(p)'"
                        : "'size(l) = :n', 'ExpressionAttributeValues': {':n': {'N': '"
                                + length
                                + "'}}";
        long began = System.nanoTime();
        try {
            db.call(
                    "TransactWriteItems",
                    "{'TransactItems': [{'ConditionCheck': {"
                            + key("l" + checked)
                            + ", 'ConditionExpression': "
                            + condition
                            + "}}, "
                            + append("l" + appended, value)
                            + "]}");
        } catch (ServiceException e) {
            assertThat(e.message()).contains("ConditionalCheckFailed");
            return null;
        }
        return new Done(
                "c" + value,
                began,
                System.nanoTime(),
                Map.of("l" + checked, length),
                Map.of("l" + appended, value));
    }

    private static Done done(
            String name, long began, Map<String, Integer> reads, Map<String, Integer> appends) {
        return new Done(name, began, began + 10, reads, appends);
    }

    @Test
    void theCheckerFindsALostAppend() {
        assertThat(
                        Serializability.violations(
                                List.of(done("a", 0, Map.of(), Map.of("x", 1))),
                                Map.of("x", List.of())))
                .containsExactly("a is lost");
    }

    @Test
    void theCheckerFindsWriteSkew() {
        Done a = done("a", 0, Map.of("x", 0), Map.of("y", 1));
        Done b = done("b", 1, Map.of("y", 0), Map.of("x", 2));

        assertThat(
                        Serializability.violations(
                                List.of(a, b), Map.of("x", List.of(2), "y", List.of(1))))
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void theCheckerFindsHalfATransactionInARead() {
        Done a = done("a", 0, Map.of(), Map.of("x", 1, "y", -1));
        Done reader = done("reader", 1, Map.of("x", 1, "y", 0), Map.of());

        assertThat(
                        Serializability.violations(
                                List.of(a, reader), Map.of("x", List.of(1), "y", List.of(-1))))
                .containsExactlyInAnyOrder("a", "reader");
    }

    @Test
    void theCheckerFindsAReadOfThePast() {
        Done a = done("a", 0, Map.of(), Map.of("x", 1));
        Done late = done("late", 20, Map.of("x", 0), Map.of());
        Done early = done("early", 5, Map.of("x", 0), Map.of());

        assertThat(Serializability.violations(List.of(a, early), Map.of("x", List.of(1))))
                .isEmpty();
        assertThat(Serializability.violations(List.of(a, late), Map.of("x", List.of(1))))
                .containsExactlyInAnyOrder("a", "late");
    }
}
