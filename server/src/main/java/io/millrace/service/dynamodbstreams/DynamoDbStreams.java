package io.millrace.service.dynamodbstreams;

import io.millrace.api.dynamodbstreams.DynamodbstreamsApi;
import io.millrace.engine.Store;
import io.millrace.stream.ImageDecoder;
import io.millrace.stream.StreamOptions;
import io.millrace.wire.Service;

import java.time.InstantSource;

/// DynamoDB Streams' operation table.
public final class DynamoDbStreams {
    private static final String ERROR_NAMESPACE = "com.amazonaws.dynamodb.v20120810";

    private DynamoDbStreams() {}

    /// The service.
    ///
    /// @param images decodes what DynamoDB wrote
    public static Service service(
            Store store, InstantSource clock, StreamOptions options, ImageDecoder images) {
        return Service.of(
                        DynamodbstreamsApi.MODEL,
                        DynamoDbStreamsLimits.REQUEST_BYTES_MAX,
                        DynamoDbStreamsErrors::constraints)
                .handle(
                        DynamodbstreamsApi.DESCRIBE_STREAM,
                        new DescribeStream(store, clock, options))
                .handle(
                        DynamodbstreamsApi.GET_RECORDS,
                        new GetRecords(store, clock, options, images))
                .handle(
                        DynamodbstreamsApi.GET_SHARD_ITERATOR,
                        new GetShardIterator(store, clock, options))
                .handle(DynamodbstreamsApi.LIST_STREAMS, new ListStreams(store, clock, options))
                .resources(new StreamResources(store))
                .errorNamespace(ERROR_NAMESPACE)
                .internalError(DynamodbstreamsApi.Errors.INTERNAL_SERVER_ERROR)
                .checksummed()
                .build();
    }
}
