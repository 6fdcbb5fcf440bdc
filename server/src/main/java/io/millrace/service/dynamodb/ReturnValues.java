package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.ItemWrite.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// What the parameter `ReturnValues` makes a write answer.
final class ReturnValues {
    private ReturnValues() {}

    /// PutItem and DeleteItem know no other.
    static void checkOldOrNone(@Nullable String mode) {
        if (mode != null && !mode.equals("ALL_OLD") && !mode.equals("NONE")) {
            throw DynamoDbErrors.validation("ReturnValues can only be ALL_OLD or NONE");
        }
    }

    /// Of an update; null when there is nothing to tell.
    static @Nullable Map<String, AttributeValue> tell(@Nullable String mode, Outcome outcome) {
        Map<String, AttributeValue> values =
                switch (mode == null ? "NONE" : mode) {
                    case "ALL_OLD" -> attributes(outcome.old());
                    case "ALL_NEW" -> attributes(outcome.replacement());
                    case "UPDATED_OLD" ->
                            outcome.update() == null || outcome.old() == null
                                    ? null
                                    : outcome.update().updatedOld();
                    case "UPDATED_NEW" ->
                            outcome.update() == null ? null : outcome.update().updatedNew();
                    default -> null;
                };
        return values == null || values.isEmpty() ? null : values;
    }

    private static @Nullable Map<String, AttributeValue> attributes(@Nullable StoredItem item) {
        return item == null ? null : item.answer();
    }
}
