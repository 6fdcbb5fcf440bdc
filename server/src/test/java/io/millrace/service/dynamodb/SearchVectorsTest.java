package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

final class SearchVectorsTest {
    private final DynamoDbFixture dynamoDb = DynamoDbFixture.inMemory();

    /// One index without a search schema, and one with a partition key and an inline filter.
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
                   {'IndexName': 'all', 'VectorAttribute': {'AttributeName': 'v'},
                    'Dimensions': 2, 'DistanceFunction': 'EUCLIDEAN',
                    'Projection': {'ProjectionType': 'ALL'}},
                   {'IndexName': 'tenants', 'VectorAttribute': {'AttributeName': 'v'},
                    'SearchSchema': [
                      {'AttributeName': 'tenant', 'SearchSchemaElementType': 'HASH'},
                      {'AttributeName': 'yr', 'SearchSchemaElementType': 'INLINE_FILTER'}],
                    'Dimensions': 2, 'DistanceFunction': 'COSINE',
                    'Projection': {'ProjectionType': 'KEYS_ONLY'}}]}
                """);
    }

    @AfterEach
    void close() {
        dynamoDb.close();
    }

    private void put(String key, String more, String... numbers) {
        String vector = String.join("'}, {'N': '", numbers);
        dynamoDb.put(
                "docs",
                "{'p': {'S': '" + key + "'}, " + more + "'v': {'L': [{'N': '" + vector + "'}]}}");
    }

    private JsonNode search(String index, String more, String... numbers) {
        return dynamoDb.call("SearchVectors", request(index, more, numbers));
    }

    private static String request(String index, String more, String... numbers) {
        return """
        {'TableName': 'docs', 'IndexName': '%s', 'TopK': 3, %s 'SearchVector': [{'N': '%s'}]}
        """
                .formatted(index, more, String.join("'}, {'N': '", numbers));
    }

    private static List<String> keys(JsonNode answer) {
        List<String> keys = new ArrayList<>();
        answer.get("SearchResults").forEach(each -> keys.add(each.at("/Item/p/S").asString()));
        return keys;
    }

    @Test
    void findsTheNearestInOrderWithTheirScores() {
        put("far", "", "30", "40");
        put("near", "", "3", "4");
        put("here", "", "0", "0");
        put("farthest", "", "300", "400");

        JsonNode answer = search("all", "", "0", "0");

        assertThat(answer)
                .isEqualTo(
                        json(
                                """
                                {'SearchResults': [
                                  {'Item': {'p': {'S': 'here'}}, 'Score': 0.0},
                                  {'Item': {'p': {'S': 'near'}}, 'Score': 5.0},
                                  {'Item': {'p': {'S': 'far'}}, 'Score': 50.0}]}
                                """));
    }

    @Test
    void answersTheVectorOnlyWhenItIsProjectedAndInThePrecisionOfTheIndex() {
        put("a", "'title': {'S': 't'}, ", "0.1000000000000000055511151231", "-1000");

        JsonNode all = search("all", "", "0", "0");
        JsonNode projected = search("all", "'ProjectionExpression': 'v, nothing',", "0", "0");
        JsonNode element = search("all", "'ProjectionExpression': 'v[1]',", "0", "0");

        assertThat(all.at("/SearchResults/0/Item"))
                .isEqualTo(json("{'p': {'S': 'a'}, 'title': {'S': 't'}}"));
        assertThat(projected.at("/SearchResults/0/Item"))
                .isEqualTo(json("{'v': {'L': [{'N': '0.1'}, {'N': '-1000'}]}}"));
        assertThat(element.at("/SearchResults/0/Item"))
                .isEqualTo(json("{'v': {'L': [{'N': '-1000'}]}}"));
    }

    @Test
    void looksOnlyAtThePartitionAndAtWhatTheFilterAllows() {
        put("a", "'tenant': {'S': 'x'}, 'yr': {'N': '2026'}, ", "1", "0");
        put("b", "'tenant': {'S': 'x'}, 'yr': {'N': '2025'}, ", "0", "1");
        put("c", "'tenant': {'S': 'x'}, ", "-1", "0");
        put("d", "'tenant': {'S': 'xy'}, 'yr': {'N': '2026'}, ", "1", "0");
        put("e", "'yr': {'N': '2026'}, ", "1", "0");

        JsonNode partition =
                search(
                        "tenants",
                        "'SearchConditionExpression': 'tenant = :t',"
                                + " 'ExpressionAttributeValues': {':t': {'S': 'x'}},",
                        "5",
                        "0");
        JsonNode filtered =
                search(
                        "tenants",
                        "'SearchConditionExpression': ':y = #y AND (tenant = :t)',"
                                + " 'ExpressionAttributeNames': {'#y': 'yr'},"
                                + " 'ExpressionAttributeValues':"
                                + " {':t': {'S': 'x'}, ':y': {'N': '2026.0'}},",
                        "5",
                        "0");

        assertThat(keys(partition)).containsExactly("a", "b", "c");
        assertThat(partition.at("/SearchResults/0/Score").asDouble()).isEqualTo(0);
        assertThat(partition.at("/SearchResults/1/Score").asDouble()).isEqualTo(1);
        assertThat(partition.at("/SearchResults/2/Score").asDouble()).isEqualTo(2);
        assertThat(keys(filtered)).containsExactly("a");
        assertThat(filtered.at("/SearchResults/0/Item"))
                .isEqualTo(json("{'p': {'S': 'a'}, 'tenant': {'S': 'x'}, 'yr': {'N': '2026'}}"));
    }

    @Test
    void tellsTheBytesThatItLookedAtWhenAsked() {
        assertThat(search("all", "'ReturnConsumedCapacity': 'TOTAL',", "0", "0"))
                .isEqualTo(
                        json(
                                """
                                {'ConsumedCapacity': {'VectorSearchRequestBytes': 1024.0},
                                 'SearchResults': []}
                                """));

        put("a", "'text': {'S': '" + "x".repeat(2000) + "'}, ", "0", "0");

        JsonNode answer = search("all", "'ReturnConsumedCapacity': 'INDEXES',", "0", "0");
        int entryBytes = "v".length() + 2 * 4 + "p".length() + "a".length() + "text".length();
        assertThat(answer.at("/ConsumedCapacity/VectorSearchRequestBytes").asDouble())
                .isEqualTo(entryBytes + 2000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    nothing | '' | 0 0 | The table does not have the specified index: nothing
                    all | '' | 0 0 0 | Input search vector dimension 3 does not match vector \
                    index dimension 2
                    all | '' | 0 1e39 | Search vector contains invalid values. All values in \
                    the search vector must be a 32-bit floating-point number attribute
                    tenants | '' | 0 0 | SearchConditionExpression must be provided when \
                    SearchSchema has a HASH key
                    tenants | yr = :n | 0 0 | SearchConditionExpression must be provided when \
                    SearchSchema has a HASH key
                    tenants | tenant < :s | 0 0 | Invalid SearchConditionExpression: Invalid \
                    comparator used in SearchConditionExpression
                    tenants | tenant = :s OR tenant = :s | 0 0 | Invalid \
                    SearchConditionExpression: Invalid comparator used in \
                    SearchConditionExpression
                    tenants | tenant IN (:s) | 0 0 | Invalid SearchConditionExpression: Invalid \
                    comparator used in SearchConditionExpression
                    tenants | extra = :s | 0 0 | SearchConditionExpression must not contain any \
                    attributes that is not in SearchSchema. Invalid attribute: extra
                    tenants | tenant = :n | 0 0 | One or more parameter values were invalid: \
                    Condition parameter type does not match schema type
                    tenants | tenant = :e | 0 0 | One or more parameter values are not valid. \
                    The AttributeValue for a key attribute cannot contain an empty string \
                    value. Key: tenant
                    all | a = = :s | 0 0 | Invalid SearchConditionExpression: Syntax error; \
                    token: "=", near: "= = :s"
                    all | '' | 0 x | The parameter cannot be converted to a numeric value: x
                    """)
    void refuses(String index, String condition, String vector, String message) {
        String name = condition.replaceAll(".*(:\\w).*", "$1");
        String value =
                name.equals(":n") ? "{'N': '1'}" : "{'S': '" + (name.equals(":s") ? "x'}" : "'}");
        String more =
                condition.equals("''")
                        ? ""
                        : "'SearchConditionExpression': '"
                                + condition
                                + "', 'ExpressionAttributeValues': {'"
                                + name
                                + "': "
                                + value
                                + "},";

        assertThat(dynamoDb.refused("SearchVectors", request(index, more, vector.split(" "))))
                .isEqualTo("ValidationException: " + message);
    }

    @Test
    void refusesATopKThatIsTooLargeAndATableThatIsNotThere() {
        String request = request("all", "", "0", "0");

        assertThat(dynamoDb.refused("SearchVectors", request.replace("'TopK': 3", "'TopK': 101")))
                .isEqualTo(
                        "ValidationException: Provided TopK value '101' is out of valid range. The"
                                + " value must be between 1 and 100 inclusive");
        assertThat(dynamoDb.refused("SearchVectors", request.replace("'TopK': 3", "'TopK': 0")))
                .isEqualTo(
                        "ValidationException: 1 validation error detected: Value '0' at 'topK'"
                                + " failed to satisfy constraint: Member must have value greater"
                                + " than or equal to 1");
        assertThat(dynamoDb.refused("SearchVectors", request.replace("docs", "other")))
                .isEqualTo("ResourceNotFoundException: Requested resource not found");
    }

    @Test
    void queriesAndScansDoNotReadVectorIndexes() {
        assertThat(dynamoDb.refused("Scan", "{'TableName': 'docs', 'IndexName': 'all'}"))
                .isEqualTo("ValidationException: Scan operation not supported on this index type");
        assertThat(
                        dynamoDb.refused(
                                "Query",
                                """
                                {'TableName': 'docs', 'IndexName': 'all',
                                 'KeyConditionExpression': 'p = :p',
                                 'ExpressionAttributeValues': {':p': {'S': 'a'}}}
                                """))
                .isEqualTo("ValidationException: Query operation not supported on this index type");
    }
}
