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
import io.millrace.stream.StreamOptions;
import io.millrace.stream.StreamShard;
import io.millrace.stream.StreamShard.Parent;
import io.millrace.stream.StreamShards;
import io.millrace.stream.TableStream;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `DescribeStream`: a stream and its shards.
///
/// Errors: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html).
final class DescribeStream implements Operation<DescribeStreamInput, DescribeStreamOutput> {
    private static final int PAGE_SHARDS = 100;

    private final Store store;
    private final InstantSource clock;
    private final StreamOptions options;

    DescribeStream(Store store, InstantSource clock, StreamOptions options) {
        this.store = store;
        this.clock = clock;
        this.options = options;
    }

    @Override
    public DescribeStreamOutput handle(Caller caller, DescribeStreamInput request) {
        long oldestMillis = options.oldestMillis(clock.instant());
        Integer limit = request.limit();
        int count =
                limit == null
                        ? DynamoDbStreamsLimits.DESCRIBE_SHARDS_MAX
                        : Math.min(limit, DynamoDbStreamsLimits.DESCRIBE_SHARDS_MAX);
        return store.read(tx -> {
            TableStream stream = StreamArn.find(tx, caller, request.streamArn(), oldestMillis);
            List<StreamShard> found =
                    request.shardFilter() == null
                            ? StreamShards.page(
                                    tx, stream, after(stream, request), oldestMillis, count + 1)
                            : children(tx, stream, request, oldestMillis, count + 1);
            return describe(tx, stream, found, count);
        });
    }

    /// The number of the shard that the page begins behind. Behind a shard that never was stands
    /// nothing.
    private static int after(TableStream stream, DescribeStreamInput request) {
        String start = request.exclusiveStartShardId();
        if (start == null) {
            return -1;
        }
        int shard = stream.shardNumber(start);
        return shard < 0 ? stream.shardCount() - 1 : shard;
    }

    /// The shards that followed the one that the filter names.
    private static List<StreamShard> children(
            Snapshot tx,
            TableStream stream,
            DescribeStreamInput request,
            long oldestMillis,
            int countMax) {
        ShardFilter filter = request.shardFilter();
        String parentId = filter == null ? null : filter.shardId();
        if (filter == null || filter.type() == null || parentId == null) {
            throw DynamoDbStreamsErrors.invalid(
                    "ShardFilter must have both Type and ShardId specified");
        }
        StreamShard parent = StreamShards.find(tx, stream, parentId, oldestMillis);
        if (parent == null) {
            throw DynamoDbStreamsErrors.shardNotFound();
        }
        List<StreamShard> children = new ArrayList<>();
        if (parent.open()) {
            return children;
        }
        int after = Math.max(parent.shard(), after(stream, request));
        while (children.size() < countMax) { // ends at the latest with the last page
            List<StreamShard> page =
                    StreamShards.page(tx, stream, after, oldestMillis, PAGE_SHARDS);
            for (StreamShard shard : page) {
                Parent of = shard.parent();
                if (of != null && of.shard() == parent.shard() && children.size() < countMax) {
                    children.add(shard);
                }
            }
            if (page.size() < PAGE_SHARDS) {
                return children;
            }
            after = page.getLast().shard();
        }
        return children;
    }

    private static DescribeStreamOutput describe(
            Snapshot tx, TableStream stream, List<StreamShard> found, int count) {
        boolean more = found.size() > count;
        List<StreamShard> page = more ? found.subList(0, count) : found;
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
                        .shards(page.stream().map(shard -> shard(tx, stream, shard)).toList())
                        .lastEvaluatedShardId(more ? stream.shardId(page.getLast()) : null)
                        .build());
    }

    private static Shard shard(Snapshot tx, TableStream stream, StreamShard shard) {
        Bounds bounds = stream.log(shard.shard()).bounds(tx);
        if (bounds == null) {
            throw new IllegalStateException("no shard " + shard + " in " + stream.arn());
        }
        Position last = bounds.last();
        return new Shard(
                stream.shardId(shard),
                new SequenceNumberRange(
                        bounds.first().sequenceNumber(),
                        last == null ? null : last.sequenceNumber()),
                shard.parent() == null ? null : stream.shardId(shard.parent()));
    }
}
