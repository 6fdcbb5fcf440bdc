package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.KinesisDataStreamDestination;

import org.jspecify.annotations.Nullable;

/// A Kinesis stream that a table's changes were asked to go to.
///
/// @param description why it is not ready, when it is not
/// @param precision `MILLISECOND` or `MICROSECOND`; null as good as the first
record KinesisDestination(
        String streamArn, String status, @Nullable String description, @Nullable String precision) {
    static final String ENABLE_FAILED = "ENABLE_FAILED";

    KinesisDataStreamDestination describe() {
        return new KinesisDataStreamDestination(streamArn, status, description, precision);
    }
}
