package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

final class VectorEntriesTest {
    private static final String VECTOR = "'v': {'L': [{'N': '1'}, {'N': '2'}]}";

    private final DynamoDbFixture dynamoDb = DynamoDbFixture.inMemory();

    @BeforeEach
    void createTable() {
        dynamoDb.call(
                "CreateTable",
                """
                {'TableName': 'docs', 'BillingMode': 'PAY_PER_REQUEST',
                 'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'},
                                          {'AttributeName': 'tenant', 'AttributeType': 'S'},
                                          {'AttributeName': 'yr', 'AttributeType': 'N'}],
                 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}],
                 'VectorIndexes': [
                   {'IndexName': 'vectors', 'VectorAttribute': {'AttributeName': 'v'},
                    'SearchSchema': [
                      {'AttributeName': 'tenant', 'SearchSchemaElementType': 'HASH'},
                      {'AttributeName': 'yr', 'SearchSchemaElementType': 'INLINE_FILTER'}],
                    'Dimensions': 2, 'DistanceFunction': 'DOT_PRODUCT',
                    'Projection': {'ProjectionType': 'INCLUDE', 'NonKeyAttributes': ['title']}}]}
                """);
    }

    @AfterEach
    void close() {
        dynamoDb.close();
    }

    private JsonNode search(String tenant) {
        return dynamoDb.call(
                        "SearchVectors",
                        """
                        {'TableName': 'docs', 'IndexName': 'vectors', 'TopK': 100,
                         'SearchVector': [{'N': '10'}, {'N': '1'}],
                         'SearchConditionExpression': 'tenant = :t',
                         'ExpressionAttributeValues': {':t': {'S': '%s'}}}
                        """
                                .formatted(tenant))
                .get("SearchResults");
    }

    private String described() {
        JsonNode index =
                dynamoDb.call("DescribeTable", "{'TableName': 'docs'}")
                        .at("/Table/VectorIndexes/0");
        return index.get("ItemCount") + " items, " + index.get("IndexSizeBytes") + " bytes";
    }

    private JsonNode update(String expression, String values) {
        return dynamoDb.call("UpdateItem", updateRequest(expression, values));
    }

    private static String updateRequest(String expression, String values) {
        return """
        {'TableName': 'docs', 'Key': {'p': {'S': 'a'}}, 'UpdateExpression': '%s', %s
         'ReturnConsumedCapacity': 'INDEXES'}
        """
                .formatted(expression, values);
    }

    @Test
    void anEntryFollowsItsItem() {
        dynamoDb.put(
                "docs",
                "{'p': {'S': 'a'}, 'tenant': {'S': 'x'}, 'title': {'S': 't'},"
                        + " 'extra': {'S': 'o'}, "
                        + VECTOR
                        + "}");
        assertThat(search("x"))
                .isEqualTo(
                        json(
                                """
                                [{'Item': {'p': {'S': 'a'}, 'tenant': {'S': 'x'},
                                           'title': {'S': 't'}}, 'Score': 12.0}]
                                """));
        int bytes = "pa".length() + "tenantx".length() + "titlet".length() + "v".length() + 8;
        assertThat(described()).isEqualTo("1 items, " + bytes + " bytes");

        update("SET tenant = :t", "'ExpressionAttributeValues': {':t': {'S': 'y'}},");
        assertThat(search("x")).isEmpty();
        assertThat(search("y")).hasSize(1);

        update("REMOVE tenant", "");
        assertThat(search("y")).isEmpty();
        assertThat(described()).isEqualTo("0 items, 0 bytes");

        update("SET tenant = :t", "'ExpressionAttributeValues': {':t': {'S': 'x'}},");
        update("SET v[0] = :n", "'ExpressionAttributeValues': {':n': {'N': '-5'}},");
        assertThat(search("x").at("/0/Score").asDouble()).isEqualTo(-48);

        dynamoDb.call("DeleteItem", "{'TableName': 'docs', 'Key': {'p': {'S': 'a'}}}");
        assertThat(search("x")).isEmpty();
        assertThat(described()).isEqualTo("0 items, 0 bytes");
    }

    @Test
    void aHigherProductIsNearer() {
        put("a", "1", "0");
        put("b", "-1", "0");
        put("c", "2", "0");

        assertThat(search("x").findValuesAsString("S")).containsSubsequence("c", "a", "b");
    }

    private void put(String key, String first, String second) {
        dynamoDb.put(
                "docs",
                "{'p': {'S': '%s'}, 'tenant': {'S': 'x'}, 'v': {'L': [{'N': '%s'}, {'N': '%s'}]}}"
                        .formatted(key, first, second));
    }

    @Test
    void onlyAChangeOfTheEntryIsCharged() {
        dynamoDb.put("docs", "{'p': {'S': 'a'}, 'tenant': {'S': 'x'}, " + VECTOR + "}");
        String values = "'ExpressionAttributeValues': {':o': {'S': 'o'}},";

        JsonNode other = update("SET extra = :o", values);
        JsonNode title = update("SET title = :o", values);

        assertThat(other.at("/ConsumedCapacity/VectorIndexes").isMissingNode()).isTrue();
        assertThat(title.at("/ConsumedCapacity/VectorIndexes"))
                .isEqualTo(json("{'vectors': {'VectorWriteRequestBytes': 1024.0}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    'v': {'S': 'x'} | were invalid. Invalid type for parameter v, Expected: \
                    32-bit floating point number list IndexName: vectors
                    'v': {'L': [{'N': '1'}, {'S': 'x'}]} | were invalid. Invalid type for \
                    parameter v[1], Expected: 32-bit floating point number, Actual: S. \
                    IndexName: vectors
                    'v': {'L': [{'N': '1'}]} | were invalid. Invalid size for parameter v, \
                    Expected: 2, Actual: 1 IndexName: vectors
                    'v': {'L': [{'N': '4E+38'}, {'N': '1'}]} | were invalid. Invalid value for \
                    parameter v[0], Value: 400000000000000000000000000000000000000 is outside \
                    valid range [-3.4028235E38, 3.4028235E38]. IndexName: vectors
                    'tenant': {'N': '1'} | were invalid. Attribute 'tenant' type mismatch. \
                    Expected: S, Actual: N. IndexName: vectors
                    'yr': {'S': '1'} | were invalid. Attribute 'yr' type mismatch. Expected: N, \
                    Actual: S. IndexName: vectors
                    'tenant': {'S': ''} | are not valid. A value specified for a secondary \
                    index key is not supported. The AttributeValue for a key attribute cannot \
                    contain an empty string value. IndexName: vectors, IndexKey: tenant
                    """)
    void refusesAnItemThatTheIndexCannotHold(String attribute, String message) {
        assertThat(
                        dynamoDb.refused(
                                "PutItem",
                                "{'TableName': 'docs', 'Item': {'p': {'S': 'a'}, "
                                        + attribute
                                        + "}}"))
                .isEqualTo("ValidationException: One or more parameter values " + message);
        assertThat(described()).isEqualTo("0 items, 0 bytes");
    }

    @Test
    void refusesAnUpdateThatMakesTheVectorOfTheWrongSize() {
        dynamoDb.put("docs", "{'p': {'S': 'a'}, 'tenant': {'S': 'x'}, " + VECTOR + "}");

        assertThat(dynamoDb.refused("UpdateItem", updateRequest("REMOVE v[0]", "")))
                .contains("Invalid size for parameter v, Expected: 2, Actual: 1");
        assertThat(search("x")).hasSize(1);
    }

    @Test
    void aDeletedTableLeavesNothing() {
        dynamoDb.put("docs", "{'p': {'S': 'a'}, 'tenant': {'S': 'x'}, " + VECTOR + "}");

        dynamoDb.call("DeleteTable", "{'TableName': 'docs'}");

        createTable();
        assertThat(search("x")).isEmpty();
        assertThat(described()).isEqualTo("0 items, 0 bytes");
    }
}
