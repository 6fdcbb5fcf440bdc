package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

final class IndexTest {
    private static final String TABLE =
            """
            {'TableName': 'tab', 'BillingMode': 'PAY_PER_REQUEST',
             'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'},
                                      {'AttributeName': 's', 'AttributeType': 'N'},
                                      {'AttributeName': 'g', 'AttributeType': 'S'},
                                      {'AttributeName': 'l', 'AttributeType': 'S'}],
             'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'},
                           {'AttributeName': 's', 'KeyType': 'RANGE'}],
             'GlobalSecondaryIndexes': [
                {'IndexName': 'all', 'Projection': {'ProjectionType': 'ALL'},
                 'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'},
                               {'AttributeName': 's', 'KeyType': 'RANGE'}]},
                {'IndexName': 'include',
                 'Projection': {'ProjectionType': 'INCLUDE', 'NonKeyAttributes': ['d']},
                 'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}]}],
             'LocalSecondaryIndexes': [
                {'IndexName': 'local', 'Projection': {'ProjectionType': 'KEYS_ONLY'},
                 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'},
                               {'AttributeName': 'l', 'KeyType': 'RANGE'}]}]}
            """;

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @BeforeEach
    void createTable() {
        db.call("CreateTable", TABLE);
    }

    private void put(String p, int s, String more) {
        db.put("tab", "{'p': {'S': '%s'}, 's': {'N': '%d'}%s}".formatted(p, s, more));
    }

    private static String byG(String index, String more) {
        return """
        {'TableName': 'tab', 'IndexName': '%s', 'KeyConditionExpression': 'g = :g',
         'ExpressionAttributeValues': {':g': {'S': 'x'}} %s}
        """
                .formatted(index, more);
    }

    private static List<String> sortKeys(JsonNode answer) {
        List<String> keys = new ArrayList<>();
        answer.get("Items").forEach(item -> keys.add(item.get("s").get("N").stringValue()));
        return keys;
    }

    @Test
    void followsItsTable() {
        put("a", 2, ", 'g': {'S': 'x'}");
        put("b", 1, ", 'g': {'S': 'x'}");
        put("c", 3, ", 'g': {'S': 'y'}");
        put("d", 4, "");

        assertThat(sortKeys(db.call("Query", byG("all", "")))).containsExactly("1", "2");
        put("a", 2, ", 'g': {'S': 'y'}");
        put("d", 4, ", 'g': {'S': 'x'}");
        db.call("DeleteItem", "{'TableName': 'tab', 'Key': {'p': {'S': 'b'}, 's': {'N': '1'}}}");
        assertThat(sortKeys(db.call("Query", byG("all", "")))).containsExactly("4");
        db.call(
                "UpdateItem",
                """
                {'TableName': 'tab', 'Key': {'p': {'S': 'd'}, 's': {'N': '4'}},
                 'UpdateExpression': 'REMOVE g'}
                """);
        assertThat(sortKeys(db.call("Query", byG("all", "")))).isEmpty();
    }

    @Test
    void projectsWhatItIsToldTo() {
        put("a", 1, ", 'g': {'S': 'x'}, 'd': {'S': 'd'}, 'e': {'S': 'e'}, 'l': {'S': 'l'}");

        assertThat(db.call("Query", byG("include", "")).get("Items"))
                .isEqualTo(
                        json(
                                "[{'p': {'S': 'a'}, 's': {'N': '1'}, 'g': {'S': 'x'},"
                                        + " 'd': {'S': 'd'}}]"));
        assertThat(db.call("Query", byG("all", "")).get("Items").get(0).has("e")).isTrue();
    }

    @Test
    void aLocalIndexFetchesWhatItLacks() {
        put("a", 1, ", 'l': {'S': 'y'}, 'd': {'S': 'd'}");
        put("a", 2, ", 'l': {'S': 'x'}, 'd': {'S': 'e'}");
        String query =
                """
                {'TableName': 'tab', 'IndexName': 'local', 'KeyConditionExpression': 'p = :p',
                 'ExpressionAttributeValues': {':p': {'S': 'a'}}, 'ConsistentRead': true,
                 'ReturnConsumedCapacity': 'INDEXES' %s}
                """;

        JsonNode plain = db.call("Query", query.formatted(""));
        JsonNode whole = db.call("Query", query.formatted(", 'Select': 'ALL_ATTRIBUTES'"));
        JsonNode part = db.call("Query", query.formatted(", 'ProjectionExpression': 'd'"));

        assertThat(sortKeys(plain)).containsExactly("2", "1");
        assertThat(plain.get("Items").get(0).has("d")).isFalse();
        assertThat(whole.get("Items").get(0).get("d")).isEqualTo(json("{'S': 'e'}"));
        assertThat(part.get("Items")).isEqualTo(json("[{'d': {'S': 'e'}}, {'d': {'S': 'd'}}]"));
        JsonNode capacity = whole.get("ConsumedCapacity");
        assertThat(capacity.get("CapacityUnits").doubleValue()).isEqualTo(3);
        assertThat(capacity.get("Table").get("CapacityUnits").doubleValue()).isEqualTo(2);
        assertThat(
                        capacity.get("LocalSecondaryIndexes")
                                .get("local")
                                .get("CapacityUnits")
                                .doubleValue())
                .isEqualTo(1);
    }

    @Test
    void pagesThroughItemsOfOneKey() {
        for (int i = 0; i < 5; i++) {
            put("k" + i, 7, ", 'g': {'S': 'x'}");
        }
        List<String> found = new ArrayList<>();
        String start = "";
        do { // ends with the last page
            JsonNode page = db.call("Query", byG("all", ", 'Limit': 2" + start));
            page.get("Items").forEach(item -> found.add(item.get("p").get("S").stringValue()));
            JsonNode last = page.get("LastEvaluatedKey");
            start = last == null ? "" : ", 'ExclusiveStartKey': " + last;
        } while (!start.isEmpty());

        assertThat(found).containsExactly("k0", "k1", "k2", "k3", "k4");
    }

    @Test
    void scansItsEntriesOnly() {
        put("a", 1, ", 'g': {'S': 'x'}");
        put("b", 1, "");

        JsonNode answer = db.call("Scan", "{'TableName': 'tab', 'IndexName': 'all'}");

        assertThat(answer.get("Count").intValue()).isEqualTo(1);
    }

    @Test
    void countsItsEntries() {
        put("a", 1, ", 'g': {'S': 'x'}, 'e': {'S': 'long enough'}");
        put("b", 1, "");
        put("a", 1, ", 'g': {'S': 'x'}");

        JsonNode indexes =
                db.call("DescribeTable", "{'TableName': 'tab'}")
                        .get("Table")
                        .get("GlobalSecondaryIndexes");

        assertThat(indexes.get(0).get("ItemCount").intValue()).isEqualTo(1);
        assertThat(indexes.get(0).get("IndexSizeBytes").intValue()).isEqualTo(7);
        assertThat(indexes.get(0).get("IndexStatus").stringValue()).isEqualTo("ACTIVE");
    }

    @Test
    void writesTellWhatTheIndexesCost() {
        JsonNode answer =
                db.call(
                        "PutItem",
                        """
                        {'TableName': 'tab', 'ReturnConsumedCapacity': 'INDEXES',
                         'ReturnItemCollectionMetrics': 'SIZE',
                         'Item': {'p': {'S': 'a'}, 's': {'N': '1'}, 'g': {'S': 'x'}}}
                        """);

        JsonNode capacity = answer.get("ConsumedCapacity");
        assertThat(capacity.get("CapacityUnits").doubleValue()).isEqualTo(3);
        assertThat(capacity.get("Table").get("CapacityUnits").doubleValue()).isEqualTo(1);
        assertThat(capacity.get("GlobalSecondaryIndexes").size()).isEqualTo(2);
        assertThat(capacity.has("LocalSecondaryIndexes")).isFalse();
        assertThat(answer.get("ItemCollectionMetrics").get("ItemCollectionKey"))
                .isEqualTo(json("{'p': {'S': 'a'}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'N': '1'} | One or more parameter values were invalid: Type mismatch for Index Key"
                        + " g Expected: S Actual: N IndexName: all",
                "{'S': ''} | One or more parameter values are not valid. A value specified for a"
                        + " secondary index key is not supported. The AttributeValue for a key"
                        + " attribute cannot contain an empty string value. IndexName: all,"
                        + " IndexKey: g"
            })
    void refusesValuesThatCannotStandInIt(String value, String message) {
        assertThat(
                        db.refused(
                                "PutItem",
                                "{'TableName': 'tab', 'Item': {'p': {'S': 'a'}, 's': {'N': '1'},"
                                        + " 'g': "
                                        + value
                                        + "}}"))
                .isEqualTo("ValidationException: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'N': '1'} | One or more parameter values were invalid: Type mismatch for Index"
                        + " Key g Expected: S Actual: N IndexName: all",
                "{'S': ''} | One or more parameter values are not valid. The update expression"
                        + " attempted to update a secondary index key to a value that is not supported."
                        + " The AttributeValue for a key attribute cannot contain an empty string"
                        + " value."
            })
    void refusesUpdatesThatCannotStandInIt(String value, String message) {
        assertThat(
                        db.refused(
                                "UpdateItem",
                                """
                                {'TableName': 'tab', 'Key': {'p': {'S': 'a'}, 's': {'N': '1'}},
                                 'UpdateExpression': 'SET g = :g',
                                 'ExpressionAttributeValues': {':g': %s}}
                                """
                                        .formatted(value)))
                .isEqualTo("ValidationException: " + message);
    }

    @Test
    void refusesWhatOnlyTheItemShowsToBeWrong() {
        db.put(
                "tab",
                "{'p': {'S': 'a'}, 's': {'N': '1'}, 'n': {'N': '1'}, 'x': {'S': '%s'}}"
                        .formatted("x".repeat(2049)));
        String set =
                """
                {'TableName': 'tab', 'Key': {'p': {'S': 'a'}, 's': {'N': '1'}},
                 'UpdateExpression': 'SET g = %s'}
                """;

        assertThat(db.refused("UpdateItem", set.formatted("n")))
                .isEqualTo(
                        "ValidationException: The update expression attempted to update the"
                                + " secondary index key to unsupported type");
        assertThat(db.refused("UpdateItem", set.formatted("x")))
                .isEqualTo(
                        "ValidationException: The update expression attempted to update the"
                                + " secondary index key beyond allowed size limits");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "include | 'Select': 'ALL_ATTRIBUTES' | One or more parameter values were invalid:"
                        + " Select type ALL_ATTRIBUTES is not supported for global secondary index"
                        + " include because its projection type is not ALL",
                "include | 'ProjectionExpression': 'e, d' | One or more parameter values were"
                        + " invalid: Global secondary index include does not project [e]",
                "include | 'FilterExpression': 'attribute_exists(e)' | One or more parameter values"
                        + " were invalid: Secondary index include does not project one or more"
                        + " filter attributes: [e]",
                "all | 'ConsistentRead': true | Consistent reads are not supported on global"
                        + " secondary indexes",
                "all | 'ExclusiveStartKey': {'p': {'S': 'a'}, 's': {'N': '1'}} | The provided"
                        + " starting key is invalid"
            })
    void refusesWhatItCannotAnswer(String index, String more, String message) {
        assertThat(db.refused("Query", byG(index, ", " + more)))
                .isEqualTo("ValidationException: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'KEYS_ONLY' | 'KEYS_ONLY', 'NonKeyAttributes': ['d'] | ProjectionType is KEYS_ONLY,"
                        + " but NonKeyAttributes is specified",
                "'all' | 'include' | Duplicate index name: include",
                "{'AttributeName': 'l', 'AttributeType': 'S'} | {'AttributeName': 'm',"
                        + " 'AttributeType': 'S'} | Some index key attributes are not defined in"
                        + " AttributeDefinitions. Keys: [p, l], AttributeDefinitions: [p, s, g, m]"
            })
    void refusesIndexesThatDoNotFit(String part, String replacement, String message) {
        assertThat(
                        db.refused(
                                "CreateTable",
                                TABLE.replace("'tab'", "'other'").replace(part, replacement)))
                .isEqualTo(
                        "ValidationException: One or more parameter values were invalid: "
                                + message);
    }
}
