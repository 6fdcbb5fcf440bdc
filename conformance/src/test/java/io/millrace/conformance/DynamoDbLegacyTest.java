package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.dynamodb.model.AttributeAction;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.AttributeValueUpdate;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ComparisonOperator;
import software.amazon.awssdk.services.dynamodb.model.Condition;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConditionalOperator;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ExpectedAttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

import java.util.List;
import java.util.Map;

/// DynamoDB's parameters from before expressions, through the AWS SDK for Java v2: older programs
/// still send them, and AWS takes them as it takes expressions.
@ExtendWith(MillraceExtension.class)
final class DynamoDbLegacyTest {
    private static final String TABLE = "older";

    private final Clients aws;

    DynamoDbLegacyTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @BeforeEach
    void createTable() {
        aws.dynamodb.createTable(request ->
                request.tableName(TABLE)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(
                                attribute("pk", ScalarAttributeType.S),
                                attribute("sk", ScalarAttributeType.N))
                        .keySchema(element("pk", KeyType.HASH), element("sk", KeyType.RANGE)));
        aws.dynamodb.waiter().waitUntilTableExists(request -> request.tableName(TABLE));
        for (int i = 1; i <= 4; i++) {
            put(i, Map.of());
        }
    }

    @AfterEach
    void close() {
        aws.close();
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
    }

    private static KeySchemaElement element(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeValue n(int number) {
        return AttributeValue.fromN(Integer.toString(number));
    }

    private static Map<String, AttributeValue> key(int sort) {
        return Map.of("pk", AttributeValue.fromS("p"), "sk", n(sort));
    }

    private void put(int sort, Map<String, ExpectedAttributeValue> expected) {
        aws.dynamodb.putItem(request ->
                request.tableName(TABLE)
                        .item(Map.of("pk", AttributeValue.fromS("p"), "sk", n(sort), "n", n(sort)))
                        .expected(expected));
    }

    private static Condition condition(ComparisonOperator operator, AttributeValue... values) {
        return Condition.builder().comparisonOperator(operator).attributeValueList(values).build();
    }

    private static List<String> sortKeys(List<Map<String, AttributeValue>> items) {
        return items.stream().map(item -> Clients.attribute(item, "sk").n()).toList();
    }

    @Test
    void queriesByKeyConditionsAndFilters() {
        var answer =
                aws.dynamodb.query(request ->
                        request.tableName(TABLE)
                                .keyConditions(
                                        Map.of(
                                                "pk",
                                                condition(
                                                        ComparisonOperator.EQ,
                                                        AttributeValue.fromS("p")),
                                                "sk",
                                                condition(ComparisonOperator.BETWEEN, n(2), n(4))))
                                .queryFilter(
                                        Map.of("n", condition(ComparisonOperator.IN, n(1), n(3)))));

        assertThat(sortKeys(answer.items())).containsExactly("3");
        assertThat(answer.scannedCount()).isEqualTo(3);
    }

    @Test
    void scansWithConditionsJoinedByOr() {
        var answer =
                aws.dynamodb.scan(request ->
                        request.tableName(TABLE)
                                .scanFilter(
                                        Map.of(
                                                "n",
                                                condition(ComparisonOperator.EQ, n(4)),
                                                "sk",
                                                condition(ComparisonOperator.LT, n(2))))
                                .conditionalOperator(ConditionalOperator.OR)
                                .attributesToGet("sk"));

        assertThat(sortKeys(answer.items())).containsExactlyInAnyOrder("1", "4");
        assertThat(answer.items().getFirst()).containsOnlyKeys("sk");
    }

    @Test
    void writesWhatWasExpected() {
        put(1, Map.of("n", ExpectedAttributeValue.builder().value(n(1)).build()));
        put(5, Map.of("pk", ExpectedAttributeValue.builder().exists(false).build()));

        assertThatThrownBy(() ->
                        put(
                                5,
                                Map.of(
                                        "pk",
                                        ExpectedAttributeValue.builder().exists(false).build())))
                .isInstanceOf(ConditionalCheckFailedException.class);
        assertThatThrownBy(() ->
                        put(
                                1,
                                Map.of(
                                        "n",
                                        ExpectedAttributeValue.builder()
                                                .comparisonOperator(ComparisonOperator.GT)
                                                .attributeValueList(n(1))
                                                .build())))
                .isInstanceOf(ConditionalCheckFailedException.class);
    }

    @Test
    void updatesAttributes() {
        var answer =
                aws.dynamodb.updateItem(request ->
                        request.tableName(TABLE)
                                .key(key(1))
                                .attributeUpdates(
                                        Map.of(
                                                "n",
                                                AttributeValueUpdate.builder()
                                                        .action(AttributeAction.ADD)
                                                        .value(n(41))
                                                        .build(),
                                                "tags",
                                                AttributeValueUpdate.builder()
                                                        .action(AttributeAction.ADD)
                                                        .value(AttributeValue.fromSs(List.of("x")))
                                                        .build(),
                                                "none",
                                                AttributeValueUpdate.builder()
                                                        .action(AttributeAction.DELETE)
                                                        .build()))
                                .returnValues(ReturnValue.UPDATED_NEW));

        assertThat(answer.attributes())
                .isEqualTo(Map.of("n", n(42), "tags", AttributeValue.fromSs(List.of("x"))));
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() ->
                        aws.dynamodb.scan(request ->
                                request.tableName(TABLE)
                                        .scanFilter(Map.of("n", condition(ComparisonOperator.EQ)))))
                .isInstanceOf(DynamoDbException.class)
                .hasMessageContaining(
                        "One or more parameter values were invalid: Invalid number of argument(s)"
                                + " for the EQ ComparisonOperator");
        assertThatThrownBy(() ->
                        aws.dynamodb.scan(request ->
                                request.tableName(TABLE)
                                        .attributesToGet("n")
                                        .projectionExpression("n")))
                .isInstanceOf(DynamoDbException.class)
                .hasMessageContaining(
                        "Can not use both expression and non-expression parameters in the same"
                                + " request: Non-expression parameters: {AttributesToGet}"
                                + " Expression parameters: {ProjectionExpression}");
    }
}
