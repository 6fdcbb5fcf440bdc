package io.millrace.service.dynamodbstreams;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Follows the records of a stream as a reader meets them, and fails at the first that cannot be:
/// one that came before, or one whose old image is not the item as the records before left it.
///
/// Each write puts a token of its own into the item, so that in the end every write that was
/// acknowledged can be found. Each item's changes are one chain of images, so that one that is
/// missing, doubled or out of order breaks it.
final class ChangeChecker {
    private final Map<String, JsonNode> items = new HashMap<>();
    private final Set<String> numbers = new HashSet<>();
    private final Set<String> tokens = new HashSet<>();

    /// The next record that a reader was given, as JSON.
    void next(JsonNode record) {
        JsonNode change = record.get("dynamodb");
        assertThat(numbers.add(change.get("SequenceNumber").stringValue()))
                .as("comes once: %s", record)
                .isTrue();
        String key = change.get("Keys").toString();
        JsonNode old = change.get("OldImage");
        JsonNode replacement = change.get("NewImage");
        assertThat(old).as("follows what came before: %s", record).isEqualTo(items.get(key));
        assertThat(record.get("eventName").stringValue())
                .isEqualTo(old == null ? "INSERT" : replacement == null ? "REMOVE" : "MODIFY");
        if (replacement == null) {
            items.remove(key);
        } else {
            items.put(key, replacement);
            assertThat(tokens.add(token(key, replacement.get("t").get("S").stringValue())))
                    .as("a write leaves one record: %s", record)
                    .isTrue();
        }
    }

    static String token(String key, String written) {
        return key + " " + written;
    }

    int records() {
        return numbers.size();
    }

    /// What must be true when everything has been read.
    ///
    /// @param acknowledged tokens of [#token]
    /// @param table the items that the table holds, by their keys as JSON
    void end(Set<String> acknowledged, Map<String, JsonNode> table) {
        assertThat(tokens).as("every acknowledged write").containsAll(acknowledged);
        assertThat(items).as("the table as its stream tells it").isEqualTo(table);
    }
}
