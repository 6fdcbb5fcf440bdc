package io.millrace.service.dynamodb;

/// A consistent copy of a table that is being taken.
///
/// @param number the internal number of the space that it is copied to
record RunningSnapshot(long number) {}
