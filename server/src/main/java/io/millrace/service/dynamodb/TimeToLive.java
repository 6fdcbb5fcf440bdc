package io.millrace.service.dynamodb;

/// A table's time to live.
///
/// @param attribute the attribute with the second at which an item expires, kept when switched off
/// @param number the internal number of the space of its expiry entries
record TimeToLive(boolean enabled, String attribute, long number) {}
