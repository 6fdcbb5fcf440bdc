package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.dynamodb.CancellationReason;
import io.millrace.api.dynamodb.TransactionCanceledException;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

final class TransactTest {
    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @BeforeEach
    void createTable() {
        db.createTable("tab");
        db.put("tab", "{'p': {'S': 'a'}, 'n': {'N': '1'}}");
    }

    private static String transaction(String... items) {
        return "{'TransactItems': [" + String.join(", ", items) + "]}";
    }

    private static String add(String key, String more) {
        return """
        {'Update': {'TableName': 'tab', 'Key': {'p': {'S': '%s'}},
                    'UpdateExpression': 'ADD n :one',
                    'ExpressionAttributeValues': {':one': {'N': '1'} %s}}}
        """
                .formatted(key, more);
    }

    private static String check(String key, String condition) {
        return """
        {'ConditionCheck': {'TableName': 'tab', 'Key': {'p': {'S': '%s'}},
                            'ConditionExpression': '%s',
                            'ReturnValuesOnConditionCheckFailure': 'ALL_OLD'}}
        """
                .formatted(key, condition);
    }

    private static String put(String key) {
        return "{'Put': {'TableName': 'tab', 'Item': {'p': {'S': '" + key + "'}}}}";
    }

    private JsonNode get(String key) {
        return db.call("GetItem", "{'TableName': 'tab', 'Key': {'p': {'S': '" + key + "'}}}");
    }

    private static List<CancellationReason> reasons(ServiceException refusal) {
        return refusal.details() instanceof TransactionCanceledException cancelled
                        && cancelled.cancellationReasons() != null
                ? cancelled.cancellationReasons()
                : List.of();
    }

    @Test
    void appliesAll() {
        db.call(
                "TransactWriteItems",
                transaction(add("a", ""), put("b"), check("c", "attribute_not_exists(p)")));

        assertThat(get("a").get("Item").get("n")).isEqualTo(json("{'N': '2'}"));
        assertThat(get("b").has("Item")).isTrue();
        assertThat(get("c").has("Item")).isFalse();
    }

    @Test
    void appliesNothingAndTellsWhy() {
        ServiceException refusal =
                db.refusal(
                        "TransactWriteItems",
                        transaction(put("b"), check("a", "attribute_not_exists(p)"), put("c")));

        assertThat(refusal.error().code()).isEqualTo("TransactionCanceledException");
        assertThat(refusal.message())
                .isEqualTo(
                        "Transaction cancelled, please refer cancellation reasons for specific"
                                + " reasons [None, ConditionalCheckFailed, None]");
        assertThat(reasons(refusal).get(1).message()).isEqualTo("The conditional request failed");
        assertThat(reasons(refusal).get(1).item()).containsKey("n");
        assertThat(get("b").has("Item")).isFalse();
        assertThat(get("c").has("Item")).isFalse();
    }

    @Test
    void errorsOfOneItemAreReasons() {
        ServiceException refusal =
                db.refusal(
                        "TransactWriteItems",
                        transaction(
                                put("b"),
                                "{'Delete': {'TableName': 'tab', 'Key': {'q': {'S': 'a'}}}}"));

        assertThat(reasons(refusal).get(1).code()).isEqualTo("ValidationError");
        assertThat(reasons(refusal).get(1).message())
                .isEqualTo("The provided key element does not match the schema");
    }

    @Test
    void refusesTwoOperationsOnOneItem() {
        assertThat(db.refused("TransactWriteItems", transaction(put("b"), add("b", ""))))
                .isEqualTo(
                        "ValidationException: Transaction request cannot include multiple"
                                + " operations on one item");
    }

    @Test
    void refusesAnItemOfNoOrTwoActions() {
        String message =
                "ValidationException: TransactItems can only contain one of Check, Put, Update or"
                        + " Delete";

        assertThat(db.refused("TransactWriteItems", transaction("{}"))).isEqualTo(message);
    }

    @Test
    void aTokenMakesARepetitionHarmless() {
        String request =
                transaction(add("a", "")).replaceAll("}$", ", 'ClientRequestToken': 'token'}");

        db.call("TransactWriteItems", request);
        db.clock().advance(Duration.ofMinutes(9));
        db.call("TransactWriteItems", request);

        assertThat(get("a").get("Item").get("n")).isEqualTo(json("{'N': '2'}"));
        assertThat(
                        db.refused(
                                "TransactWriteItems",
                                transaction(add("b", ""))
                                        .replaceAll("}$", ", 'ClientRequestToken': 'token'}")))
                .startsWith("IdempotentParameterMismatchException: ");
        db.clock().advance(Duration.ofMinutes(2));
        db.call("TransactWriteItems", request);
        assertThat(get("a").get("Item").get("n")).isEqualTo(json("{'N': '3'}"));
    }

    @Test
    void theOrderOfAttributesMakesNoOtherRequest() {
        String request =
                """
                {'ClientRequestToken': 'token', 'TransactItems': [
                    {'Put': {'TableName': 'tab', 'Item': {%s}}}]}
                """;

        db.call("TransactWriteItems", request.formatted("'p': {'S': 'b'}, 'x': {'S': 'y'}"));
        db.call("TransactWriteItems", request.formatted("'x': {'S': 'y'}, 'p': {'S': 'b'}"));

        assertThat(
                        db.refused(
                                "TransactWriteItems",
                                request.formatted("'p': {'S': 'b'}, 'x': {'S': 'z'}")))
                .startsWith("IdempotentParameterMismatchException: ");
    }

    @Test
    void refusesMoreThanFourMegabytes() {
        String large = "x".repeat(400 * 1024 - 20);
        String[] puts = new String[11];
        String[] gets = new String[11];
        for (int i = 0; i < puts.length; i++) {
            puts[i] =
                    "{'Put': {'TableName': 'tab', 'Item': {'p': {'S': 'k%d'}, 'x': {'S': '%s'}}}}"
                            .formatted(i, large);
            gets[i] = "{'Get': {'TableName': 'tab', 'Key': {'p': {'S': 'k" + i + "'}}}}";
        }

        assertThat(db.refused("TransactWriteItems", transaction(puts)))
                .startsWith("ValidationException: The aggregate size of the items");
        assertThat(get("k0").has("Item")).isFalse();
        db.call("TransactWriteItems", transaction(Arrays.copyOf(puts, 10)));
        db.call("TransactWriteItems", transaction(puts[10]));
        assertThat(db.refused("TransactGetItems", transaction(gets)))
                .startsWith("ValidationException: The aggregate size of the items");
        db.call("TransactGetItems", transaction(Arrays.copyOf(gets, 10)));
    }

    @Test
    void countsTwiceTheCapacity() {
        JsonNode answer =
                db.call(
                        "TransactWriteItems",
                        transaction(put("b"), put("c"))
                                .replaceAll("}$", ", 'ReturnConsumedCapacity': 'TOTAL'}"));

        assertThat(answer.get("ConsumedCapacity").size()).isEqualTo(1);
        JsonNode capacity = answer.get("ConsumedCapacity").get(0);
        assertThat(capacity.get("CapacityUnits").doubleValue()).isEqualTo(4);
        assertThat(capacity.get("WriteCapacityUnits").doubleValue()).isEqualTo(4);
    }

    @Test
    void getsItemsOfOneMoment() {
        JsonNode answer =
                db.call(
                        "TransactGetItems",
                        """
                        {'TransactItems': [
                            {'Get': {'TableName': 'tab', 'Key': {'p': {'S': 'a'}},
                                     'ProjectionExpression': 'n'}},
                            {'Get': {'TableName': 'tab', 'Key': {'p': {'S': 'no'}}}}],
                         'ReturnConsumedCapacity': 'TOTAL'}
                        """);

        assertThat(answer.get("Responses")).isEqualTo(json("[{'Item': {'n': {'N': '1'}}}, {}]"));
        assertThat(answer.get("ConsumedCapacity").get(0).get("ReadCapacityUnits").doubleValue())
                .isEqualTo(4);
    }

    @Test
    void aBadKeyCancelsAReadingTransaction() {
        ServiceException refusal =
                db.refusal(
                        "TransactGetItems",
                        """
                        {'TransactItems': [
                            {'Get': {'TableName': 'tab', 'Key': {'p': {'S': 'a'}}}},
                            {'Get': {'TableName': 'tab', 'Key': {'p': {'N': '1'}}}}]}
                        """);

        assertThat(refusal.message()).endsWith("[None, ValidationError]");
        assertThat(
                        db.refused(
                                "TransactGetItems",
                                """
                                {'TransactItems': [
                                    {'Get': {'TableName': 'tab', 'Key': {'p': {'S': 'a'}}}},
                                    {'Get': {'TableName': 'tab', 'Key': {'p': {'S': 'a'}}}}]}
                                """))
                .endsWith("Transaction request cannot include multiple operations on one item");
    }
}
