package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

/// What contributor insights count.
///
/// @param indexName null for the table itself
record InsightsRule(@Nullable String indexName, String mode) {}
