package io.millrace.service.dynamodb;

/// An index for `SearchVectors`.
///
/// @param number the internal number of its entries' space
record VectorIndex(String name, long number) {}
