package io.millrace.service.dynamodb;

/// A Kinesis stream that a table's changes go to.
///
/// @param precision `MILLISECOND` or `MICROSECOND`
record KinesisDestination(String streamArn, String status, String precision) {}
