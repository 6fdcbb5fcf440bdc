package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.dynamodb.CancellationReason;
import io.millrace.api.dynamodb.TransactionCanceledException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Statements in transactions: all or none, and why none.
final class ExecuteTransactionTest {
    private static final String CANCELLED =
            "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons"
                    + " for specific reasons ";
    private static final String MISMATCH = "The provided key element does not match the schema";

    private final StatementFixture statements = new StatementFixture();

    @BeforeEach
    void createTable() {
        statements.dynamodb.createTable("things", "S");
        statements.run("INSERT INTO things VALUE {'p': 'a', 's': '1', 'n': 1}");
        statements.run("INSERT INTO things VALUE {'p': 'b', 's': '1', 'n': 2}");
    }

    @AfterEach
    void close() {
        statements.close();
    }

    private static String key(String p) {
        return " WHERE p = '" + p + "' AND s = '1'";
    }

    private static String select(String p) {
        return "SELECT n FROM things" + key(p);
    }

    private static String add(String p) {
        return "UPDATE things SET n = n + 1" + key(p);
    }

    private List<String> numbers() {
        return statements.values("n", "SELECT n FROM things WHERE p IN ['a', 'b', 'c']");
    }

    private static String inStatement(int index, String message) {
        return "ValidationException: Validation failed in TransactStatements["
                + index
                + "]: "
                + message;
    }

    private List<CancellationReason> reasons(String... all) {
        var refusal =
                statements.dynamodb.refusal(
                        "ExecuteTransaction", StatementFixture.transaction(all));
        return refusal.details() instanceof TransactionCanceledException cancelled
                ? Objects.requireNonNull(cancelled.cancellationReasons())
                : List.of(new CancellationReason(null, refusal.message(), null));
    }

    private static List<String> codes(List<CancellationReason> reasons) {
        return reasons.stream().map(CancellationReason::code).toList();
    }

    @Test
    void readsAllAtOneMoment() {
        assertThat(statements.runTogether(select("a"), select("nobody"), select("b")))
                .isEqualTo(
                        json(
                                """
                                {'Responses': [{'Item': {'n': {'N': '1'}}}, {},
                                               {'Item': {'n': {'N': '2'}}}]}
                                """));
    }

    @Test
    void writesAllOrNone() {
        String insert = "INSERT INTO things VALUE {'p': 'c', 's': '1', 'n': 3}";

        assertThat(statements.runTogether(add("a"), "DELETE FROM things" + key("b"), insert))
                .isEqualTo(json("{'Responses': [{}, {}, {}]}"));
        assertThat(numbers()).containsExactly("2", "3");

        List<CancellationReason> reasons = reasons(add("a"), insert, add("nobody"));
        assertThat(codes(reasons))
                .containsExactly("None", "DuplicateItem", "ConditionalCheckFailed");
        assertThat(reasons.get(1).message()).isEqualTo("Duplicate primary key exists in table");
        assertThat(numbers()).containsExactly("2", "3");
    }

    @Test
    void checksAnItemWithExists() {
        String touch = "UPDATE things SET x = 1" + key("b");
        String exists = "EXISTS(SELECT * FROM things WHERE (p = 'a' AND s = '1') AND ";

        assertThat(statements.runTogether(exists + "x IS MISSING)", touch)).isNotNull();
        assertThat(statements.refusedTogether(exists + "n = 2)", touch))
                .isEqualTo(CANCELLED + "[ConditionalCheckFailed, None]");
        assertThat(codes(reasons(exists + "p = 'b' AND n = 1)", touch)))
                .containsExactly("ConditionalCheckFailed", "None");

        String incomplete =
                inStatement(
                        0, "EXISTS() must contain a single item read with additional condition");
        assertThat(
                        statements.refusedTogether(
                                "EXISTS(SELECT * FROM things" + key("a") + ")", touch))
                .isEqualTo(incomplete);
        assertThat(
                        statements.refusedTogether(
                                "EXISTS(SELECT * FROM things WHERE p IN ['a'] AND s = '1' AND n ="
                                        + " 1)",
                                touch))
                .isEqualTo(incomplete);
        assertThat(
                        statements.refusedTogether(
                                "EXISTS(SELECT * FROM things.idx WHERE p = 'a')", touch))
                .isEqualTo(
                        inStatement(0, "Operations on indices are not supported in transactions"));
    }

    @Test
    void refusesToReadAndWriteTogether() {
        assertThat(statements.refusedTogether(select("a"), add("b")))
                .isEqualTo(
                        "ValidationException: ExecuteTransaction API does not support both read and"
                                + " write operations in the same request.");
    }

    @Test
    void readsOnlyByTheWholeKey() {
        String refused =
                inStatement(
                        0,
                        "Select statements within ExecuteTransaction must specify the primary key"
                                + " in the where clause.");
        for (String where :
                List.of(
                        "",
                        " WHERE p = 'a'",
                        key("a") + " AND n = 1",
                        key("a") + " AND p = 'b'",
                        " WHERE p IN ['b'] AND p = 'a' AND s = '1'")) {
            assertThat(statements.refusedTogether("SELECT * FROM things" + where))
                    .isEqualTo(refused);
        }
        assertThat(
                        statements
                                .runTogether(
                                        "SELECT n FROM things WHERE (s IN ['1']) AND p = 'a' AND p"
                                                + " IN ['a']")
                                .get("Responses")
                                .get(0)
                                .get("Item"))
                .isEqualTo(json("{'n': {'N': '1'}}"));
        assertThat(statements.refusedTogether("SELECT * FROM things.idx" + key("a")))
                .isEqualTo(
                        inStatement(0, "Reads on indices are not supported within transactions."));
        assertThat(
                        statements.refusedTogether(
                                "SELECT * FROM things WHERE p IN ['a', 'a'] AND s = '1'"))
                .isEqualTo(
                        inStatement(
                                0,
                                "Overlapping conditions with range keys are not supported in where"
                                        + " clause"));
    }

    @Test
    void refusesTwoStatementsOnOneItem() {
        String twice =
                "ValidationException: Transaction request cannot include multiple operations on one"
                        + " item";

        assertThat(statements.refusedTogether(select("a"), select("b"), select("a")))
                .isEqualTo(twice);
        assertThat(statements.refusedTogether(add("a"), "DELETE FROM things" + key("a")))
                .isEqualTo(twice);
        assertThat(
                        codes(
                                reasons(
                                        select("a"),
                                        select("a"),
                                        "SELECT * FROM things WHERE p = 1 AND s = '1'")))
                .containsExactly("None", "None", "ValidationError");
    }

    @Test
    void cancelsWhatDoesNotNameOneItem() {
        String update = "UPDATE things SET x = 1 WHERE ";

        List<CancellationReason> reasons =
                reasons(
                        update + "p = 'a'",
                        update + "p IN ['a'] AND s = '1'",
                        update + "p = 'a' AND s = '1' AND p = 'b'",
                        update + "p = 'a' AND s = 1",
                        add("b"),
                        "INSERT INTO things VALUE {'p': 'z'}");

        assertThat(codes(reasons))
                .containsExactly(
                        "ValidationError",
                        "ValidationError",
                        "ValidationError",
                        "ValidationError",
                        "None",
                        "ValidationError");
        assertThat(reasons.get(0).message()).isEqualTo(MISMATCH);
        assertThat(reasons.get(3).message()).isEqualTo(MISMATCH);
        assertThat(reasons.get(5).message())
                .isEqualTo(
                        "One or more parameter values were invalid: Missing the key s in the item");
        assertThat(numbers()).containsExactly("1", "2");
    }

    @Test
    void cancelsForTablesThatAreNotThere() {
        String nowhere = "UPDATE nowhere SET x = 1" + key("a");

        List<CancellationReason> reasons = reasons(nowhere + " RETURNING ALL NEW *", add("a"));

        assertThat(codes(reasons)).containsExactly("ResourceNotFound", "None");
        assertThat(reasons.getFirst().message()).isEqualTo("Requested resource not found");
        assertThat(statements.refusedTogether(nowhere, add("a") + " RETURNING ALL NEW *"))
                .isEqualTo(
                        inStatement(1, "RETURNING clause is not supported in ExecuteTransaction."));
    }

    @Test
    void saysWhichStatementIsMalformed() {
        assertThat(statements.refusedTogether(add("a"), "UPDATE things"))
                .isEqualTo(
                        inStatement(
                                1,
                                "Statement wasn't well formed, can't be processed: Expected data"
                                        + " manipulation"));
        assertThat(
                        statements.refusedTogether(
                                IntStream.range(0, 101)
                                        .mapToObj(i -> select("k" + i))
                                        .toArray(String[]::new)))
                .contains("Member must have length less than or equal to 100");
    }

    @Test
    void doesOnceWhatIsAskedTwiceWithOneToken() {
        String request = withToken(add("a"), "TOTAL");

        JsonNode first = statements.dynamodb.call("ExecuteTransaction", request);
        JsonNode second = statements.dynamodb.call("ExecuteTransaction", request);

        assertThat(numbers()).containsExactly("2", "2");
        assertThat(first.get("ConsumedCapacity").get(0))
                .isEqualTo(
                        json(
                                """
                                {'TableName': 'things', 'CapacityUnits': 2.0,
                                 'WriteCapacityUnits': 2.0}
                                """));
        assertThat(second.get("ConsumedCapacity").get(0))
                .isEqualTo(
                        json(
                                """
                                {'TableName': 'things', 'CapacityUnits': 2.0,
                                 'ReadCapacityUnits': 2.0}
                                """));
        assertThat(statements.dynamodb.refused("ExecuteTransaction", withToken(add("b"), "TOTAL")))
                .startsWith("IdempotentParameterMismatchException");

        statements.dynamodb.clock().advance(Duration.ofMinutes(11));
        statements.dynamodb.call("ExecuteTransaction", request);
        assertThat(numbers()).containsExactly("3", "2");
    }

    @Test
    void refusesMoreThanFourMegabytes() {
        String large = ", 'Parameters': [{'S': '" + "x".repeat(300_000) + "'}]";
        String inserts =
                IntStream.range(0, 15)
                        .mapToObj(i ->
                                StatementFixture.request(
                                        "INSERT INTO things VALUE {'p': 'big', 's': '"
                                                + i
                                                + "', 'x': ?}",
                                        large))
                        .collect(Collectors.joining(", "));

        assertThat(
                        statements.dynamodb.refused(
                                "ExecuteTransaction",
                                "{\"TransactStatements\": [" + inserts + "]}"))
                .isEqualTo(
                        "ValidationException: " + DynamoDbErrors.transactionTooLarge().message());
        assertThat(statements.values("s", "SELECT s FROM things WHERE p = 'big'")).isEmpty();
    }

    private static String withToken(String statement, String capacity) {
        String transaction = StatementFixture.transaction(statement);
        return transaction.substring(0, transaction.length() - 1)
                + ", 'ClientRequestToken': 'once', 'ReturnConsumedCapacity': '"
                + capacity
                + "'}";
    }
}
