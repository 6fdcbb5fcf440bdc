package io.millrace.service.dynamodbstreams;

import io.millrace.api.dynamodbstreams.GetShardIteratorInput;
import io.millrace.api.dynamodbstreams.GetShardIteratorOutput;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.stream.Position;
import io.millrace.stream.StreamLog;
import io.millrace.stream.StreamLog.Bounds;
import io.millrace.stream.StreamOptions;
import io.millrace.stream.StreamShard;
import io.millrace.stream.StreamShards;
import io.millrace.stream.TableStream;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;

/// `GetShardIterator`: a token to read a shard with, from a place in it.
///
/// Errors: `ResourceNotFoundException`, `TrimmedDataAccessException`, `ValidationException`.
/// Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html).
final class GetShardIterator implements Operation<GetShardIteratorInput, GetShardIteratorOutput> {
    private final Store store;
    private final InstantSource clock;
    private final StreamOptions options;

    GetShardIterator(Store store, InstantSource clock, StreamOptions options) {
        this.store = store;
        this.clock = clock;
        this.options = options;
    }

    @Override
    public GetShardIteratorOutput handle(Caller caller, GetShardIteratorInput request) {
        Instant now = clock.instant();
        long oldestMillis = options.oldestMillis(now);
        return store.read(tx -> {
            TableStream stream = StreamArn.find(tx, caller, request.streamArn(), oldestMillis);
            StreamShard shard = StreamShards.find(tx, stream, request.shardId(), oldestMillis);
            if (shard == null) {
                throw DynamoDbStreamsErrors.shardNotFound();
            }
            Position position = position(tx, stream.log(shard.shard()), request, oldestMillis);
            return new GetShardIteratorOutput(
                    new ShardIterator(stream.arn(), shard.shard(), position, now.toEpochMilli())
                            .toString());
        });
    }

    private static Position position(
            Snapshot tx, StreamLog log, GetShardIteratorInput request, long oldestMillis) {
        return switch (request.shardIteratorType()) {
            case "TRIM_HORIZON" -> {
                refuseNumber(request.sequenceNumber());
                yield Position.OLDEST;
            }
            case "LATEST" -> {
                refuseNumber(request.sequenceNumber());
                yield Position.behind(tx.version());
            }
            case "AT_SEQUENCE_NUMBER" -> at(tx, log, request.sequenceNumber(), oldestMillis);
            default -> at(tx, log, request.sequenceNumber(), oldestMillis).next();
        };
    }

    private static void refuseNumber(@Nullable String sequenceNumber) {
        if (sequenceNumber != null) {
            throw DynamoDbStreamsErrors.invalid(
                    "SequenceNumber should not be passed for this iterator type");
        }
    }

    private static Position at(
            Snapshot tx, StreamLog log, @Nullable String sequenceNumber, long oldestMillis) {
        Position position =
                sequenceNumber == null ? null : Position.parse(sequenceNumber).orElse(null);
        Bounds bounds = log.bounds(tx);
        if (position == null
                || bounds == null
                || position.version() < bounds.first().version()
                || position.version() > tx.version()
                || (bounds.last() != null && position.compareTo(bounds.last()) > 0)) {
            throw DynamoDbStreamsErrors.invalid("Invalid SequenceNumber");
        }
        if (log.isTrimmed(tx, position, oldestMillis)) {
            throw DynamoDbStreamsErrors.trimmed();
        }
        return position;
    }
}
