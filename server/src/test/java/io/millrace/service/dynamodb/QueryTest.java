package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

final class QueryTest {
    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    private void fill(String type, String... sortKeys) {
        db.createTable("tab", type);
        for (String key : sortKeys) {
            db.put("tab", "{'p': {'S': 'a'}, 's': {'" + type + "': '" + key + "'}}");
        }
        db.put("tab", "{'p': {'S': 'other'}, 's': {'" + type + "': '" + sortKeys[0] + "'}}");
    }

    private static String query(String condition, String values, String more) {
        return """
        {'TableName': 'tab', 'KeyConditionExpression': '%s',
         'ExpressionAttributeValues': {':p': {'S': 'a'} %s} %s}
        """
                .formatted(condition, values, more);
    }

    private List<String> sortKeys(JsonNode answer) {
        List<String> keys = new ArrayList<>();
        for (JsonNode item : answer.get("Items")) {
            item.get("s").forEach(value -> keys.add(value.stringValue()));
        }
        return keys;
    }

    @Test
    void ordersNumbersByValue() {
        fill("N", "10", "9", "-1", "0", "1e3", "-20", "0.5", "123456789012345678901234567890");

        JsonNode answer = db.call("Query", query("p = :p", "", ""));
        JsonNode backward = db.call("Query", query("p = :p", "", ", 'ScanIndexForward': false"));

        List<String> order =
                List.of(
                        "-20",
                        "-1",
                        "0",
                        "0.5",
                        "9",
                        "10",
                        "1000",
                        "123456789012345678901234567890");
        assertThat(sortKeys(answer)).isEqualTo(order);
        assertThat(sortKeys(backward)).isEqualTo(order.reversed());
        assertThat(answer.get("Count").intValue()).isEqualTo(8);
        assertThat(answer.get("ScannedCount").intValue()).isEqualTo(8);
        assertThat(answer.has("LastEvaluatedKey")).isFalse();
    }

    @Test
    void ordersStringsByTheirBytesInUtf8() {
        fill("S", "b", "a", "a b", "ab", "\uD83D\uDE00", "\uFFFD", "a\\u0000");

        assertThat(sortKeys(db.call("Query", query("p = :p", "", ""))))
                .containsExactly("a", "a\0", "a b", "ab", "b", "\uFFFD", "\uD83D\uDE00");
    }

    @Test
    void ordersBinariesAsUnsignedBytes() {
        fill("B", "/w==", "AA==", "fw==", "gAA=", "gA==");

        assertThat(sortKeys(db.call("Query", query("p = :p", "", ""))))
                .containsExactly("AA==", "fw==", "gA==", "gAA=", "/w==");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "s = :x | [3]",
                "s < :x | [1, 2]",
                "s <= :x | [1, 2, 3]",
                "s > :x | [4, 5]",
                "s >= :x | [3, 4, 5]",
                "s between :x and :y | [3, 4]"
            })
    void findsByAConditionOnTheSortKey(String condition, String found) {
        fill("N", "1", "2", "3", "4", "5");
        String values =
                ", ':x': {'N': '3'}" + (condition.contains(":y") ? ", ':y': {'N': '4'}" : "");

        JsonNode answer = db.call("Query", query("p = :p and " + condition, values, ""));
        JsonNode backward =
                db.call(
                        "Query",
                        query("p = :p and " + condition, values, ", 'ScanIndexForward': false"));

        assertThat(sortKeys(answer)).hasToString(found);
        assertThat(sortKeys(backward).reversed()).hasToString(found);
    }

    @Test
    void findsByTheBeginningOfTheSortKey() {
        fill("S", "a", "ab", "abc", "ac", "b");

        assertThat(
                        sortKeys(
                                db.call(
                                        "Query",
                                        query(
                                                "p = :p and begins_with(s, :x)",
                                                ", ':x': {'S': 'ab'}",
                                                ""))))
                .containsExactly("ab", "abc");
    }

    @Test
    void pagesByLimitCountFilteredItemsToo() {
        fill("N", "1", "2", "3", "4");
        String request =
                query(
                        "p = :p",
                        ", ':no': {'S': 'no'}",
                        ", 'Limit': 2, 'FilterExpression': 'a = :no' %s");

        JsonNode first = db.call("Query", request.formatted(""));
        JsonNode second =
                db.call(
                        "Query",
                        request.formatted(
                                ", 'ExclusiveStartKey': "
                                        + first.get("LastEvaluatedKey").toString()));
        JsonNode third =
                db.call(
                        "Query",
                        request.formatted(
                                ", 'ExclusiveStartKey': "
                                        + second.get("LastEvaluatedKey").toString()));

        assertThat(first.get("Count").intValue()).isZero();
        assertThat(first.get("ScannedCount").intValue()).isEqualTo(2);
        assertThat(first.get("LastEvaluatedKey"))
                .isEqualTo(json("{'p': {'S': 'a'}, 's': {'N': '2'}}"));
        assertThat(third).isEqualTo(json("{'Items': [], 'Count': 0, 'ScannedCount': 0}"));
    }

    @Test
    void goesOnBehindAKeyThatIsGone() {
        fill("N", "1", "2", "3");
        String start = ", 'ExclusiveStartKey': {'p': {'S': 'a'}, 's': {'N': '2.5'}}";

        assertThat(sortKeys(db.call("Query", query("p = :p", "", start)))).containsExactly("3");
        assertThat(
                        sortKeys(
                                db.call(
                                        "Query",
                                        query(
                                                "p = :p",
                                                "",
                                                start + ", 'ScanIndexForward': false"))))
                .containsExactly("2", "1");
    }

    @Test
    void endsAPageWithOneMegabyte() {
        db.createTable("tab", "N");
        String large = "x".repeat(300 * 1024);
        for (int i = 0; i < 6; i++) {
            db.put(
                    "tab",
                    "{'p': {'S': 'a'}, 's': {'N': '" + i + "'}, 'd': {'S': '" + large + "'}}");
        }

        JsonNode first = db.call("Query", query("p = :p", "", ", 'Select': 'COUNT'"));
        JsonNode second =
                db.call(
                        "Query",
                        query(
                                "p = :p",
                                "",
                                ", 'Select': 'COUNT', 'ReturnConsumedCapacity': 'TOTAL',"
                                        + " 'ExclusiveStartKey': "
                                        + first.get("LastEvaluatedKey")));

        assertThat(first.get("Count").intValue()).isEqualTo(4);
        assertThat(first.has("Items")).isFalse();
        assertThat(second.get("Count").intValue()).isEqualTo(2);
        assertThat(second.has("LastEvaluatedKey")).isFalse();
        assertThat(second.get("ConsumedCapacity").get("CapacityUnits").doubleValue())
                .isEqualTo(75.5);
    }

    @Test
    void aFullPageTellsWhereItEndedThoughNothingFollows() {
        db.createTable("tab", "N");
        int rest = 256 * 1024 - 6; // what the names, the key and the number leave of a quarter
        for (int i = 1; i <= 4; i++) {
            db.put(
                    "tab",
                    "{'p': {'S': 'a'}, 's': {'N': '%d'}, 'd': {'S': '%s'}}"
                            .formatted(i, "x".repeat(rest)));
        }

        assertThat(db.call("Query", query("p = :p", "", "")).has("LastEvaluatedKey")).isTrue();
        db.put(
                "tab",
                "{'p': {'S': 'a'}, 's': {'N': '4'}, 'd': {'S': '" + "x".repeat(rest - 1) + "'}}");
        assertThat(db.call("Query", query("p = :p", "", "")).has("LastEvaluatedKey")).isFalse();
        assertThat(db.call("Query", query("p = :p", "", ", 'Limit': 4")).has("LastEvaluatedKey"))
                .isTrue();
        assertThat(db.call("Query", query("p = :p", "", ", 'Limit': 5")).has("LastEvaluatedKey"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'p':{'S':'a'}} | The provided starting key is invalid",
                "{'p':{'S':'a'},'x':{'N':'1'}} | The provided starting key is invalid",
                "{'p':{'S':'a'},'s':{'S':'1'}} | The provided key element does not match the schema",
                "{'p':{'S':'b'},'s':{'N':'5'}} | The query can return at most one row and cannot be"
                        + " restarted",
                "{'p':{'S':'a'},'s':{'N':'3'}} | The provided starting key does not match the range"
                        + " key predicate",
                "{'p':{'S':'a'},'s':{'N':'x'}} | The parameter cannot be converted to a numeric"
                        + " value: x",
                "{'p':{'S':'a'},'s':{'SS':[]}} | The provided starting key is invalid: One or more"
                        + " parameter values were invalid: An string set  may not be empty"
            })
    void refusesAStartingKeyThatNoPageEndedWith(String key, String message) {
        fill("N", "1");

        assertThat(
                        db.refused(
                                "Query",
                                query(
                                        "p = :p and s > :x",
                                        ", ':x': {'N': '3'}",
                                        ", 'ExclusiveStartKey': " + key)))
                .isEqualTo("ValidationException: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'Select': 'COUNT', 'ProjectionExpression': 'a' | Cannot specify the"
                        + " ProjectionExpression when choosing to get only the Count",
                "'Select': 'ALL_ATTRIBUTES', 'ProjectionExpression': 'a' | Cannot specify the"
                        + " ProjectionExpression when choosing to get ALL_ATTRIBUTES",
                "'Select': 'SPECIFIC_ATTRIBUTES' | Must specify the AttributesToGet or"
                        + " ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
                "'Select': 'ALL_PROJECTED_ATTRIBUTES' | ALL_PROJECTED_ATTRIBUTES can be used only"
                        + " when Querying using an IndexName",
                "'FilterExpression': 'attribute_exists(s)' | Filter Expression can only contain"
                        + " non-primary key attributes: Primary key attribute: s",
                "'IndexName': 'nope' | The table does not have the specified index: nope"
            })
    void refusesParametersThatDoNotGoTogether(String more, String message) {
        fill("N", "1");

        assertThat(db.refused("Query", query("p = :p", "", ", " + more)))
                .isEqualTo("ValidationException: " + message);
    }

    @Test
    void needsAKeyCondition() {
        fill("N", "1");

        assertThat(db.refused("Query", "{'TableName': 'tab'}"))
                .isEqualTo(
                        "ValidationException: Either the KeyConditions or KeyConditionExpression"
                                + " parameter must be specified in the request.");
        assertThat(
                        db.refused(
                                "Query",
                                """
                                {'TableName': 'tab', 'KeyConditionExpression': 's = :s',
                                 'ExpressionAttributeValues': {':s': {'N': '1'}}}
                                """))
                .isEqualTo("ValidationException: Query condition missed key schema element: p");
        assertThat(
                        db.refused(
                                "Query",
                                """
                                {'TableName': 'tab', 'KeyConditionExpression': 'p = :p',
                                 'ExpressionAttributeValues': {':p': {'S': ''}}}
                                """))
                .endsWith("cannot contain an empty string value. Key: p");
    }

    @Test
    void partitionsDoNotRunIntoEachOther() {
        db.createTable("tab", "S");
        db.put("tab", "{'p': {'S': 'a'}, 's': {'S': 'b#c'}}");
        db.put("tab", "{'p': {'S': 'ab'}, 's': {'S': 'c'}}");
        db.put("tab", "{'p': {'S': 'a\\u0000'}, 's': {'S': 'c'}}");

        assertThat(sortKeys(db.call("Query", query("p = :p", "", "")))).containsExactly("b#c");
    }
}
