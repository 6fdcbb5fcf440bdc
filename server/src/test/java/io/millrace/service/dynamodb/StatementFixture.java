package io.millrace.service.dynamodb;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Statements of PartiQL against tables of a [DynamoDbFixture]. Statements stand as they are;
/// further members and parameters are JSON with `'` for `"`.
final class StatementFixture implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();

    final DynamoDbFixture dynamodb = DynamoDbFixture.inMemory();

    /// A request of one statement.
    static String request(String statement, String more) {
        return "{\"Statement\": " + quoted(statement) + more.replace('\'', '"') + "}";
    }

    private static String quoted(String text) {
        // the fixture reads ' as ", so that a statement's quotes must not be there as such
        return MAPPER.writeValueAsString(text).replace("'", "\\u0027");
    }

    JsonNode run(String statement) {
        return run(statement, "");
    }

    JsonNode run(String statement, String more) {
        return dynamodb.call("ExecuteStatement", request(statement, more));
    }

    /// Code and message of a refusal.
    String refused(String statement) {
        return refused(statement, "");
    }

    String refused(String statement, String more) {
        return dynamodb.refused("ExecuteStatement", request(statement, more));
    }

    /// The message of a refusal that must be a `ValidationException`.
    String invalid(String statement) {
        return message(refused(statement));
    }

    String invalid(String statement, String more) {
        return message(refused(statement, more));
    }

    private static String message(String refusal) {
        String code = "ValidationException: ";
        if (!refusal.startsWith(code)) {
            throw new AssertionError(refusal);
        }
        return refusal.substring(code.length());
    }

    /// The values of one attribute of the items that a query answers, in their order.
    List<String> values(String attribute, String statement) {
        List<String> values = new ArrayList<>();
        for (JsonNode item : run(statement).get("Items")) {
            JsonNode value = item.get(attribute);
            values.add(value == null ? "-" : value.iterator().next().asString());
        }
        return values;
    }

    /// The item that a query answers.
    JsonNode item(String statement) {
        JsonNode items = run(statement).get("Items");
        if (items.size() != 1) {
            throw new AssertionError(items.toString());
        }
        return items.get(0);
    }

    static String transaction(String... statements) {
        return "{\"TransactStatements\": ["
                + Stream.of(statements)
                        .map(statement -> request(statement, ""))
                        .collect(Collectors.joining(", "))
                + "]}";
    }

    static String batch(String... statements) {
        return "{\"Statements\": ["
                + Stream.of(statements)
                        .map(statement -> request(statement, ""))
                        .collect(Collectors.joining(", "))
                + "]}";
    }

    JsonNode runTogether(String... statements) {
        return dynamodb.call("ExecuteTransaction", transaction(statements));
    }

    String refusedTogether(String... statements) {
        return dynamodb.refused("ExecuteTransaction", transaction(statements));
    }

    JsonNode runBatch(String... statements) {
        return dynamodb.call("BatchExecuteStatement", batch(statements));
    }

    @Override
    public void close() {
        dynamodb.close();
    }
}
