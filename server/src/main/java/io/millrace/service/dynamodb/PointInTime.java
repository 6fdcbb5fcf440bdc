package io.millrace.service.dynamodb;

/// The change history of a table.
///
/// @param log the internal number of its log
/// @param sinceMillis the earliest moment that can be restored, but for what `days` trims
/// @param days how long changes are kept
record PointInTime(boolean enabled, long log, long sinceMillis, int days) {}
