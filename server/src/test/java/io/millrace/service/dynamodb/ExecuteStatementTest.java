package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

/// What single statements do to items, and what they answer.
final class ExecuteStatementTest {
    private static final String KEY = " WHERE p = 'a' AND s = '1'";

    private final StatementFixture statements = new StatementFixture();

    @BeforeEach
    void createTable() {
        statements.dynamodb.createTable("things", "S");
    }

    @AfterEach
    void close() {
        statements.close();
    }

    private void insert(String more) {
        statements.run("INSERT INTO things VALUE {'p': 'a', 's': '1'" + more + "}");
    }

    private JsonNode stored() {
        return statements.item("SELECT * FROM things" + KEY);
    }

    @Test
    void insertsLiteralsOfEachType() {
        JsonNode answer =
                statements.run(
                        "INSERT INTO \"things\" value {'p': 'a', 's': '1', 'n': 1E3, 'd': -1.5e-3,"
                                + " 'q': 'it''s', 'yes': TRUE, 'no': false, 'nothing': null,"
                                + " 'l': [1, 'x'], 'm': {'k': {'x': 4}}, 'ss': <<'x', 'y'>>,"
                                + " 'ns': <<1, 4.50>>}");

        assertThat(answer).isEqualTo(json("{'Items': []}"));
        assertThat(stored())
                .isEqualTo(
                        json(
                                """
                                {'p': {'S': 'a'}, 's': {'S': '1'}, 'n': {'N': '1000'},
                                 'd': {'N': '-0.0015'}, 'q': {'S': 'it\\u0027s'},
                                 'yes': {'BOOL': true}, 'no': {'BOOL': false},
                                 'nothing': {'NULL': true}, 'l': {'L': [{'N': '1'}, {'S': 'x'}]},
                                 'm': {'M': {'k': {'M': {'x': {'N': '4'}}}}},
                                 'ss': {'SS': ['x', 'y']}, 'ns': {'NS': ['1', '4.5']}}
                                """));
    }

    @Test
    void insertsParametersOfEachType() {
        statements.run(
                "INSERT INTO things VALUE {'p': ?, 's': ?, 'b': ?, 'bs': ?, 'm': ?}",
                ", 'Parameters': [{'S': 'a'}, {'S': '1'}, {'B': 'AQID'}, {'BS': ['AQ==']},"
                        + " {'M': {'k': {'N': '1.0'}}}]");

        assertThat(stored())
                .isEqualTo(
                        json(
                                """
                                {'p': {'S': 'a'}, 's': {'S': '1'}, 'b': {'B': 'AQID'},
                                 'bs': {'BS': ['AQ==']}, 'm': {'M': {'k': {'N': '1'}}}}
                                """));
    }

    @Test
    void refusesToInsertAnItemThatIsThere() {
        insert(", 'x': 1");

        assertThat(statements.refused("INSERT INTO things VALUE {'p': 'a', 's': '1', 'x': 2}"))
                .isEqualTo("DuplicateItemException: Duplicate primary key exists in table");
        assertThat(stored().get("x")).isEqualTo(json("{'N': '1'}"));
    }

    @Test
    void refusesToInsertAnItemWithoutItsKey() {
        assertThat(statements.invalid("INSERT INTO things VALUE {'p': 'a'}"))
                .isEqualTo(
                        "One or more parameter values were invalid: Missing the key s in the item");
        assertThat(statements.invalid("INSERT INTO things VALUE {'p': 1, 's': '1'}"))
                .isEqualTo(
                        "One or more parameter values were invalid: Type mismatch for key p"
                                + " expected: S actual: N");
    }

    @Test
    void updatesWithSeveralClauses() {
        insert(", 'n': 1, 'm': {'a': 1}, 'l': [1, 2], 'ns': <<1, 2>>, 'ss': <<'x'>>, 'gone': 1");

        statements.run(
                "UPDATE things SET n = n + 100 SET m.\"new key\" = [2020, 'x'] SET l ="
                        + " LIST_APPEND(l, [4, <<'y'>>]) SET ns = SET_ADD(ns, <<345>>), ss ="
                        + " set_delete(ss, <<'x'>>) REMOVE gone SET o = n"
                        + KEY);

        assertThat(stored())
                .isEqualTo(
                        json(
                                """
                                {'p': {'S': 'a'}, 's': {'S': '1'}, 'n': {'N': '101'},
                                 'm': {'M': {'a': {'N': '1'},
                                             'new key': {'L': [{'N': '2020'}, {'S': 'x'}]}}},
                                 'l': {'L': [{'N': '1'}, {'N': '2'}, {'N': '4'}, {'SS': ['y']}]},
                                 'ns': {'NS': ['1', '2', '345']}, 'o': {'N': '1'}}
                                """));
    }

    @Test
    void calculatesWithPathsAndNumbersInAnyOrder() {
        insert(", 'n': 5, 'k': 2");

        statements.run(
                "UPDATE things SET a = n + k, b = 10 - n, c = n + 1 + 1, d = (n + 1) - 2, e = n -"
                        + " -1, f=n-1"
                        + KEY);

        assertThat(statements.item("SELECT a, b, c, d, e, f FROM things" + KEY))
                .isEqualTo(
                        json(
                                """
                                {'a': {'N': '7'}, 'b': {'N': '5'}, 'c': {'N': '7'},
                                 'd': {'N': '4'}, 'e': {'N': '6'}, 'f': {'N': '4'}}
                                """));
    }

    @Test
    void updatesOnlyWhatIsThere() {
        String update = "UPDATE things SET x = 1" + KEY;

        assertThat(statements.refused(update))
                .isEqualTo("ConditionalCheckFailedException: The conditional request failed");
        assertThat(statements.run("SELECT * FROM things").get("Items")).isEmpty();

        insert("");
        assertThat(statements.run(update)).isEqualTo(json("{'Items': []}"));
    }

    @Test
    void deletesWhatIsThereOrNot() {
        insert(", 'x': 1");

        assertThat(statements.refused("DELETE FROM things" + KEY + " AND x = 2"))
                .startsWith("ConditionalCheckFailedException");
        assertThat(statements.run("DELETE FROM things" + KEY + " AND x = 1 RETURNING ALL OLD *"))
                .isEqualTo(
                        json("{'Items': [{'p': {'S': 'a'}, 's': {'S': '1'}, 'x': {'N': '1'}}]}"));
        assertThat(statements.run("DELETE FROM things" + KEY + " AND x = 1 RETURNING ALL OLD *"))
                .isEqualTo(json("{'Items': []}"));
    }

    @Test
    void tellsTheItemOfAFailedConditionWhenAsked() {
        insert(", 'x': 1");

        var refusal =
                statements.dynamodb.refusal(
                        "ExecuteStatement",
                        StatementFixture.request(
                                "UPDATE things SET x = 2" + KEY + " AND x = 5",
                                ", 'ReturnValuesOnConditionCheckFailure': 'ALL_OLD'"));

        assertThat(String.valueOf(refusal.details())).contains("item={").contains("N[value=1]");
    }

    @Test
    void returnsWhatAnUpdateChanged() {
        insert(", 'x': 1, 'm': {'a': 1, 'b': 2}");
        String update = "UPDATE things SET x = x + 1 SET m.a = 9" + KEY + " RETURNING ";

        assertThat(statements.run(update + "MODIFIED OLD *").get("Items").get(0))
                .isEqualTo(json("{'x': {'N': '1'}, 'm': {'M': {'a': {'N': '1'}}}}"));
        assertThat(statements.run(update + "modified new *").get("Items").get(0))
                .isEqualTo(json("{'x': {'N': '3'}, 'm': {'M': {'a': {'N': '9'}}}}"));
        assertThat(statements.run(update + "ALL OLD *").get("Items").get(0).get("x"))
                .isEqualTo(json("{'N': '3'}"));
        assertThat(statements.run(update + "ALL NEW *").get("Items").get(0))
                .isEqualTo(
                        json(
                                """
                                {'p': {'S': 'a'}, 's': {'S': '1'}, 'x': {'N': '5'},
                                 'm': {'M': {'a': {'N': '9'}, 'b': {'N': '2'}}}}
                                """));
        assertThat(
                        statements
                                .run("UPDATE things REMOVE x" + KEY + " RETURNING MODIFIED NEW *")
                                .get("Items"))
                .isEmpty();
    }

    @Test
    void readsKeyEqualitiesInsideGroups() {
        insert(", 'x': 1");

        statements.run("UPDATE things SET x = 2 WHERE (p = 'a' AND '1' = s) AND x = 1 AND p = 'a'");

        assertThat(stored().get("x")).isEqualTo(json("{'N': '2'}"));
    }

    @Test
    void refusesAChangeThatDoesNotNameOneItem() {
        String incomplete =
                "Where clause does not contain a mandatory equality on all key attributes";

        for (String where :
                new String[] {
                    "",
                    " WHERE p = 'a'",
                    " WHERE p = 'a' AND s > '0'",
                    " WHERE p IN ['a'] AND s = '1'",
                    KEY + " OR x = 1",
                    " WHERE NOT (p = 'a' AND s = '1')"
                }) {
            assertThat(statements.invalid("UPDATE things SET x = 1" + where)).isEqualTo(incomplete);
            assertThat(statements.invalid("DELETE FROM things" + where)).isEqualTo(incomplete);
        }
        assertThat(statements.invalid("DELETE FROM things" + KEY + " AND p = 'b'"))
                .isEqualTo(
                        "Multiple conditions on same key p. Only single item Update/Insert/Delete"
                                + " are supported");
        assertThat(statements.invalid("DELETE FROM things WHERE p = 'a' AND s = 1"))
                .isEqualTo(
                        "Key attribute's data type should match its data type in table's schema:"
                                + " Key s");
        assertThat(statements.invalid("UPDATE things SET s = '2'" + KEY))
                .isEqualTo(
                        "One or more parameter values were invalid: Cannot update attribute s. This"
                                + " attribute is part of the key");
    }

    @Test
    void refusesWrongOperandsOfUpdates() {
        insert(", 'ss': <<'x'>>, 'n': 1");

        assertThat(statements.invalid("UPDATE things SET ss = set_add(ss, <<1>>)" + KEY))
                .isEqualTo("An operand in the update expression has an incorrect data type");
        assertThat(statements.invalid("UPDATE things SET l = list_append(l, [1])" + KEY))
                .isEqualTo(
                        "The provided expression refers to an attribute that does not exist in the"
                                + " item");
        assertThat(statements.invalid("UPDATE things SET n = 'a' + 1" + KEY + " AND nope = 1"))
                .isEqualTo(
                        "Incorrect operand type for operator or function; operator or function: +,"
                                + " operand type: S");
    }

    @Test
    void refusesUnknownTablesAndIndexes() {
        assertThat(statements.refused("SELECT * FROM nothing"))
                .isEqualTo("ResourceNotFoundException: Requested resource not found");
        assertThat(statements.refused("DELETE FROM nothing" + KEY))
                .isEqualTo("ResourceNotFoundException: Requested resource not found");
        assertThat(statements.invalid("SELECT * FROM things.nothing"))
                .isEqualTo("The table does not have the specified index");
    }

    @Test
    void checksParametersBeforeTheStatement() {
        assertThat(statements.invalid("UPDATE things SET WHERE", ", 'Parameters': [{'SS': []}]"))
                .isEqualTo(
                        "One or more parameter values were invalid: An string set  may not be"
                                + " empty");
        assertThat(statements.invalid("SELECT * FROM things WHERE p = ?"))
                .isEqualTo("Number of parameters in request and statement don't match.");
        assertThat(
                        statements.run(
                                "SELECT * FROM things WHERE p = ?",
                                ", 'Parameters': [{'S': 'a'}, {'S': 'b'}]"))
                .isEqualTo(json("{'Items': []}"));
    }

    @Test
    void refusesAStatementThatIsTooLong() {
        assertThat(statements.invalid("SELECT * FROM things WHERE x = '" + "x".repeat(8192) + "'"))
                .contains("Member must have length less than or equal to 8192");
    }

    @Test
    void tellsTheCapacity() {
        insert("");
        String told = ", 'ReturnConsumedCapacity': 'TOTAL'";

        assertThat(statements.run("SELECT * FROM things" + KEY, told).get("ConsumedCapacity"))
                .isEqualTo(json("{'TableName': 'things', 'CapacityUnits': 0.5}"));
        assertThat(
                        statements
                                .run(
                                        "SELECT * FROM things" + KEY,
                                        told + ", 'ConsistentRead': true")
                                .get("ConsumedCapacity")
                                .get("CapacityUnits")
                                .asDouble())
                .isEqualTo(1.0);
        assertThat(
                        statements
                                .run("DELETE FROM things WHERE p = 'x' AND s = 'x'", told)
                                .get("ConsumedCapacity")
                                .get("CapacityUnits")
                                .asDouble())
                .isEqualTo(1.0);
    }
}
