package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

final class BatchTest {
    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @BeforeEach
    void createTables() {
        db.createTable("one");
        db.createTable("two", "N");
    }

    private static String keys(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{'p': {'S': 'k" + i + "'}}")
                .collect(Collectors.joining(", "));
    }

    private static String puts(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{'PutRequest': {'Item': {'p': {'S': 'k" + i + "'}}}}")
                .collect(Collectors.joining(", "));
    }

    private int count(String table) {
        return db.call("Scan", "{'TableName': '" + table + "'}").get("Count").intValue();
    }

    @Test
    void putsDeletesAndGetsInSeveralTables() {
        db.put("one", "{'p': {'S': 'gone'}}");

        JsonNode written =
                db.call(
                        "BatchWriteItem",
                        """
                        {'RequestItems': {
                            'one': [{'PutRequest': {'Item': {'p': {'S': 'a'}, 'v': {'N': '1'}}}},
                                    {'DeleteRequest': {'Key': {'p': {'S': 'gone'}}}}],
                            'two': [{'PutRequest': {'Item': {'p': {'S': 'a'}, 's': {'N': '1'}}}}]},
                         'ReturnConsumedCapacity': 'TOTAL'}
                        """);
        JsonNode read =
                db.call(
                        "BatchGetItem",
                        """
                        {'RequestItems': {
                            'one': {'Keys': [{'p': {'S': 'a'}}, {'p': {'S': 'gone'}}],
                                    'ProjectionExpression': 'v'},
                            'two': {'Keys': [{'p': {'S': 'a'}, 's': {'N': '1.0'}}],
                                    'ConsistentRead': true}},
                         'ReturnConsumedCapacity': 'TOTAL'}
                        """);

        assertThat(written.get("UnprocessedItems")).isEqualTo(json("{}"));
        assertThat(written.get("ConsumedCapacity").get(0).get("CapacityUnits").doubleValue())
                .isEqualTo(2);
        assertThat(read.get("Responses"))
                .isEqualTo(
                        json(
                                """
                                {'one': [{'v': {'N': '1'}}],
                                 'two': [{'p': {'S': 'a'}, 's': {'N': '1'}}]}
                                """));
        assertThat(read.get("UnprocessedKeys")).isEqualTo(json("{}"));
        assertThat(read.get("ConsumedCapacity").get(0).get("CapacityUnits").doubleValue())
                .isEqualTo(1);
        assertThat(read.get("ConsumedCapacity").get(1).get("CapacityUnits").doubleValue())
                .isEqualTo(1);
    }

    @Test
    void refusesMoreThanTheLimitOverAllTables() {
        db.createTable("other");

        assertThat(
                        db.refused(
                                "BatchWriteItem",
                                "{'RequestItems': {'one': [%s], 'other': [%s]}}"
                                        .formatted(puts(0, 13), puts(0, 13))))
                .isEqualTo(
                        "ValidationException: Too many items requested for the BatchWriteItem"
                                + " call");
        assertThat(
                        db.refused(
                                "BatchGetItem",
                                "{'RequestItems': {'one': {'Keys': [%s]}, 'other': {'Keys': [%s]}}}"
                                        .formatted(keys(0, 51), keys(0, 50))))
                .isEqualTo(
                        "ValidationException: Too many items requested for the BatchGetItem call");
        assertThat(count("one")).isZero();
    }

    @Test
    void refusesAKeyTwice() {
        String duplicates = "ValidationException: Provided list of item keys contains duplicates";

        assertThat(
                        db.refused(
                                "BatchGetItem",
                                """
                                {'RequestItems': {'two': {'Keys': [
                                    {'p': {'S': 'a'}, 's': {'N': '1'}},
                                    {'s': {'N': '1.00'}, 'p': {'S': 'a'}}]}}}
                                """))
                .isEqualTo(duplicates);
        assertThat(
                        db.refused(
                                "BatchWriteItem",
                                """
                                {'RequestItems': {'one': [
                                    {'PutRequest': {'Item': {'p': {'S': 'a'}}}},
                                    {'DeleteRequest': {'Key': {'p': {'S': 'a'}}}}]}}
                                """))
                .isEqualTo(duplicates);
        assertThat(count("one")).isZero();
    }

    @Test
    void refusesARequestThatIsNeitherPutNorDelete() {
        assertThat(db.refused("BatchWriteItem", "{'RequestItems': {'one': [{}]}}"))
                .startsWith("ValidationException: Supplied AttributeValue has more than one");
    }

    @Test
    void oneBadItemRefusesTheWholeBatch() {
        assertThat(
                        db.refused(
                                "BatchWriteItem",
                                """
                                {'RequestItems': {'one': [
                                    {'PutRequest': {'Item': {'p': {'S': 'a'}}}},
                                    {'PutRequest': {'Item': {'q': {'S': 'a'}}}}]}}
                                """))
                .isEqualTo(
                        "ValidationException: One or more parameter values were invalid: Missing"
                                + " the key p in the item");
        assertThat(
                        db.refused(
                                "BatchWriteItem",
                                "{'RequestItems': {'one': ["
                                        + puts(0, 1)
                                        + "], 'nope': ["
                                        + puts(0, 1)
                                        + "]}}"))
                .isEqualTo("ResourceNotFoundException: Requested resource not found");
        assertThat(count("one")).isZero();
    }

    @Test
    void handsBackWhatWouldMakeTheAnswerTooLarge() {
        String large = "x".repeat(400 * 1024 - 10);
        for (int i = 0; i < 45; i++) {
            db.put("one", "{'p': {'S': 'k" + i + "'}, 'v': {'S': '" + large + "'}}");
        }

        JsonNode answer =
                db.call(
                        "BatchGetItem",
                        "{'RequestItems': {'one': {'Keys': ["
                                + keys(0, 45)
                                + "], 'ConsistentRead': true}}}");

        int read = answer.get("Responses").get("one").size();
        JsonNode left = answer.get("UnprocessedKeys").get("one");
        assertThat(read).isEqualTo(40);
        assertThat(left.get("Keys").size()).isEqualTo(5);
        assertThat(left.get("ConsistentRead").booleanValue()).isTrue();
    }
}
