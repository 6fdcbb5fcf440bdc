package io.millrace.service.dynamodbstreams;

import java.time.Duration;

/// The numbers of DynamoDB Streams. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html).
final class DynamoDbStreamsLimits {
    static final int REQUEST_BYTES_MAX = 1024 * 1024;
    static final int LIST_STREAMS_MAX = 100;
    static final int DESCRIBE_SHARDS_MAX = 100;
    static final int RECORDS_MAX = 1000;
    static final int RECORDS_BYTES_MAX = 1024 * 1024;
    static final Duration ITERATOR_LIFETIME = Duration.ofMinutes(15);

    private DynamoDbStreamsLimits() {}
}
