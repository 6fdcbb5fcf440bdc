package io.millrace.service.dynamodb;

/// The throughput that a table asked to be ready for.
record WarmThroughput(long readUnitsPerSecond, long writeUnitsPerSecond) {}
