package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What queries find, in which order and pages, and what they must not ask.
final class SelectTest {
    private static final String INDEXES =
            """
            'LocalSecondaryIndexes': [
              {'IndexName': 'byl', 'Projection': {'ProjectionType': 'KEYS_ONLY'},
               'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'},
                             {'AttributeName': 'l', 'KeyType': 'RANGE'}]}],
            'GlobalSecondaryIndexes': [
              {'IndexName': 'byg', 'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}],
               'Projection': {'ProjectionType': 'INCLUDE', 'NonKeyAttributes': ['x']}}],
            """;

    private final StatementFixture statements = new StatementFixture();

    @BeforeEach
    void createTable() {
        statements.dynamodb.call(
                "CreateTable",
                """
                {'TableName': 'things', 'BillingMode': 'PAY_PER_REQUEST', %s
                 'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'},
                                          {'AttributeName': 's', 'AttributeType': 'N'},
                                          {'AttributeName': 'l', 'AttributeType': 'S'},
                                          {'AttributeName': 'g', 'AttributeType': 'S'}],
                 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'},
                               {'AttributeName': 's', 'KeyType': 'RANGE'}]}
                """
                        .formatted(INDEXES));
        for (String p : List.of("a", "b")) {
            for (int s = 1; s <= 4; s++) {
                statements.run(
                        "INSERT INTO things VALUE {'p': '%s', 's': %d, 'x': %d, 'g': 'g%s',"
                                        .formatted(p, s, s % 2, p)
                                + " 'l': 'l%d', 'm': {'k': [{'z': %d}, 'end']}, 'id': '%s%d'}"
                                        .formatted(9 - s, s, p, s));
            }
        }
    }

    @AfterEach
    void close() {
        statements.close();
    }

    private List<String> ids(String whereAndOrder) {
        return statements.values("id", "SELECT id FROM things WHERE " + whereAndOrder);
    }

    private String refusal(String whereAndOrder) {
        return statements.invalid("SELECT id FROM things WHERE " + whereAndOrder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    p = 'a'                                     | a1 a2 a3 a4
                    'a' = p AND s = 2                           | a2
                    p = 'a' AND s > 2                           | a3 a4
                    p = 'a' AND 2 < s AND s <= 3                | a3
                    p = 'a' AND s BETWEEN 2 AND 3               | a2 a3
                    p = 'a' AND s NOT BETWEEN 2 AND 3           | a1 a4
                    p = 'a' AND s IN [1, 4]                     | a1 a4
                    p = 'a' AND s IN (1, 4)                     | a1 a4
                    p = 'a' AND s NOT IN (1, 4)                 | a2 a3
                    p = 'a' AND (s = 1 OR s = 3)                | a1 a3
                    p = 'a' AND (s < 2 OR s > 3)                | a1 a4
                    p = 'a' AND s <> 2                          | a1 a3 a4
                    p = 'a' AND s != 2                          | a1 a3 a4
                    p = 'a' AND NOT s = 2                       | a1 a3 a4
                    p = 'a' AND s = 1 AND s > 0                 | a1
                    p = 'a' AND s = 1 AND s > 1                 | ``
                    p = 'a' AND s > 3 AND s < 2                 | ``
                    p = 'a' AND x = 1                           | a1 a3
                    p IN ['a', 'b'] AND s = 1                   | a1 b1
                    (p = 'a' AND s = 1) OR (p = 'b' AND x = 0)  | a1 b2 b4
                    p = 'b' OR p = 'a'                          | b1 b2 b3 b4 a1 a2 a3 a4
                    p = 'a' AND p = 'b'                         | ``
                    p = 'nobody'                                | ``
                    p = 'a' AND m.k[0].z > 2                    | a3 a4
                    p = 'a' AND "m"."k"[-0].z > 2               | a3 a4
                    p = 'a' AND begins_with(l, 'l8')            | a1
                    p = 'a' AND contains(m.k, 'end') AND s = 4  | a4
                    p = 'a' AND size(m.k) = 2 AND s = 4         | a4
                    p = 'a' AND ATTRIBUTE_TYPE(x, 'N') AND s=1  | a1
                    p = 'a' AND attribute_exists(m.k) AND s=1   | a1
                    p = 'a' AND attribute_not_exists(x)         | ``
                    p = 'a' AND x IS MISSING                    | ``
                    p = 'a' AND y IS MISSING AND s=1            | a1
                    p = 'a' AND x IS NOT MISSING AND s=1        | a1
                    p = 'a' AND x IS NUMERIC AND s=1            | a1
                    p = 'a' AND x IS NULL                       | ``
                    p = 'a' AND m IS STRUCT AND m.k IS LIST AND s=1 | a1
                    p = 'a' AND attribute_exists(y) = false AND s=1 | a1
                    p = 'a' AND (x = 5 OR s = -1) = true        | ``
                    p = 'a' AND NOT attribute_exists(x) = true  | ``
                    p = 'a' AND x = - - 1 AND s = 1             | a1
                    p = 'a' /* of */ -- key                      | a1 a2 a3 a4
                    """)
    void findsByKeyInTheOrderOfTheKey(String where, String found) {
        assertThat(String.join(" ", ids(where))).isEqualTo(found == null ? "a1 a2 a3 a4" : found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    p > 'a'                         | b1 b2 b3 b4
                    p > 1                           | ``
                    s = 1                           | a1 b1
                    p = 'a' OR s = 1                | a1 a2 a3 a4 b1
                    p IN ['a'] OR x = 7             | a1 a2 a3 a4
                    id IN ['a1', 'b2']              | a1 b2
                    x = 1 AND s = 3                 | a3 b3
                    NOT p = 'a'                     | b1 b2 b3 b4
                    """)
    void findsByScanning(String where, String found) {
        assertThat(ids(where).stream().sorted().collect(Collectors.joining(" "))).isEqualTo(found);
    }

    @Test
    void findsEverythingWithoutAWhereClause() {
        assertThat(statements.run("select * from \"things\";").get("Items")).hasSize(8);
    }

    @Test
    void namesColumnsByTheLastNameOfTheirPath() {
        assertThat(
                        statements.item(
                                "SELECT p, m.k[0].z, m.k[1], m.nope, \"id\" FROM things WHERE p ="
                                        + " 'a' AND s = 1"))
                .isEqualTo(
                        json(
                                """
                                {'p': {'S': 'a'}, 'z': {'N': '1'}, 'k[1]': {'S': 'end'},
                                 'id': {'S': 'a1'}}
                                """));
        assertThat(statements.item("SELECT nope FROM things WHERE p = 'a' AND s = 1"))
                .isEqualTo(json("{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    p = 'a' ORDER BY s                               | a1 a2 a3 a4
                    p = 'a' ORDER BY s DESC                          | a4 a3 a2 a1
                    p = 'a' ORDER BY p ASC                           | a4 a3 a2 a1
                    p = 'a' AND s IN [3, 1] ORDER BY s               | a1 a3
                    p = 'a' AND s IN [1, 3] ORDER BY s DESC          | a3 a1
                    p IN ['a', 'b'] AND s < 3 ORDER BY p DESC, s ASC | b1 b2 a1 a2
                    p IN ['b', 'a'] AND s < 3 ORDER BY p             | a2 a1 b2 b1
                    p = 'a' AND x = 1 ORDER BY s DESC                | a3 a1
                    """)
    void ordersByTheKey(String whereAndOrder, String found) {
        assertThat(String.join(" ", ids(whereAndOrder))).isEqualTo(found);
    }

    @Test
    void refusesAnOrderThatTheKeyDoesNotHave() {
        assertThat(statements.invalid("SELECT id FROM things ORDER BY s"))
                .isEqualTo("Must have WHERE clause in the statement when using ORDER BY clause.");
        assertThat(refusal("p = 'a' ORDER BY x DESC"))
                .isEqualTo("Attribute x in ORDER BY clause must be part of the primary key");
        assertThat(refusal("p > 'a' ORDER BY s"))
                .isEqualTo(
                        "Must have at least one non-optional hash key condition in WHERE clause"
                                + " when using ORDER BY clause.");
        assertThat(refusal("p IN ['a', 'b'] ORDER BY s"))
                .isEqualTo(
                        "Must have hash key in ORDER BY clause when more than one hash key"
                                + " condition specified in WHERE clause.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p IN ['a', 'a']",
                "p = 'a' OR p = 'a'",
                "p = 'a' AND (s > 0 OR s < 5)",
                "p = 'a' AND (s = 1 OR x = 1)",
                "(p = 'a' AND x = 1) OR (p = 'a' AND x = 0)"
            })
    void refusesCasesThatOverlap(String where) {
        assertThat(refusal(where))
                .isEqualTo(
                        "Overlapping conditions with range keys are not supported in where clause");
    }

    @Test
    void refusesKeyValuesOfAnotherType() {
        String message =
                "Key attribute's data type should match its data type in table's schema: Key ";

        assertThat(refusal("p = 1")).isEqualTo(message + "p");
        assertThat(refusal("p = 1 OR p = 'a'")).isEqualTo(message + "p");
        assertThat(refusal("p = 'a' AND s IN [1, '2']")).isEqualTo(message + "s");
        assertThat(refusal("p = ''"))
                .isEqualTo(
                        "One or more parameter values are not valid. The AttributeValue for a key"
                                + " attribute cannot contain an empty string value. Key: p");
    }

    @Test
    void limitsTheReadsAndTheCandidates() {
        String tooMany = "Too many decomposed read operations for a given query.";

        assertThat(refusal("p IN [" + strings(51) + "]")).isEqualTo(tooMany);
        assertThat(refusal("p IN [" + strings(26) + "] AND s IN [1, 2]")).isEqualTo(tooMany);
        assertThat(ids("p IN [" + strings(51) + "] OR id = 'a1'")).containsExactly("a1");
        assertThat(ids("p IN [" + strings(50) + "] AND id IN [" + strings(100) + "]")).isEmpty();
        assertThat(refusal("p = 'a' AND id IN [" + strings(101) + "]"))
                .isEqualTo(
                        "The IN operator is provided with too many operands; number of operands:"
                                + " 101");
    }

    private static String strings(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "'v" + i + "'")
                .collect(Collectors.joining(", "));
    }

    @Test
    void readsIndexes() {
        assertThat(
                        statements.values(
                                "s", "SELECT * FROM \"things\".\"byl\" WHERE p = 'a' ORDER BY l"))
                .containsExactly("4", "3", "2", "1");
        assertThat(statements.item("SELECT * FROM things.byl WHERE p = 'a' AND l = 'l8'"))
                .isEqualTo(json("{'p': {'S': 'a'}, 's': {'N': '1'}, 'l': {'S': 'l8'}}"));
        assertThat(statements.item("SELECT id FROM things.byl WHERE p = 'a' AND l = 'l8'"))
                .isEqualTo(json("{'id': {'S': 'a1'}}"));
        assertThat(statements.values("s", "SELECT s FROM things.byg WHERE g = 'ga' AND x = 0"))
                .containsExactlyInAnyOrder("2", "4");
        assertThat(statements.run("SELECT s FROM things.byg WHERE id = 'a1'").get("Items"))
                .isEmpty();
    }

    @Test
    void readsIndexesWithKeysOfSeveralAttributes() {
        statements.dynamodb.call(
                "CreateTable",
                """
                {'TableName': 'many', 'BillingMode': 'PAY_PER_REQUEST',
                 'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'},
                                          {'AttributeName': 'h', 'AttributeType': 'N'},
                                          {'AttributeName': 'r', 'AttributeType': 'N'},
                                          {'AttributeName': 't', 'AttributeType': 'N'}],
                 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}],
                 'GlobalSecondaryIndexes': [
                   {'IndexName': 'idx', 'Projection': {'ProjectionType': 'ALL'},
                    'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'},
                                  {'AttributeName': 'h', 'KeyType': 'HASH'},
                                  {'AttributeName': 'r', 'KeyType': 'RANGE'},
                                  {'AttributeName': 't', 'KeyType': 'RANGE'}]}]}
                """);
        for (int i = 0; i < 8; i++) {
            statements.run(
                    "INSERT INTO many VALUE {'p': 'k%d', 'h': 1, 'r': %d, 't': %d}"
                            .formatted(i, i / 4, i % 4));
        }
        String select = "SELECT p FROM many.idx WHERE ";

        assertThat(statements.values("p", select + "p = 'k1'")).containsExactly("k1");
        for (String where :
                List.of(
                        "p = 'k5' AND h = 1",
                        "p = 'k5' AND h IN [0, 1] AND r = 1",
                        "p = 'k5' AND h = 1 AND r = 1 AND t > 0",
                        "p = 'k5' AND h = 1 AND r > 0 AND t = 1",
                        "h = 1 AND p IN ['k5', 'k4'] AND t = 1")) {
            assertThat(statements.values("p", select + where)).as(where).containsExactly("k5");
        }
        assertThat(statements.values("p", select + "p = 'k5' AND h = 1 AND t = 2")).isEmpty();
    }

    @Test
    void refusesWhatAnIndexDoesNotHave() {
        assertThat(statements.invalid("SELECT y, id FROM things.byg WHERE g = 'ga'"))
                .isEqualTo(
                        "One or more parameter values were invalid: Global secondary index byg"
                                + " does not project [y, id]");
        assertThat(statements.invalid("SELECT s FROM things.byg WHERE g = 'ga' AND y = 1"))
                .isEqualTo(
                        "One or more parameter values were invalid: Secondary index byg does not"
                                + " project one or more filter attributes: [y]");
        assertThat(statements.invalid("SELECT * FROM things.byg", ", 'ConsistentRead': true"))
                .isEqualTo("Strongly consistent read is not supported on Global Secondary Indexes");
        assertThat(statements.run("SELECT * FROM things.byl", ", 'ConsistentRead': true"))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id FROM things",
                "SELECT id FROM things WHERE p = 'a' OR p = 'b'",
                "SELECT id FROM things WHERE p IN ['a', 'b'] AND s IN [1, 2, 3, 4]",
                "SELECT id FROM things WHERE p IN ['a', 'b'] ORDER BY p DESC, s ASC",
                "SELECT id FROM things WHERE p IN ['a', 'b'] ORDER BY p",
                "SELECT id FROM things WHERE x < 2",
                "SELECT id FROM things.byl WHERE p IN ['b', 'a']"
            })
    void pagesAreTheWholeInItsOrder(String statement) {
        List<String> whole = statements.values("id", statement);

        for (int limit = 1; limit <= 9; limit++) {
            assertThat(paged(statement, limit)).as("Limit %d", limit).isEqualTo(whole);
        }
        assertThat(whole).hasSize(8);
    }

    private List<String> paged(String statement, int limit) {
        List<String> ids = new ArrayList<>();
        String more = ", 'Limit': " + limit;
        JsonNode page = statements.run(statement, more);
        int pages = 1;
        while (page.has("NextToken")) { // ends: a token is of a later place
            assertThat(page.get("Items").size()).isLessThanOrEqualTo(limit);
            page.get("Items").forEach(item -> ids.add(item.get("id").get("S").asString()));
            page =
                    statements.run(
                            statement,
                            more + ", 'NextToken': '" + page.get("NextToken").asString() + "'");
            assertThat(pages++).isLessThan(20);
        }
        page.get("Items").forEach(item -> ids.add(item.get("id").get("S").asString()));
        return ids;
    }

    @Test
    void looksAtAsManyItemsAsTheLimitSays() {
        JsonNode page =
                statements.run("SELECT id FROM things WHERE p = 'a' AND x = 0", ", 'Limit': 1");

        assertThat(page.get("Items")).isEmpty();
        assertThat(page.get("LastEvaluatedKey"))
                .isEqualTo(json("{'p': {'S': 'a'}, 's': {'N': '1'}}"));
        assertThat(statements.invalid("SELECT id FROM things", ", 'Limit': 0"))
                .contains("Member must have value greater than or equal to 1");
    }

    @Test
    void answersTenReadsInAPage() {
        String statement = "SELECT id FROM things WHERE p IN ['v', 'a', 'b'] AND s IN [1, 2, 3, 4]";

        JsonNode page = statements.run(statement);

        assertThat(page.get("Items")).hasSize(6);
        assertThat(page.has("LastEvaluatedKey")).isFalse();
        assertThat(
                        statements
                                .run(
                                        statement,
                                        ", 'NextToken': '" + page.get("NextToken").asString() + "'")
                                .get("Items"))
                .hasSize(2);
    }

    @Test
    void endsAPageAtOneMegabyteAcrossReads() {
        for (int s = 10; s < 14; s++) {
            statements.run(
                    "INSERT INTO things VALUE {'p': 'big', 's': " + s + ", 'large': ?}",
                    ", 'Parameters': [{'S': '" + "x".repeat(390_000) + "'}]");
        }
        String statement = "SELECT s FROM things WHERE p = 'big' AND s IN [10, 11, 12, 13]";

        JsonNode page = statements.run(statement);

        assertThat(page.get("Items")).hasSize(3);
        assertThat(
                        statements
                                .run(
                                        statement,
                                        ", 'NextToken': '" + page.get("NextToken").asString() + "'")
                                .get("Items"))
                .hasSize(1);
    }

    @Test
    void refusesATokenThatIsNoneOrAnotherStatements() {
        String token =
                statements
                        .run("SELECT id FROM things WHERE x = 1", ", 'Limit': 1")
                        .get("NextToken")
                        .asString();
        String changed = (token.startsWith("A") ? "B" : "A") + token.substring(1);

        for (String none : List.of("garbage", "AAAA", "", "!", changed, token + "AAAA")) {
            assertThat(
                            statements.invalid(
                                    "SELECT id FROM things WHERE x = 1",
                                    ", 'NextToken': '" + none + "'"))
                    .isIn(
                            "Invalid NextToken",
                            "1 validation error detected: Value '' at 'nextToken' failed to"
                                    + " satisfy constraint: Member must have length greater than or"
                                    + " equal to 1");
        }
        assertThat(
                        statements.invalid(
                                "SELECT id FROM things WHERE x = 2",
                                ", 'NextToken': '" + token + "'"))
                .isEqualTo("NextToken does not match request");
        assertThat(
                        statements.run(
                                "SELECT id FROM things WHERE x = 1",
                                ", 'Limit': 7, 'NextToken': '" + token + "'"))
                .isNotNull();
    }

    @Test
    void refusesAnExistsOutsideATransaction() {
        assertThat(statements.invalid("EXISTS(SELECT * FROM things WHERE p = 'a' AND s = 1)"))
                .isEqualTo("EXISTS can only be used in ExecuteTransaction write requests.");
    }
}
