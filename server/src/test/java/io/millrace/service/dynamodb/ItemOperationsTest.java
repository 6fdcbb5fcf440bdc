package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.dynamodb.ConditionalCheckFailedException;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

final class ItemOperationsTest {
    private static final String ALL_TYPES =
            """
            {'p': {'S': 'k'}, 's': {'S': 'größe'}, 'n': {'N': '1e2'}, 'b': {'B': 'AAH/'},
             'ss': {'SS': ['x', 'y']}, 'ns': {'NS': ['1.0', '2']}, 'bs': {'BS': ['AA==']},
             'm': {'M': {'l': {'L': [{'BOOL': true}, {'NULL': true}]}}}, 'e': {'S': ''}}
            """;
    private static final String INVALID =
            "ValidationException: One or more parameter values were invalid: ";
    private static final String NOT_VALID =
            "ValidationException: One or more parameter values are not valid. The AttributeValue for"
                    + " a key attribute cannot contain an empty ";

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @BeforeEach
    void createTables() {
        db.createTable("one");
        db.createTable("two", "N");
    }

    private JsonNode get(String key) {
        return db.call("GetItem", "{'TableName': 'one', 'Key': {'p': {'S': '" + key + "'}}}");
    }

    private static String update(String key, String more) {
        return "{'TableName': 'one', 'Key': {'p': {'S': '" + key + "'}}, " + more + "}";
    }

    @Test
    void keepsAllTypesAndNormalNumbers() {
        db.put("one", ALL_TYPES);

        JsonNode item = get("k").get("Item");

        assertThat(item).isEqualTo(json(ALL_TYPES.replace("1e2", "100").replace("'1.0'", "'1'")));
    }

    @Test
    void answersNothingForWhatIsNotThere() {
        assertThat(get("nope")).isEqualTo(json("{}"));
    }

    @Test
    void projectsAttributes() {
        db.put("one", "{'p': {'S': 'k'}, 'a': {'M': {'x': {'N': '1'}, 'y': {'N': '2'}}}}");

        JsonNode item =
                db.call(
                        "GetItem",
                        """
                        {'TableName': 'one', 'Key': {'p': {'S': 'k'}},
                         'ProjectionExpression': '#a.x',
                         'ExpressionAttributeNames': {'#a': 'a'}}
                        """);
        JsonNode older =
                db.call(
                        "GetItem",
                        """
                        {'TableName': 'one', 'Key': {'p': {'S': 'k'}},
                         'AttributesToGet': ['p', 'nope']}
                        """);

        assertThat(item).isEqualTo(json("{'Item': {'a': {'M': {'x': {'N': '1'}}}}}"));
        assertThat(older).isEqualTo(json("{'Item': {'p': {'S': 'k'}}}"));
    }

    @Test
    void operationsOnItemsDoNotNameTheMissingTable() {
        String missing = "ResourceNotFoundException: Requested resource not found";

        assertThat(db.refused("GetItem", "{'TableName': 'nope', 'Key': {'p': {'S': 'k'}}}"))
                .isEqualTo(missing);
        assertThat(db.refused("PutItem", "{'TableName': 'nope', 'Item': {'p': {'S': 'k'}}}"))
                .isEqualTo(missing);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}",
                "{'p': {'N': '1'}}",
                "{'q': {'S': 'k'}}",
                "{'p': {'S': 'k'}, 'q': {'S': 'k'}}"
            })
    void refusesAKeyThatDoesNotMatchTheSchema(String key) {
        String request = "{'TableName': 'one', 'Key': " + key + "}";
        String refused = "ValidationException: The provided key element does not match the schema";

        assertThat(db.refused("GetItem", request)).isEqualTo(refused);
        assertThat(db.refused("DeleteItem", request)).isEqualTo(refused);
        assertThat(db.refused("UpdateItem", request)).isEqualTo(refused);
    }

    @Test
    void refusesAnItemWithoutItsKey() {
        assertThat(db.refused("PutItem", "{'TableName': 'one', 'Item': {'q': {'S': 'k'}}}"))
                .isEqualTo(INVALID + "Missing the key p in the item");
        assertThat(db.refused("PutItem", "{'TableName': 'one', 'Item': {'p': {'N': '1'}}}"))
                .isEqualTo(INVALID + "Type mismatch for key p expected: S actual: N");
        assertThat(db.refused("PutItem", "{'TableName': 'two', 'Item': {'p': {'S': 'k'}}}"))
                .isEqualTo(INVALID + "Missing the key s in the item");
    }

    @Test
    void refusesAnAttributeWithoutAName() {
        assertThat(
                        db.refused(
                                "PutItem",
                                "{'TableName': 'one', 'Item': {'p': {'S': 'k'}, '': {'S': 'x'}}}"))
                .isEqualTo("ValidationException: Empty attribute name");
    }

    @Test
    void refusesEmptyAndLongKeys() {
        String item = "{'TableName': 'one', 'Item': {'p': {'S': '%s'}}}";

        assertThat(db.refused("PutItem", item.formatted("")))
                .isEqualTo(NOT_VALID + "string value. Key: p");
        assertThat(db.refused("PutItem", item.formatted("a".repeat(2049))))
                .isEqualTo(
                        INVALID
                                + "Size of hashkey has exceeded the maximum size limit of2048"
                                + " bytes");
        db.call("PutItem", item.formatted("a".repeat(2048)));
        db.createTable("three", "S");
        assertThat(
                        db.refused(
                                "GetItem",
                                "{'TableName': 'three', 'Key': {'p': {'S': 'k'}, 's': {'S': '"
                                        + "a".repeat(1025)
                                        + "'}}}"))
                .isEqualTo(
                        INVALID
                                + "Aggregated size of all range keys has exceeded the size limit of"
                                + " 1024 bytes");
    }

    @Test
    void refusesItemsOverTheLimit() {
        String item = "{'TableName': 'one', 'Item': {'p': {'S': 'k'}, 'a': {'S': '%s'}}}";
        int most = 400 * 1024 - "pka".length();

        assertThat(db.refused("PutItem", item.formatted("a".repeat(most + 1))))
                .isEqualTo("ValidationException: Item size has exceeded the maximum allowed size");
        db.call("PutItem", item.formatted("a".repeat(most)));
        assertThat(
                        db.refused(
                                "UpdateItem",
                                update(
                                        "k",
                                        """
                                        'UpdateExpression': 'SET b = :b',
                                        'ExpressionAttributeValues': {':b': {'N': '1'}}
                                        """)))
                .isEqualTo(
                        "ValidationException: Item size to update has exceeded the maximum allowed"
                                + " size");
    }

    @Test
    void aFailedConditionChangesNothingAndTellsTheItemWhenAsked() {
        db.put("one", "{'p': {'S': 'k'}, 'a': {'N': '1'}}");
        String put =
                """
                {'TableName': 'one', 'Item': {'p': {'S': 'k'}},
                 'ConditionExpression': 'attribute_not_exists(p)' %s}
                """;

        ServiceException silent = db.refusal("PutItem", put.formatted(""));
        ServiceException telling =
                db.refusal(
                        "PutItem",
                        put.formatted(", 'ReturnValuesOnConditionCheckFailure': 'ALL_OLD'"));

        assertThat(silent.error().code()).isEqualTo("ConditionalCheckFailedException");
        assertThat(silent.message()).isEqualTo("The conditional request failed");
        assertThat(silent.details()).isNull();
        assertThat(telling.details())
                .isInstanceOfSatisfying(
                        ConditionalCheckFailedException.class,
                        failed -> assertThat(failed.item()).containsOnlyKeys("p", "a"));
        assertThat(get("k").get("Item").has("a")).isTrue();
    }

    @Test
    void conditionsSeeAnEmptyItemWhereThereIsNone() {
        String delete =
                """
                {'TableName': 'one', 'Key': {'p': {'S': 'k'}},
                 'ConditionExpression': 'attribute_exists(p)',
                 'ReturnValuesOnConditionCheckFailure': 'ALL_OLD'}
                """;

        ServiceException refusal = db.refusal("DeleteItem", delete);

        assertThat(refusal.error().code()).isEqualTo("ConditionalCheckFailedException");
        assertThat(refusal.details()).isNull();
    }

    @Test
    void putAndDeleteReturnTheOldItemOnly() {
        String put = "{'TableName': 'one', 'Item': {'p': {'S': 'k'}}, 'ReturnValues': '%s'}";

        assertThat(db.call("PutItem", put.formatted("ALL_OLD"))).isEqualTo(json("{}"));
        assertThat(db.call("PutItem", put.formatted("ALL_OLD")))
                .isEqualTo(json("{'Attributes': {'p': {'S': 'k'}}}"));
        assertThat(db.refused("PutItem", put.formatted("ALL_NEW")))
                .isEqualTo("ValidationException: ReturnValues can only be ALL_OLD or NONE");
        assertThat(
                        db.call(
                                "DeleteItem",
                                "{'TableName': 'one', 'Key': {'p': {'S': 'k'}}, 'ReturnValues':"
                                        + " 'ALL_OLD'}"))
                .isEqualTo(json("{'Attributes': {'p': {'S': 'k'}}}"));
        assertThat(get("k")).isEqualTo(json("{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "NONE | {}",
                "ALL_OLD | {'Attributes': {'p':{'S':'k'},'a':{'N':'1'},'b':{'S':'x'}}}",
                "ALL_NEW | {'Attributes': {'p':{'S':'k'},'a':{'N':'2'},'c':{'S':'y'}}}",
                "UPDATED_OLD | {'Attributes': {'a':{'N':'1'},'b':{'S':'x'}}}",
                "UPDATED_NEW | {'Attributes': {'a':{'N':'2'},'c':{'S':'y'}}}"
            })
    void updateReturnsWhatIsAskedFor(String mode, String answer) {
        db.put("one", "{'p': {'S': 'k'}, 'a': {'N': '1'}, 'b': {'S': 'x'}}");

        JsonNode updated =
                db.call(
                        "UpdateItem",
                        update(
                                "k",
                                """
                                'UpdateExpression': 'SET a = a + :one, c = :y REMOVE b',
                                'ExpressionAttributeValues': {':one': {'N': '1'}, ':y': {'S': 'y'}},
                                'ReturnValues': '%s'
                                """
                                        .formatted(mode)));

        assertThat(updated).isEqualTo(json(answer));
    }

    @Test
    void updateMakesAnItemThatIsNotThere() {
        db.call("UpdateItem", update("a", "'ReturnValues': 'NONE'"));
        JsonNode made =
                db.call(
                        "UpdateItem",
                        update(
                                "b",
                                """
                                'UpdateExpression': 'ADD n :one', 'ReturnValues': 'UPDATED_OLD',
                                'ExpressionAttributeValues': {':one': {'N': '1'}}
                                """));

        assertThat(made).isEqualTo(json("{}"));
        assertThat(get("a")).isEqualTo(json("{'Item': {'p': {'S': 'a'}}}"));
        assertThat(get("b")).isEqualTo(json("{'Item': {'p': {'S': 'b'}, 'n': {'N': '1'}}}"));
    }

    @Test
    void updateRefusesToChangeTheKey() {
        assertThat(
                        db.refused(
                                "UpdateItem",
                                update(
                                        "k",
                                        """
                                        'UpdateExpression': 'SET p = :x',
                                        'ExpressionAttributeValues': {':x': {'S': 'x'}}
                                        """)))
                .isEqualTo(
                        INVALID + "Cannot update attribute p. This attribute is part of the key");
        assertThat(get("k")).isEqualTo(json("{}"));
    }

    @Test
    void refusesOlderParametersBesideExpressions() {
        assertThat(
                        db.refused(
                                "PutItem",
                                """
                                {'TableName': 'one', 'Item': {'p': {'S': 'k'}},
                                 'Expected': {'p': {'Exists': false}},
                                 'ConditionExpression': 'attribute_exists(p)'}
                                """))
                .isEqualTo(
                        "ValidationException: Can not use both expression and non-expression"
                                + " parameters in the same request: Non-expression parameters:"
                                + " {Expected} Expression parameters: {ConditionExpression}");
    }

    @Test
    void tellsTheCapacityOfTheLargerItem() {
        String put =
                "{'TableName': 'one', 'Item': {'p': {'S': 'k'}, 'a': {'S': '%s'}},"
                        + " 'ReturnConsumedCapacity': 'TOTAL'}";

        JsonNode large = db.call("PutItem", put.formatted("a".repeat(2048)));
        JsonNode small = db.call("PutItem", put.formatted("a"));
        JsonNode smaller = db.call("PutItem", put.formatted("b"));

        assertThat(units(large)).isEqualTo(3);
        assertThat(units(small)).isEqualTo(3);
        assertThat(units(smaller)).isEqualTo(1);
        assertThat(large.get("ConsumedCapacity").get("TableName").stringValue()).isEqualTo("one");
    }

    @Test
    void tellsTheCapacityOfReadsByConsistency() {
        db.put("one", "{'p': {'S': 'k'}, 'a': {'S': '" + "a".repeat(4096) + "'}}");
        String get =
                "{'TableName': 'one', 'Key': {'p': {'S': '%s'}}, 'ConsistentRead': %s,"
                        + " 'ReturnConsumedCapacity': 'INDEXES'}";

        assertThat(units(db.call("GetItem", get.formatted("k", true)))).isEqualTo(2);
        assertThat(units(db.call("GetItem", get.formatted("k", false)))).isEqualTo(1);
        assertThat(units(db.call("GetItem", get.formatted("no", true)))).isEqualTo(1);
        assertThat(units(db.call("GetItem", get.formatted("no", false)))).isEqualTo(0.5);
        assertThat(
                        db.call("GetItem", get.formatted("no", false))
                                .get("ConsumedCapacity")
                                .get("Table")
                                .get("CapacityUnits")
                                .doubleValue())
                .isEqualTo(0.5);
    }

    private static double units(JsonNode answer) {
        return answer.get("ConsumedCapacity").get("CapacityUnits").doubleValue();
    }
}
