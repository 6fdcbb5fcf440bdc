package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Shape;
import io.millrace.api.codec.JsonShapeReader;
import io.millrace.api.dynamodb.DynamodbApi;
import io.millrace.wire.Caller;
import io.millrace.wire.Requested;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

final class AskedSelectTest {
    private static final String ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/tab";

    private static final Caller CALLER =
            new Caller(
                    "000000000000",
                    "us-east-1",
                    "arn:aws:iam::000000000000:user/alice",
                    "u",
                    "r",
                    "http://x");

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "GetItem | 'Key': {} | ALL_ATTRIBUTES",
                "GetItem | 'Key': {}, 'ProjectionExpression': 'a' | SPECIFIC_ATTRIBUTES",
                "GetItem | 'Key': {}, 'AttributesToGet': ['a'] | SPECIFIC_ATTRIBUTES",
                "Query | 'KeyConditionExpression': 'p = :p' | ALL_ATTRIBUTES",
                "Query | 'IndexName': 'i' | ALL_PROJECTED_ATTRIBUTES",
                "Query | 'IndexName': 'i', 'ProjectionExpression': 'a' | SPECIFIC_ATTRIBUTES",
                "Query | 'Select': 'COUNT' | COUNT",
                "Scan | 'Limit': 1 | ALL_ATTRIBUTES",
                "Scan | 'ProjectionExpression': 'a' | SPECIFIC_ATTRIBUTES",
                "BatchGetItem | 'RequestItems': {'tab': {'Keys': []}, 'uvw': {'Keys': [],"
                        + " 'ProjectionExpression': 'a'}} | ALL_ATTRIBUTES",
                "BatchGetItem | 'RequestItems': {'tab': {'Keys': [], 'ProjectionExpression': 'a'},"
                        + " 'uvw': {'Keys': []}} | SPECIFIC_ATTRIBUTES",
                "TransactGetItems | 'TransactItems': [{'Get': {'TableName': 'tab', 'Key': {},"
                        + " 'ProjectionExpression': 'a'}}, {'Get': {'TableName': 'tab', 'Key': {}}}] |"
                        + " ALL_ATTRIBUTES",
                "TransactGetItems | 'TransactItems': [{'Get': {'TableName': 'tab', 'Key': {},"
                        + " 'ProjectionExpression': 'a'}}, {'Get': {'TableName': 'uvw', 'Key': {}}}] |"
                        + " SPECIFIC_ATTRIBUTES",
                "ExecuteStatement | 'Statement': 'SELECT * FROM tab' | ALL_ATTRIBUTES",
                "ExecuteStatement | 'Statement': 'SELECT a FROM tab' | SPECIFIC_ATTRIBUTES",
                "ExecuteStatement | 'Statement': 'DELETE FROM tab WHERE p=?',"
                        + " 'Parameters': [{'S': 'x'}] | ",
                "ExecuteStatement | 'Statement': 'none' | ",
                "ExecuteStatement | 'Statement': 'SELECT a FROM tab WHERE p=?' |"
                        + " SPECIFIC_ATTRIBUTES",
                "ExecuteTransaction | 'TransactStatements': [{'Statement': 'EXISTS(SELECT a FROM tab"
                        + " WHERE p=?)', 'ReturnValuesOnConditionCheckFailure': 'ALL_OLD'}] |"
                        + " ALL_ATTRIBUTES",
                "ExecuteTransaction | 'TransactStatements': [{'Statement': 'EXISTS(SELECT * FROM tab"
                        + " WHERE p=?)'}] | ",
                "BatchExecuteStatement | 'Statements': [{'Statement': 'SELECT a FROM tab WHERE"
                        + " p=?', 'Parameters': [{'S': 'x'}]}, {'Statement': 'SELECT * FROM tab"
                        + " WHERE p=?', 'Parameters': [{'S': 'x'}]}] | ALL_ATTRIBUTES",
                "BatchExecuteStatement | 'Statements': [{'Statement': 'SELECT a FROM tab WHERE"
                        + " p=?', 'Parameters': [{'S': 'x'}]}, {'Statement': 'SELECT * FROM uvw"
                        + " WHERE p=?', 'Parameters': [{'S': 'x'}]}] | SPECIFIC_ATTRIBUTES",
                "PutItem | 'Item': {} | "
            })
    void isWhatARequestAsksForByItsDefaultToo(String operation, String members, String select) {
        db.createTable("tab");
        Shape input = input(operation, members);

        Map<String, List<String>> context =
                new TableResources(db.store())
                        .context(
                                CALLER,
                                operation,
                                input,
                                new Requested("dynamodb:" + operation, ARN));

        assertThat(context.get("dynamodb:select"))
                .isEqualTo(select == null ? null : List.of(select));
    }

    @Test
    void statementsThatAskForTheSameAskOnce() {
        String one = "{'Statement': 'DELETE FROM tab WHERE p=?', 'Parameters': [{'S': 'x'}]}";
        String other = "{'Statement': 'DELETE FROM uvw WHERE p=?', 'Parameters': [{'S': 'x'}]}";
        Shape input =
                input(
                        "ExecuteTransaction",
                        "'TransactStatements': [" + String.join(",", one, other, one) + "]");

        assertThat(new TableResources(db.store()).requested(CALLER, "ExecuteTransaction", input))
                .extracting(Requested::resource)
                .containsExactly(ARN, ARN.replace("/tab", "/uvw"));
    }

    private static Shape input(String operation, String members) {
        return JsonShapeReader.read(
                ("{'TableName': 'tab', " + members + "}")
                        .replace('\'', '"')
                        .getBytes(StandardCharsets.UTF_8),
                Objects.requireNonNull(DynamodbApi.MODEL.operation(operation)).input());
    }
}
