package io.millrace.service.dynamodbstreams;

import io.millrace.api.dynamodbstreams.GetShardIteratorInput;
import io.millrace.api.dynamodbstreams.GetShardIteratorOutput;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.stream.Position;
import io.millrace.stream.StreamLog;
import io.millrace.stream.StreamLog.Bounds;
import io.millrace.stream.TableStream;
import io.millrace.stream.TableStreams;
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

    GetShardIterator(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public GetShardIteratorOutput handle(Caller caller, GetShardIteratorInput request) {
        Instant now = clock.instant();
        return store.read(tx -> iterator(tx, caller, request, now));
    }

    private static GetShardIteratorOutput iterator(
            Snapshot tx, Caller caller, GetShardIteratorInput request, Instant now) {
        TableStream stream = StreamArn.find(tx, caller, request.streamArn(), now);
        int shard = stream.shard(request.shardId());
        if (shard < 0) {
            throw DynamoDbStreamsErrors.shardNotFound();
        }
        StreamLog log = stream.log(shard);
        Position position =
                switch (request.shardIteratorType()) {
                    case "TRIM_HORIZON" -> {
                        refuseNumber(request.sequenceNumber());
                        yield Position.OLDEST;
                    }
                    case "LATEST" -> {
                        refuseNumber(request.sequenceNumber());
                        yield Position.behind(tx.version());
                    }
                    case "AT_SEQUENCE_NUMBER" -> at(tx, log, request.sequenceNumber(), now);
                    default -> at(tx, log, request.sequenceNumber(), now).next();
                };
        return new GetShardIteratorOutput(
                new ShardIterator(stream.arn(), shard, position, now.toEpochMilli()).toString());
    }

    private static void refuseNumber(@Nullable String sequenceNumber) {
        if (sequenceNumber != null) {
            throw DynamoDbStreamsErrors.invalid(
                    "SequenceNumber should not be passed for this iterator type");
        }
    }

    private static Position at(
            Snapshot tx, StreamLog log, @Nullable String sequenceNumber, Instant now) {
        Position position =
                sequenceNumber == null ? null : Position.parse(sequenceNumber).orElse(null);
        Bounds bounds = log.bounds(tx);
        if (position == null
                || bounds == null
                || position.compareTo(bounds.first()) < 0
                || position.version() > tx.version()
                || (bounds.last() != null && position.compareTo(bounds.last()) > 0)) {
            throw DynamoDbStreamsErrors.invalid("Invalid SequenceNumber");
        }
        if (log.isTrimmed(tx, position, TableStreams.oldestMillis(now))) {
            throw DynamoDbStreamsErrors.trimmed();
        }
        return position;
    }
}
