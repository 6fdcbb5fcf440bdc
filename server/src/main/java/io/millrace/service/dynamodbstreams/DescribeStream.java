package io.millrace.service.dynamodbstreams;

import io.millrace.api.dynamodbstreams.DescribeStreamInput;
import io.millrace.api.dynamodbstreams.DescribeStreamOutput;
import io.millrace.api.dynamodbstreams.KeySchemaElement;
import io.millrace.api.dynamodbstreams.SequenceNumberRange;
import io.millrace.api.dynamodbstreams.Shard;
import io.millrace.api.dynamodbstreams.ShardFilter;
import io.millrace.api.dynamodbstreams.StreamDescription;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.stream.Position;
import io.millrace.stream.StreamLog.Bounds;
import io.millrace.stream.TableStream;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `DescribeStream`: a stream and its shards.
///
/// Errors: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html).
final class DescribeStream implements Operation<DescribeStreamInput, DescribeStreamOutput> {
    private final Store store;
    private final InstantSource clock;

    DescribeStream(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public DescribeStreamOutput handle(Caller caller, DescribeStreamInput request) {
        Instant now = clock.instant();
        return store.read(tx -> describe(tx, caller, request, now));
    }

    private static DescribeStreamOutput describe(
            Snapshot tx, Caller caller, DescribeStreamInput request, Instant now) {
        TableStream stream = StreamArn.find(tx, caller, request.streamArn(), now);
        Integer limit = request.limit();
        int count =
                limit == null
                        ? DynamoDbStreamsLimits.DESCRIBE_SHARDS_MAX
                        : Math.min(limit, DynamoDbStreamsLimits.DESCRIBE_SHARDS_MAX);
        String start = request.exclusiveStartShardId();
        int first = start == null ? 0 : stream.shard(start) + 1;
        if (start != null && first == 0) {
            first = stream.shardCount(); // behind a shard that is not there stands nothing
        }
        List<Shard> shards = new ArrayList<>();
        int shard = first;
        for (; shard < stream.shardCount() && shards.size() < count; shard++) {
            if (shows(stream, request.shardFilter())) {
                shards.add(shard(tx, stream, shard));
            }
        }
        return new DescribeStreamOutput(
                StreamDescription.builder()
                        .streamArn(stream.arn())
                        .streamLabel(stream.label())
                        .streamStatus(stream.enabled() ? "ENABLED" : "DISABLED")
                        .streamViewType(stream.viewType())
                        .creationRequestDateTime(stream.created())
                        .tableName(stream.tableName())
                        .keySchema(
                                stream.keySchema().stream()
                                        .map(part ->
                                                new KeySchemaElement(
                                                        part.attributeName(), part.keyType()))
                                        .toList())
                        .shards(shards)
                        .lastEvaluatedShardId(
                                shard < stream.shardCount() ? stream.shardId(shard - 1) : null)
                        .build());
    }

    /// No shard has a child yet, so a filter for children shows none.
    private static boolean shows(TableStream stream, @Nullable ShardFilter filter) {
        if (filter == null) {
            return true;
        }
        String parent = filter.shardId();
        if (parent != null && stream.shard(parent) < 0) {
            throw DynamoDbStreamsErrors.shardNotFound();
        }
        return false;
    }

    private static Shard shard(Snapshot tx, TableStream stream, int shard) {
        Bounds bounds = stream.log(shard).bounds(tx);
        if (bounds == null) {
            throw new IllegalStateException("no shard " + shard + " in " + stream.arn());
        }
        Position last = bounds.last();
        return new Shard(
                stream.shardId(shard),
                new SequenceNumberRange(
                        bounds.first().sequenceNumber(),
                        last == null ? null : last.sequenceNumber()),
                null);
    }
}
