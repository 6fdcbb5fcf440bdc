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
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The parameters from before expressions.
final class LegacyParametersTest {
    private static final String VALIDATION = "ValidationException: ";
    private static final String INVALID =
            VALIDATION + "One or more parameter values were invalid: ";

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @BeforeEach
    void createTables() {
        db.createTable("tab", "N");
        db.put(
                "tab",
                """
                {'p': {'S': 'a'}, 's': {'N': '1'}, 'n': {'N': '5'}, 't': {'S': 'text'},
                 'b': {'B': 'AAEC'}, 'ss': {'SS': ['x', 'y']}, 'ns': {'NS': ['1', '2']},
                 'l': {'L': [{'S': 'x'}]}, 'yes': {'BOOL': true}}
                """);
    }

    private static String update(String sort, String more) {
        return "{'TableName': 'tab', 'Key': {'p': {'S': 'a'}, 's': {'N': '"
                + sort
                + "'}}, "
                + more
                + "}";
    }

    private static String scan(String filter, String more) {
        return "{'TableName': 'tab', 'ScanFilter': " + filter + more + "}";
    }

    private static String query(String conditions, String more) {
        return "{'TableName': 'tab', 'KeyConditions': " + conditions + more + "}";
    }

    private static List<String> sortKeys(JsonNode answer) {
        List<String> keys = new ArrayList<>();
        answer.get("Items").forEach(item -> keys.add(item.get("s").get("N").stringValue()));
        return keys;
    }

    private JsonNode get(String sort) {
        return db.call("GetItem", update(sort, "'ConsistentRead': true"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "n  | EQ           | {'N': '5.0'}              | true",
                "n  | EQ           | {'S': '5'}                | false",
                "no | EQ           | {'S': '5'}                | false",
                "ss | EQ           | {'SS': ['y', 'x']}        | true",
                "l  | EQ           | {'L': [{'S': 'x'}]}       | true",
                "n  | NE           | {'N': '5'}                | false",
                "n  | NE           | {'S': '5'}                | true",
                "no | NE           | {'S': '5'}                | true",
                "n  | LT           | {'N': '6'}                | true",
                "n  | LT           | {'N': '5'}                | false",
                "n  | LE           | {'N': '5'}                | true",
                "n  | GT           | {'N': '5'}                | false",
                "n  | GE           | {'N': '5'}                | true",
                "n  | GE           | {'S': '1'}                | false",
                "t  | GT           | {'S': 'tex'}              | true",
                "t  | NOT_NULL     |                           | true",
                "no | NOT_NULL     |                           | false",
                "t  | NULL         |                           | false",
                "no | NULL         |                           | true",
                "t  | CONTAINS     | {'S': 'ex'}               | true",
                "ss | CONTAINS     | {'S': 'x'}                | true",
                "ns | CONTAINS     | {'N': '2.0'}              | true",
                "l  | CONTAINS     | {'S': 'x'}                | true",
                "b  | CONTAINS     | {'B': 'AQ=='}             | true",
                "t  | NOT_CONTAINS | {'S': 'ex'}               | false",
                "ss | NOT_CONTAINS | {'S': 'z'}                | true",
                "no | NOT_CONTAINS | {'S': 'z'}                | false",
                "t  | BEGINS_WITH  | {'S': 'te'}               | true",
                "b  | BEGINS_WITH  | {'B': 'AAE='}             | true",
                "n  | IN           | {'N': '1'}, {'N': '5'}    | true",
                "n  | IN           | {'N': '1'}, {'N': '6'}    | false",
                "n  | BETWEEN      | {'N': '5'}, {'N': '6'}    | true",
                "n  | BETWEEN      | {'N': '6'}, {'N': '7'}    | false"
            })
    void comparesAsAFilterAndAsAnExpectation(
            String attribute, String operator, String values, boolean holds) {
        String condition =
                "{'%s': {'ComparisonOperator': '%s'%s}}"
                        .formatted(
                                attribute,
                                operator,
                                values == null ? "" : ", 'AttributeValueList': [" + values + "]");
        String delete = update("1", "'Expected': " + condition);

        assertThat(db.call("Scan", scan(condition, "")).get("Count").intValue())
                .isEqualTo(holds ? 1 : 0);
        if (holds) {
            db.call("DeleteItem", delete);
        } else {
            assertThat(db.refused("DeleteItem", delete))
                    .isEqualTo("ConditionalCheckFailedException: The conditional request failed");
        }
        assertThat(get("1").has("Item")).isEqualTo(!holds);
    }

    @Test
    void expectsAValueOrNone() {
        String put =
                "{'TableName': 'tab', 'Item': {'p': {'S': 'a'}, 's': {'N': '1'}}, 'Expected': %s}";

        assertThat(db.refused("PutItem", put.formatted("{'n': {'Exists': false}}")))
                .startsWith("ConditionalCheckFailedException: ");
        assertThat(db.refused("PutItem", put.formatted("{'n': {'Value': {'N': '6'}}}")))
                .startsWith("ConditionalCheckFailedException: ");
        db.call("PutItem", put.formatted("{'n': {'Value': {'N': '5'}, 'Exists': true}}"));
        db.call("PutItem", put.formatted("{'n': {'Exists': false}}"));
        db.call("PutItem", put.formatted("{}"));
    }

    @Test
    void joinsByAndUnlessAskedForOr() {
        String two =
                """
                {'n': {'ComparisonOperator': 'EQ', 'AttributeValueList': [{'N': '5'}]},
                 'no': {'ComparisonOperator': 'NOT_NULL'}}
                """;

        assertThat(db.call("Scan", scan(two, "")).get("Count").intValue()).isZero();
        assertThat(
                        db.call("Scan", scan(two, ", 'ConditionalOperator': 'AND'"))
                                .get("Count")
                                .intValue())
                .isZero();
        assertThat(
                        db.call("Scan", scan(two, ", 'ConditionalOperator': 'OR'"))
                                .get("Count")
                                .intValue())
                .isOne();
    }

    @Test
    void takesTenThousandConditions() {
        String conditions =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> "'a" + i + "': {'ComparisonOperator': 'NULL'}")
                        .collect(Collectors.joining(", ", "{", "}"));

        assertThat(db.call("Scan", scan(conditions, "")).get("Count").intValue()).isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'n': {}} | Value must be provided when Exists is null for Attribute: n",
                "{'n': {'Exists': true}} | Value must be provided when Exists is true for Attribute:"
                        + " n",
                "{'n': {'Exists': false, 'Value': {'N': '1'}}} | Value cannot be used when Exists is"
                        + " false for Attribute: n",
                "{'n': {'ComparisonOperator': 'LT'}} | Value or AttributeValueList must be used with"
                        + " ComparisonOperator: LT for Attribute: n",
                "{'n': {'Exists': true, 'ComparisonOperator': 'LT'}} | Exists and ComparisonOperator"
                        + " cannot be used together for Attribute: n",
                "{'n': {'ComparisonOperator': 'LT', 'Value': {'N': '1'}, 'AttributeValueList':"
                        + " [{'N': '1'}]}} | Value and AttributeValueList cannot be used together"
                        + " for Attribute: n",
                "{'n': {'Exists': true, 'AttributeValueList': [{'N': '1'}]}} | AttributeValueList"
                        + " can only be used with a ComparisonOperator for Attribute: n",
                "{'n': {'ComparisonOperator': 'NULL', 'Value': {'N': '1'}}} | Invalid number of"
                        + " argument(s) for the NULL ComparisonOperator",
                "{'n': {'ComparisonOperator': 'BETWEEN', 'Value': {'N': '1'}}} | Invalid number of"
                        + " argument(s) for the BETWEEN ComparisonOperator",
                "{'n': {'ComparisonOperator': 'EQ', 'AttributeValueList': []}} | Invalid number of"
                        + " argument(s) for the EQ ComparisonOperator"
            })
    void refusesExpectationsThatMakeNoSense(String expected, String message) {
        assertThat(db.refused("DeleteItem", update("1", "'Expected': " + expected)))
                .isEqualTo(INVALID + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "EQ           |                                | Invalid number of argument(s) for"
                        + " the EQ ComparisonOperator",
                "IN           |                                | Invalid number of argument(s) for"
                        + " the IN ComparisonOperator",
                "NULL         | {'S': 'a'}                     | Invalid number of argument(s) for"
                        + " the NULL ComparisonOperator",
                "BETWEEN      | {'S': 'a'}                     | Invalid number of argument(s) for"
                        + " the BETWEEN ComparisonOperator",
                "EQ           | {'N': '1'}, {'SS': ['a', 'a']} | Input collection [a, a] contains"
                        + " duplicates.",
                "IN           | {'S': 'a'}, {'N': '1'}         | AttributeValues inside"
                        + " AttributeValueList must be of same type",
                "LT           | {'BOOL': true}                 | ComparisonOperator LT is not valid"
                        + " for BOOL AttributeValue type",
                "IN           | {'L': []}                      | ComparisonOperator IN is not valid"
                        + " for L AttributeValue type",
                "CONTAINS     | {'SS': ['a']}                  | ComparisonOperator CONTAINS is not"
                        + " valid for SS AttributeValue type",
                "NOT_CONTAINS | {'M': {}}                      | ComparisonOperator NOT_CONTAINS is"
                        + " not valid for M AttributeValue type",
                "BEGINS_WITH  | {'N': '1'}                     | ComparisonOperator BEGINS_WITH is"
                        + " not valid for N AttributeValue type",
                "BETWEEN      | {'NULL': true}, {'NULL': true} | ComparisonOperator BETWEEN is not"
                        + " valid for NULL AttributeValue type"
            })
    void refusesValuesThatTheOperatorDoesNotTake(String operator, String values, String message) {
        String condition =
                "{'n': {'ComparisonOperator': '%s'%s}}"
                        .formatted(
                                operator,
                                values == null ? "" : ", 'AttributeValueList': [" + values + "]");

        assertThat(db.refused("Scan", scan(condition, ""))).isEqualTo(INVALID + message);
        assertThat(db.refused("Query", query(condition, ""))).isEqualTo(INVALID + message);
    }

    @Test
    void refusesABetweenUpsideDown() {
        String between =
                "{'n': {'ComparisonOperator': 'BETWEEN', 'AttributeValueList': [{'N': '2'}, {'N':"
                        + " '1'}]}}";

        assertThat(db.refused("Scan", scan(between, "")))
                .isEqualTo(
                        VALIDATION
                                + "The BETWEEN condition was provided a range where the lower bound"
                                + " is greater than the upper bound");
    }

    @Test
    void refusesAConditionalOperatorWithNothingToJoin() {
        String one = "{'n': {'ComparisonOperator': 'NULL'}}";
        String or = ", 'ConditionalOperator': 'OR'";
        String without =
                VALIDATION + "ConditionalOperator cannot be used without Filter or Expected";

        assertThat(db.refused("Scan", scan(one, or)))
                .isEqualTo(
                        VALIDATION
                                + "ConditionalOperator can only be used when Filter or Expected has"
                                + " two or more elements");
        assertThat(db.refused("Scan", scan("{}", or))).isEqualTo(without);
        assertThat(db.refused("DeleteItem", update("1", "'ConditionalOperator': 'AND'")))
                .isEqualTo(without);
        assertThat(
                        db.refused(
                                "Query",
                                query(
                                        "{'p': {'ComparisonOperator': 'EQ',"
                                                + " 'AttributeValueList': [{'S': 'a'}]}}",
                                        or)))
                .isEqualTo(without);
    }

    @Test
    void putsAddsAndDeletes() {
        JsonNode answer =
                db.call(
                        "UpdateItem",
                        update(
                                "1",
                                """
                                'AttributeUpdates': {
                                    'new': {'Value': {'N': '1.0'}},
                                    't': {'Action': 'PUT', 'Value': {'S': ''}},
                                    'n': {'Action': 'ADD', 'Value': {'N': '-7'}},
                                    'made': {'Action': 'ADD', 'Value': {'N': '3'}},
                                    'ss': {'Action': 'ADD', 'Value': {'SS': ['y', 'z']}},
                                    'ns': {'Action': 'DELETE', 'Value': {'NS': ['2.0', '9']}},
                                    'l': {'Action': 'ADD', 'Value': {'L': [{'N': '1'}]}},
                                    'list': {'Action': 'ADD', 'Value': {'L': [{'N': '2'}]}},
                                    'b': {'Action': 'DELETE'},
                                    'no': {'Action': 'DELETE', 'Value': {'SS': ['q']}}},
                                'ReturnValues': 'UPDATED_NEW'
                                """));

        assertThat(answer.get("Attributes"))
                .isEqualTo(
                        json(
                                """
                                {'new': {'N': '1'}, 't': {'S': ''}, 'n': {'N': '-2'},
                                 'made': {'N': '3'}, 'ss': {'SS': ['x', 'y', 'z']},
                                 'ns': {'NS': ['1']}, 'l': {'L': [{'S': 'x'}, {'N': '1'}]},
                                 'list': {'L': [{'N': '2'}]}}
                                """));
        assertThat(get("1").get("Item").has("b")).isFalse();
        assertThat(get("1").get("Item").has("yes")).isTrue();
    }

    @Test
    void theLastElementTakesTheSetWithIt() {
        db.call(
                "UpdateItem",
                update(
                        "1",
                        "'AttributeUpdates': {'ss': {'Action': 'DELETE', 'Value': {'SS': ['x',"
                                + " 'y']}}}"));

        assertThat(get("1").get("Item").has("ss")).isFalse();
    }

    @Test
    void deletingFromNoItemMakesNone() {
        String delete =
                "'AttributeUpdates': {'a': {'Action': 'DELETE'}, 'b': {'Action': 'DELETE', 'Value':"
                        + " {'SS': ['x']}}}, 'ReturnValues': 'ALL_NEW'";

        assertThat(db.call("UpdateItem", update("2", delete))).isEqualTo(json("{}"));
        assertThat(get("2").has("Item")).isFalse();
        db.call("UpdateItem", update("2", "'AttributeUpdates': {}"));
        assertThat(get("2").get("Item")).isEqualTo(json("{'p': {'S': 'a'}, 's': {'N': '2'}}"));
        db.call(
                "UpdateItem",
                update("3", "'AttributeUpdates': {'a': {'Action': 'ADD', 'Value': {'N': '1'}}}"));
        assertThat(get("3").get("Item").get("a")).isEqualTo(json("{'N': '1'}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a': {}} | Only DELETE action is allowed when no attribute value is specified",
                "{'a': {'Action': 'ADD'}} | Only DELETE action is allowed when no attribute value is"
                        + " specified",
                "{'a': {'Action': 'ADD', 'Value': {'S': 'x'}}} | ADD action is not supported for the"
                        + " type S",
                "{'a': {'Action': 'ADD', 'Value': {'M': {}}}} | ADD action is not supported for the"
                        + " type M",
                "{'a': {'Action': 'DELETE', 'Value': {'L': []}}} | DELETE action with value is not"
                        + " supported for the type L",
                "{'a': {'Action': 'DELETE', 'Value': {'N': '1'}}} | DELETE action with value is not"
                        + " supported for the type N",
                "{'s': {'Value': {'N': '1'}}, 'p': {'Action': 'DELETE'}} | Cannot update attribute"
                        + " p. This attribute is part of the key"
            })
    void refusesUpdatesThatMakeNoSense(String updates, String message) {
        assertThat(db.refused("UpdateItem", update("1", "'AttributeUpdates': " + updates)))
                .isEqualTo(INVALID + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'ss': {'Action': 'ADD', 'Value': {'NS': ['1']}}}",
                "{'ss': {'Action': 'DELETE', 'Value': {'NS': ['1']}}}",
                "{'t': {'Action': 'ADD', 'Value': {'N': '1'}}}",
                "{'n': {'Action': 'ADD', 'Value': {'L': []}}}"
            })
    void refusesToAddToAnotherType(String updates) {
        assertThat(db.refused("UpdateItem", update("1", "'AttributeUpdates': " + updates)))
                .isEqualTo(VALIDATION + "Type mismatch for attribute to update");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "LT          | {'N': '3'}             | [1, 2]",
                "LE          | {'N': '3'}             | [1, 2, 3]",
                "GT          | {'N': '3'}             | [4]",
                "GE          | {'N': '3'}             | [3, 4]",
                "EQ          | {'N': '3'}             | [3]",
                "BETWEEN     | {'N': '2'}, {'N': '3'} | [2, 3]"
            })
    void queriesByKeyConditions(String operator, String values, String found) {
        for (String sort : List.of("2", "3", "4")) {
            db.put("tab", "{'p': {'S': 'a'}, 's': {'N': '" + sort + "'}}");
        }
        String conditions =
                """
                {'p': {'ComparisonOperator': 'EQ', 'AttributeValueList': [{'S': 'a'}]},
                 's': {'ComparisonOperator': '%s', 'AttributeValueList': [%s]}}
                """
                        .formatted(operator, values);

        assertThat(sortKeys(db.call("Query", query(conditions, "")))).hasToString(found);
    }

    @Test
    void queriesWithAQueryFilterOrAFilterExpression() {
        db.put("tab", "{'p': {'S': 'a'}, 's': {'N': '2'}}");
        String conditions =
                "{'p': {'ComparisonOperator': 'EQ', 'AttributeValueList': [{'S': 'a'}]}}";

        assertThat(
                        sortKeys(
                                db.call(
                                        "Query",
                                        query(
                                                conditions,
                                                ", 'QueryFilter': {'n': {'ComparisonOperator':"
                                                        + " 'NULL'}}"))))
                .containsExactly("2");
        assertThat(
                        sortKeys(
                                db.call(
                                        "Query",
                                        query(
                                                conditions,
                                                ", 'FilterExpression': 'attribute_exists(n)'"))))
                .containsExactly("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | Conditions can be of length 1 or 2 only",
                "{'p': {'ComparisonOperator': 'NULL'}} | Attempted conditional constraint is not an"
                        + " indexable operation",
                "{'p': {'ComparisonOperator': 'NE', 'AttributeValueList': [{'S': 'a'}]}} | Attempted"
                        + " conditional constraint is not an indexable operation",
                "{'p': {'ComparisonOperator': 'GT', 'AttributeValueList': [{'S': 'a'}]}} | Query key"
                        + " condition not supported",
                "{'s': {'ComparisonOperator': 'EQ', 'AttributeValueList': [{'N': '1'}]}} | Query"
                        + " condition missed key schema element: p",
                "{'p': {'ComparisonOperator': 'EQ', 'AttributeValueList': [{'N': '1'}]}} | One or"
                        + " more parameter values were invalid: Condition parameter type does not"
                        + " match schema type"
            })
    void refusesKeyConditionsThatNoKeyServes(String conditions, String message) {
        assertThat(db.refused("Query", query(conditions, ""))).isEqualTo(VALIDATION + message);
    }

    @Test
    void refusesAFilterOnTheKey() {
        assertThat(
                        db.refused(
                                "Query",
                                query(
                                        "{'p': {'ComparisonOperator': 'EQ', 'AttributeValueList':"
                                                + " [{'S': 'a'}]}}",
                                        ", 'QueryFilter': {'s': {'ComparisonOperator': 'NULL'}}")))
                .isEqualTo(
                        VALIDATION
                                + "QueryFilter can only contain non-primary key attributes: Primary"
                                + " key attribute: s");
    }

    @Test
    void refusesBothKindsOfKeyConditions() {
        assertThat(
                        db.refused(
                                "Query",
                                query(
                                        "{'p': {'ComparisonOperator': 'NULL'}}",
                                        ", 'KeyConditionExpression': 'p = :p',"
                                                + " 'AttributesToGet': ['p']")))
                .isEqualTo(
                        VALIDATION
                                + "Can not use both expression and non-expression parameters in the"
                                + " same request: Non-expression parameters: {AttributesToGet,"
                                + " KeyConditions} Expression parameters: {KeyConditionExpression}");
    }

    @Test
    void refusesAnAttributeTwice() {
        assertThat(db.refused("Scan", "{'TableName': 'tab', 'AttributesToGet': ['a', 'a']}"))
                .isEqualTo(INVALID + "Duplicate value in attribute name: a");
    }
}
