package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

/// Whether contributor insights count the keys of a table or an index.
///
/// @param indexName null for the table itself
/// @param mode `ACCESSED_AND_THROTTLED_KEYS` or `THROTTLED_KEYS`
/// @param enabled false when it was switched off, which is still told
/// @param updatedMillis of the last switch
/// @param createdMillis stands in the names of the rules
record InsightsRule(
        @Nullable String indexName,
        String mode,
        boolean enabled,
        long updatedMillis,
        long createdMillis) {
    static final String ALL_KEYS = "ACCESSED_AND_THROTTLED_KEYS";
    static final String THROTTLED_KEYS = "THROTTLED_KEYS";

    boolean accessed() {
        return enabled && mode.equals(ALL_KEYS);
    }

    boolean isFor(@Nullable String name) {
        return name == null ? indexName == null : name.equals(indexName);
    }
}
