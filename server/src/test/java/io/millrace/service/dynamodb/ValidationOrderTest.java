package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.service.dynamodb.expression.DataFile;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/// Which error is told when a request has several, for every item operation: `validation-order.txt`
/// is the order. Sources: the order in which dynalite validates, which its author compared with
/// AWS; what is not attested there stands as its neighbours do.
final class ValidationOrderTest {
    private static final String LARGE =
            "{'p': {'S': 'a'}, 'x': {'S': '" + "x".repeat(400 * 1024) + "'}}";

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @BeforeEach
    void createTable() {
        db.call(
                "CreateTable",
                """
                {'TableName': 'tab', 'BillingMode': 'PAY_PER_REQUEST',
                 'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'},
                                          {'AttributeName': 'g', 'AttributeType': 'S'}],
                 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}],
                 'GlobalSecondaryIndexes': [
                     {'IndexName': 'index', 'Projection': {'ProjectionType': 'ALL'},
                      'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}]}]}
                """);
    }

    /// An operation, a line, and the lines from the end of its section up to it.
    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        List<String> section = new ArrayList<>();
        for (String line :
                DataFile.lines(ValidationOrderTest.class, "validation-order.txt").reversed()) {
            if (line.startsWith("= ")) {
                for (int i = 0; i < section.size(); i++) {
                    cases.add(
                            Arguments.of(
                                    line.substring(2), section.get(i), section.subList(0, i + 1)));
                }
                section = new ArrayList<>();
            } else {
                section.add(line);
            }
        }
        return cases;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void theFirstErrorIsTold(String operation, String line, List<String> linesFromTheEnd) {
        ObjectNode request = DynamoDbFixture.json("{}").asObject();
        for (String each : linesFromTheEnd) {
            String members = each.substring(0, each.lastIndexOf(" | ")).replace("LARGE", LARGE);
            request.setAll(DynamoDbFixture.json("{" + members + "}").asObject());
        }
        List<String> removed = new ArrayList<>();
        request.propertyNames()
                .forEach(name -> {
                    if (request.get(name).isNull()) {
                        removed.add(name);
                    }
                });
        request.remove(removed);

        assertThat(db.refusal(operation, request.toString()).message())
                .isEqualTo(line.substring(line.lastIndexOf(" | ") + 3));
    }
}
