package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.stream.IntStream;

/// Statements in batches: each with an answer of its own.
final class BatchExecuteStatementTest {
    private static final String NO_SINGLE_ITEM =
            "Select statements within BatchExecuteStatement must specify the primary key in the"
                    + " where clause.";

    private final StatementFixture statements = new StatementFixture();

    @BeforeEach
    void createTable() {
        statements.dynamodb.createTable("things", "S");
        statements.run("INSERT INTO things VALUE {'p': 'a', 's': '1', 'n': 1}");
    }

    @AfterEach
    void close() {
        statements.close();
    }

    private static String key(String p) {
        return " WHERE p = '" + p + "' AND s = '1'";
    }

    private static JsonNode error(String code, String message) {
        return json(
                "{'Error': {'Code': '%s', 'Message': '%s'}, 'TableName': 'things'}"
                        .formatted(code, message));
    }

    @Test
    void readsItemsByTheirKeys() {
        JsonNode responses =
                statements
                        .runBatch(
                                "SELECT n FROM things" + key("a"),
                                "SELECT * FROM things" + key("nobody"),
                                "SELECT * FROM things WHERE p = 'a'",
                                "SELECT * FROM things" + key("a") + " AND n = 1",
                                "SELECT * FROM things.idx" + key("a"),
                                "SELECT * FROM nowhere" + key("a"),
                                "SLECT * FROM things",
                                "SELECT n FROM things WHERE p IN ['a'] AND s = '1'")
                        .get("Responses");

        assertThat(responses.get(0))
                .isEqualTo(json("{'TableName': 'things', 'Item': {'n': {'N': '1'}}}"));
        assertThat(responses.get(1)).isEqualTo(json("{'TableName': 'things'}"));
        for (int i = 2; i <= 4; i++) {
            assertThat(responses.get(i)).isEqualTo(error("ValidationError", NO_SINGLE_ITEM));
        }
        assertThat(responses.get(5))
                .isEqualTo(
                        json(
                                """
                                {'Error': {'Code': 'ResourceNotFound',
                                           'Message': 'Requested resource not found'}}
                                """));
        assertThat(responses.get(6).get("Error").get("Message").asString())
                .isEqualTo(
                        "Statement wasn't well formed, can't be processed: Expected data"
                                + " manipulation");
        assertThat(responses.get(7).get("Item")).isEqualTo(json("{'n': {'N': '1'}}"));
    }

    @Test
    void writesWhatCanBeWritten() {
        JsonNode responses =
                statements
                        .runBatch(
                                "INSERT INTO things VALUE {'p': 'a', 's': '1'}",
                                "UPDATE things SET n = 5" + key("a") + " RETURNING ALL NEW *",
                                "UPDATE things SET n = 6" + key("nobody"),
                                "DELETE FROM things WHERE p = 'a'",
                                "EXISTS(SELECT * FROM things" + key("a") + " AND n = 1)",
                                "INSERT INTO things VALUE {'p': 'b', 's': '1'}")
                        .get("Responses");

        assertThat(responses.get(0))
                .isEqualTo(error("DuplicateItem", "Duplicate primary key exists in table"));
        assertThat(responses.get(1).get("Item"))
                .isEqualTo(json("{'p': {'S': 'a'}, 's': {'S': '1'}, 'n': {'N': '5'}}"));
        assertThat(responses.get(2))
                .isEqualTo(error("ConditionalCheckFailed", "The conditional request failed"));
        assertThat(responses.get(3).get("Error").get("Message").asString())
                .isEqualTo(
                        "Where clause does not contain a mandatory equality on all key attributes");
        assertThat(responses.get(4).get("Error").get("Message").asString())
                .isEqualTo("EXISTS can only be used in ExecuteTransaction write requests.");
        assertThat(responses.get(5)).isEqualTo(json("{'TableName': 'things'}"));
        assertThat(statements.values("n", "SELECT * FROM things WHERE p IN ['a', 'b']"))
                .containsExactly("5", "-");
    }

    @Test
    void tellsTheItemOfAFailedConditionWhenAsked() {
        JsonNode answer =
                statements.dynamodb.call(
                        "BatchExecuteStatement",
                        "{\"Statements\": ["
                                + StatementFixture.request(
                                        "DELETE FROM things" + key("a") + " AND n = 2",
                                        ", 'ReturnValuesOnConditionCheckFailure': 'ALL_OLD'")
                                + "]}");

        assertThat(answer.get("Responses").get(0).get("Error").get("Item").get("n"))
                .isEqualTo(json("{'N': '1'}"));
    }

    @Test
    void tellsTheCapacityOfWhatSucceeded() {
        String batch =
                StatementFixture.batch(
                        "SELECT * FROM things" + key("a"),
                        "SELECT * FROM things" + key("nobody"),
                        "SELECT * FROM things WHERE n = 1");

        assertThat(
                        statements
                                .dynamodb
                                .call(
                                        "BatchExecuteStatement",
                                        batch.substring(0, batch.length() - 1)
                                                + ", 'ReturnConsumedCapacity': 'TOTAL'}")
                                .get("ConsumedCapacity"))
                .isEqualTo(json("[{'TableName': 'things', 'CapacityUnits': 1.0}]"));
    }

    @Test
    void refusesBatchesThatMixOrAreTooLarge() {
        assertThat(
                        statements.dynamodb.refused(
                                "BatchExecuteStatement",
                                StatementFixture.batch(
                                        "SELECT * FROM things" + key("a"),
                                        "DELETE FROM things" + key("a"))))
                .startsWith("ValidationException: BatchExecuteStatement API does not support both");
        assertThat(
                        statements.dynamodb.refused(
                                "BatchExecuteStatement",
                                StatementFixture.batch(
                                        IntStream.range(0, 26)
                                                .mapToObj(i -> "DELETE FROM things" + key("k" + i))
                                                .toArray(String[]::new))))
                .contains("Member must have length less than or equal to 25");
    }
}
