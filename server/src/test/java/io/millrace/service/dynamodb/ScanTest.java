package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

final class ScanTest {
    private static final int ITEMS = 300;

    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @BeforeEach
    void fill() {
        db.createTable("tab");
        for (int i = 0; i < ITEMS; i++) {
            db.put("tab", "{'p': {'S': 'k" + i + "'}, 'n': {'N': '" + i % 3 + "'}}");
        }
    }

    private List<String> scan(String more) {
        List<String> keys = new ArrayList<>();
        String start = "";
        do { // ends with the last page
            JsonNode page = db.call("Scan", "{'TableName': 'tab'" + more + start + "}");
            page.get("Items").forEach(item -> keys.add(item.get("p").get("S").stringValue()));
            JsonNode last = page.get("LastEvaluatedKey");
            start = last == null ? "" : ", 'ExclusiveStartKey': " + last;
        } while (!start.isEmpty());
        return keys;
    }

    @Test
    void findsEachItemOnce() {
        assertThat(scan("")).hasSize(ITEMS).doesNotHaveDuplicates();
        assertThat(scan(", 'Limit': 7")).isEqualTo(scan(""));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100, 1_000_000})
    void segmentsTogetherAreAll(int total) {
        List<String> keys = new ArrayList<>();
        int asked = Math.min(total, 100);
        for (int i = 0; i < asked; i++) {
            int segment = total == asked ? i : i * (total / asked);
            keys.addAll(scan(", 'TotalSegments': " + total + ", 'Segment': " + segment));
        }

        assertThat(keys).doesNotHaveDuplicates();
        if (total == asked) {
            assertThat(keys).hasSize(ITEMS);
        }
    }

    @Test
    void segmentsAreAboutEqual() {
        for (int segment = 0; segment < 4; segment++) {
            assertThat(scan(", 'TotalSegments': 4, 'Segment': " + segment))
                    .hasSizeBetween(ITEMS / 8, ITEMS / 2);
        }
    }

    @Test
    void filtersAndCounts() {
        JsonNode answer =
                db.call(
                        "Scan",
                        """
                        {'TableName': 'tab', 'Select': 'COUNT', 'FilterExpression': 'n = :n',
                         'ExpressionAttributeValues': {':n': {'N': '1'}}}
                        """);

        assertThat(answer).isEqualTo(json("{'Count': 100, 'ScannedCount': 300}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'Segment': 0 | The TotalSegments parameter is required but was not present in the"
                        + " request when Segment parameter is present",
                "'TotalSegments': 1 | The Segment parameter is required but was not present in the"
                        + " request when parameter TotalSegments is present",
                "'Segment': 2, 'TotalSegments': 2 | The Segment parameter is zero-based and must be"
                        + " less than parameter TotalSegments: Segment: 2 is not less than"
                        + " TotalSegments: 2",
                "'ExclusiveStartKey': {'x': {'S': 'a'}} | The provided starting key is invalid: The"
                        + " provided key element does not match the schema"
            })
    void refusesWhatDoesNotGoTogether(String more, String message) {
        assertThat(db.refused("Scan", "{'TableName': 'tab', " + more + "}"))
                .isEqualTo("ValidationException: " + message);
    }

    @Test
    void refusesTheStartingKeyOfAnotherSegment() {
        JsonNode page =
                db.call(
                        "Scan",
                        "{'TableName': 'tab', 'Limit': 1, 'Segment': 0, 'TotalSegments': 2}");

        assertThat(
                        db.refused(
                                "Scan",
                                "{'TableName': 'tab', 'Segment': 1, 'TotalSegments': 2,"
                                        + " 'ExclusiveStartKey': "
                                        + page.get("LastEvaluatedKey")
                                        + "}"))
                .isEqualTo(
                        "ValidationException: The provided starting key is invalid: Invalid"
                                + " ExclusiveStartKey. Please use ExclusiveStartKey with correct"
                                + " Segment. TotalSegments: 2 Segment: 1");
    }
}
