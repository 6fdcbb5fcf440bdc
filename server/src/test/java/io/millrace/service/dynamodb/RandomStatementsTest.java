package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// Statements made by chance do what the same asked with expressions does, and what is no statement
/// is refused as one. The seed is the argument.
final class RandomStatementsTest {
    private static final String[] VALUES = {"1", "2", "3", "'a'", "'ab'", "true", "null"};
    private static final String[] NAMES = {"x", "y", "m.k", "l[0]"};
    private static final String[] COMPARATORS = {"=", "<>", "<", "<=", ">", ">="};

    private static final String[] TOKENS = {
        "SELECT",
        "*",
        "FROM",
        "things",
        "WHERE",
        "p",
        "s",
        "=",
        "'a'",
        "1",
        "AND",
        "OR",
        "NOT",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<<",
        ">>",
        ",",
        ".",
        ":",
        "?",
        ";",
        "IN",
        "BETWEEN",
        "IS",
        "MISSING",
        "NULL",
        "INSERT",
        "INTO",
        "VALUE",
        "UPDATE",
        "SET",
        "REMOVE",
        "DELETE",
        "ORDER",
        "BY",
        "DESC",
        "LIMIT",
        "EXISTS",
        "size",
        "begins_with",
        "set_add",
        "list_append",
        "-",
        "+",
        "RETURNING",
        "ALL",
        "OLD",
        "\"x\"",
        "<>",
        "--",
        "/*",
        "*/",
        "\n",
        "'",
        "`",
        "1e5",
        "x.y[0]"
    };

    private final StatementFixture statements = new StatementFixture();

    /// The same condition twice.
    private record Both(String statement, String expression) {}

    /// The values of an expression, as it names them.
    private static final class Placeholders {
        final List<String> values = new ArrayList<>();

        String of(String literal) {
            String value =
                    switch (literal) {
                        case "true" -> "{'BOOL': true}";
                        case "null" -> "{'NULL': true}";
                        default ->
                                literal.startsWith("'")
                                        ? "{'S': " + literal + "}"
                                        : "{'N': '" + literal + "'}";
                    };
            values.add("':v" + values.size() + "': " + value);
            return ":v" + (values.size() - 1);
        }

        String json() {
            return values.isEmpty()
                    ? ""
                    : ", 'ExpressionAttributeValues': {" + String.join(", ", values) + "}";
        }
    }

    @BeforeEach
    void createTables() {
        statements.dynamodb.createTable("things", "N");
        statements.dynamodb.createTable("twins", "N");
    }

    @AfterEach
    void close() {
        statements.close();
    }

    private void fill(SplittableRandom random) {
        for (int i = 0; i < 40; i++) {
            StringBuilder item = new StringBuilder();
            item.append("'p': 'p").append(i % 3).append("', 's': ").append(i);
            for (String name : List.of("x", "y")) {
                if (random.nextInt(4) > 0) {
                    item.append(", '").append(name).append("': ").append(pick(random, VALUES));
                }
            }
            item.append(", 'm': {'k': ").append(pick(random, VALUES)).append("}");
            item.append(", 'l': [").append(pick(random, VALUES)).append("]");
            for (String table : List.of("things", "twins")) {
                statements.run("INSERT INTO " + table + " VALUE {" + item + "}");
            }
        }
    }

    private static String pick(SplittableRandom random, String... of) {
        return of[random.nextInt(of.length)];
    }

    private static Both condition(SplittableRandom random, Placeholders values, int depth) {
        String name = pick(random, NAMES);
        String value = pick(random, VALUES);
        String text = pick(random, "'a'", "'ab'");
        return switch (random.nextInt(depth > 2 ? 7 : 11)) {
            case 0, 1 -> {
                String comparator = pick(random, COMPARATORS);
                boolean ordered = !value.equals("true") && !value.equals("null");
                String sign = ordered ? comparator : "=";
                yield new Both(
                        name + " " + sign + " " + value,
                        name + " " + sign + " " + values.of(value));
            }
            case 2 -> new Both(name + " IS MISSING", "attribute_not_exists(" + name + ")");
            case 3 ->
                    new Both(
                            "begins_with(" + name + ", " + text + ")",
                            "begins_with(" + name + ", " + values.of(text) + ")");
            case 4 ->
                    new Both(
                            name + " BETWEEN 1 AND 2",
                            name + " BETWEEN " + values.of("1") + " AND " + values.of("2"));
            case 5 ->
                    new Both(
                            name + " IN [" + value + ", 3]",
                            name + " IN (" + values.of(value) + ", " + values.of("3") + ")");
            case 6 -> new Both("size(" + name + ") > 1", "size(" + name + ") > " + values.of("1"));
            case 7 -> {
                Both inner = condition(random, values, depth + 1);
                yield inner.statement.startsWith("(") // once is enough for an expression
                        ? new Both("NOT " + inner.statement, "NOT " + inner.expression)
                        : new Both(
                                "NOT (" + inner.statement + ")", "NOT (" + inner.expression + ")");
            }
            default -> {
                String operator = pick(random, " AND ", " OR ");
                Both left = condition(random, values, depth + 1);
                Both right = condition(random, values, depth + 1);
                yield new Both(
                        "(" + left.statement + operator + right.statement + ")",
                        "(" + left.expression + operator + right.expression + ")");
            }
        };
    }

    private static List<String> found(JsonNode answer) {
        List<String> found = new ArrayList<>();
        answer.get("Items").forEach(item -> found.add(item.get("s").get("N").asString()));
        return found;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsWhatAFilterFinds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        fill(random);

        for (int i = 0; i < 120; i++) {
            Placeholders values = new Placeholders();
            Both where = condition(random, values, 0);
            String filter =
                    "{'TableName': 'things', 'FilterExpression': '%s' %s}"
                            .formatted(where.expression, values.json());
            JsonNode scanned = statements.dynamodb.call("Scan", filter);

            assertThat(found(statements.run("SELECT * FROM things WHERE " + where.statement)))
                    .as(where.statement)
                    .isEqualTo(found(scanned));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsByKeyWhatAScanFinds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        fill(random);
        String[] keys = {
            "p = 'p1'",
            "p IN ['p0', 'p2']",
            "p = 'p0' AND s > 10",
            "p = 'p1' AND s BETWEEN 5 AND 25",
            "p = 'p2' AND (s < 10 OR s > 30)",
            "p IN ['p0', 'p1'] AND s IN [3, 4, 6]",
            "(p = 'p0' AND s < 12) OR (p = 'p1' AND s >= 12)",
            "p = 'p1' AND s > 3 AND s < 20 AND NOT s = 7"
        };

        for (int i = 0; i < 80; i++) {
            String key = pick(random, keys);
            String more = condition(random, new Placeholders(), 1).statement;
            // a double negation hides the key, so that it takes a scan
            String scan = "NOT NOT (" + key + ") AND " + more;

            assertThat(
                            found(
                                    statements.run(
                                            "SELECT * FROM things WHERE ("
                                                    + key
                                                    + ") AND "
                                                    + more)))
                    .as(key + " AND " + more)
                    .containsExactlyInAnyOrderElementsOf(
                            found(statements.run("SELECT * FROM things WHERE " + scan)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void changesWhatAnUpdateChanges(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        fill(random);

        for (int i = 0; i < 150; i++) {
            int s = random.nextInt(42);
            String p = "p" + s % 3;
            Placeholders values = new Placeholders();
            Both condition = condition(random, values, 1);
            Both change = change(random, values);
            String statement =
                    "UPDATE things %s WHERE p = '%s' AND s = %d AND %s RETURNING ALL NEW *"
                            .formatted(change.statement, p, s, condition.statement);
            String update =
                    """
                    {'TableName': 'twins', 'Key': {'p': {'S': '%s'}, 's': {'N': '%d'}},
                     'UpdateExpression': '%s', 'ReturnValues': 'ALL_NEW',
                     'ConditionExpression': 'attribute_exists(p) AND %s' %s}
                    """
                            .formatted(
                                    p, s, change.expression, condition.expression, values.json());

            assertThat(outcome(() -> statements.run(statement).get("Items").get(0)))
                    .as(statement)
                    .isEqualTo(
                            outcome(() ->
                                    statements
                                            .dynamodb
                                            .call("UpdateItem", update)
                                            .get("Attributes")));
        }
        assertThat(statements.run("SELECT * FROM things").get("Items"))
                .isEqualTo(statements.run("SELECT * FROM twins").get("Items"));
    }

    private static Both change(SplittableRandom random, Placeholders values) {
        String name = pick(random, NAMES);
        String value = pick(random, VALUES);
        return switch (random.nextInt(5)) {
            case 0 -> new Both("REMOVE " + name, "REMOVE " + name);
            case 1 ->
                    new Both(
                            "SET " + name + " = " + name + " + 1",
                            "SET " + name + " = " + name + " + " + values.of("1"));
            case 2 ->
                    new Both(
                            "SET y = if_not_exists(x, " + value + ")",
                            "SET y = if_not_exists(x, " + values.of(value) + ")");
            case 3 ->
                    new Both(
                            "SET l = list_append(l, l) REMOVE x",
                            "SET l = list_append(l, l) REMOVE x");
            default ->
                    new Both(
                            "SET " + name + " = " + value,
                            "SET " + name + " = " + values.of(value));
        };
    }

    private static String outcome(java.util.function.Supplier<JsonNode> request) {
        try {
            return request.get().toString();
        } catch (ServiceException e) {
            return e.error().code() + ": " + e.message();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void refusesGarbage(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int accepted = 0;
        for (int i = 0; i < 4_000; i++) {
            String garbage =
                    random.ints(1 + random.nextInt(14), 0, TOKENS.length)
                            .mapToObj(token -> TOKENS[token])
                            .collect(Collectors.joining(random.nextInt(5) == 0 ? "" : " "));
            String statement = random.nextInt(2) == 0 ? garbage : mutated(random);
            try {
                statements.run(statement);
                accepted++;
            } catch (ServiceException e) {
                assertThat(e.error().code())
                        .as(statement)
                        .isIn(
                                "ValidationException",
                                "ConditionalCheckFailedException",
                                "DuplicateItemException",
                                "ResourceNotFoundException");
            }
        }
        assertThat(accepted).isPositive();
    }

    /// A statement with a token more, less or replaced.
    private static String mutated(SplittableRandom random) {
        List<String> tokens =
                new ArrayList<>(
                        List.of(
                                pick(
                                                random,
                                                "SELECT x , m.k FROM things WHERE p = 'a' AND ( s >"
                                                        + " 1 OR x IN [ 1 , 2 ] ) ORDER BY s DESC",
                                                "INSERT INTO things VALUE { 'p' : 'a' , 's' : 1 ,"
                                                        + " 'x' : << 1 , 2 >> }",
                                                "UPDATE things SET x = x + 1 REMOVE y WHERE p = 'a'"
                                                        + " AND s = 1 RETURNING ALL NEW *",
                                                "DELETE FROM things WHERE p = 'a' AND s = 1")
                                        .split(" ")));
        int at = random.nextInt(tokens.size());
        switch (random.nextInt(3)) {
            case 0 -> tokens.remove(at);
            case 1 -> tokens.add(at, pick(random, TOKENS));
            default -> tokens.set(at, pick(random, TOKENS));
        }
        return String.join(" ", tokens);
    }
}
