package io.millrace.service.dynamodbstreams;

import io.millrace.api.dynamodbstreams.GetRecordsInput;
import io.millrace.api.dynamodbstreams.GetRecordsOutput;
import io.millrace.api.dynamodbstreams.Record;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.stream.ImageDecoder;
import io.millrace.stream.StreamLog;
import io.millrace.stream.StreamLog.Page;
import io.millrace.stream.StreamOptions;
import io.millrace.stream.StreamRecords;
import io.millrace.stream.StreamShards;
import io.millrace.stream.TableStream;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// `GetRecords`: what comes next in a shard, at most 1,000 records and 1 MB, and the token to read
/// on with; no token at the end of a closed shard.
///
/// Errors: `ExpiredIteratorException`, `ResourceNotFoundException`, `TrimmedDataAccessException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html).
final class GetRecords implements Operation<GetRecordsInput, GetRecordsOutput> {
    private final Store store;
    private final InstantSource clock;
    private final StreamOptions options;
    private final ImageDecoder images;

    GetRecords(Store store, InstantSource clock, StreamOptions options, ImageDecoder images) {
        this.store = store;
        this.clock = clock;
        this.options = options;
        this.images = images;
    }

    @Override
    public GetRecordsOutput handle(Caller caller, GetRecordsInput request) {
        Integer limit = request.limit();
        if (limit != null && limit > DynamoDbStreamsLimits.RECORDS_MAX) {
            throw DynamoDbStreamsErrors.invalid("Limit should be less than or equal to 1000");
        }
        int countMax = limit == null ? DynamoDbStreamsLimits.RECORDS_MAX : limit;
        ShardIterator iterator = ShardIterator.parse(request.shardIterator());
        Instant now = clock.instant();
        if (iterator.expired(now.toEpochMilli())) {
            throw DynamoDbStreamsErrors.expiredIterator();
        }
        return store.read(tx -> records(tx, caller, iterator, countMax, now));
    }

    private GetRecordsOutput records(
            Snapshot tx, Caller caller, ShardIterator iterator, int countMax, Instant now) {
        long oldestMillis = options.oldestMillis(now);
        TableStream stream = StreamArn.find(tx, caller, iterator.streamArn(), oldestMillis);
        if (StreamShards.find(tx, stream, iterator.shard(), oldestMillis) == null) {
            throw DynamoDbStreamsErrors.iteratorsShardNotFound();
        }
        StreamLog log = stream.log(iterator.shard());
        try {
            Page page =
                    log.read(
                            tx,
                            iterator.position(),
                            countMax,
                            DynamoDbStreamsLimits.RECORDS_BYTES_MAX,
                            oldestMillis);
            List<Record> records =
                    page.entries().stream()
                            .map(entry -> StreamRecords.of(stream, log, entry, images))
                            .toList();
            return new GetRecordsOutput(
                    records,
                    page.next() == null
                            ? null
                            : iterator.at(page.next(), now.toEpochMilli()).toString());
        } catch (StreamLog.TrimmedException _) {
            throw DynamoDbStreamsErrors.trimmed();
        }
    }
}
