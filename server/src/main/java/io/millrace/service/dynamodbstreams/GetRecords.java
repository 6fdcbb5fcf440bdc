package io.millrace.service.dynamodbstreams;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodbstreams.GetRecordsInput;
import io.millrace.api.dynamodbstreams.GetRecordsOutput;
import io.millrace.api.dynamodbstreams.Identity;
import io.millrace.api.dynamodbstreams.Record;
import io.millrace.api.dynamodbstreams.StreamRecord;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.stream.ImageDecoder;
import io.millrace.stream.StreamLog;
import io.millrace.stream.StreamLog.Entry;
import io.millrace.stream.StreamLog.Page;
import io.millrace.stream.StreamOptions;
import io.millrace.stream.StreamShards;
import io.millrace.stream.TableChange;
import io.millrace.stream.TableStream;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// `GetRecords`: what comes next in a shard, at most 1,000 records and 1 MB, and the token to read
/// on with; no token at the end of a closed shard.
///
/// Errors: `ExpiredIteratorException`, `ResourceNotFoundException`, `TrimmedDataAccessException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html).
final class GetRecords implements Operation<GetRecordsInput, GetRecordsOutput> {
    private static final Identity SERVICE = new Identity("dynamodb.amazonaws.com", "Service");
    private static final HexFormat HEX = HexFormat.of();

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
                    page.entries().stream().map(entry -> record(stream, log, entry)).toList();
            return new GetRecordsOutput(
                    records,
                    page.next() == null
                            ? null
                            : iterator.at(page.next(), now.toEpochMilli()).toString());
        } catch (StreamLog.TrimmedException _) {
            throw DynamoDbStreamsErrors.trimmed();
        }
    }

    private Record record(TableStream stream, StreamLog log, Entry entry) {
        TableChange change = TableChange.read(entry.payload());
        return Record.builder()
                .eventID(eventId(log, entry))
                .eventName(change.eventName().name())
                .eventVersion("1.1")
                .eventSource("aws:dynamodb")
                .awsRegion(stream.region())
                .userIdentity(change.byService() ? SERVICE : null)
                .dynamodb(
                        StreamRecord.builder()
                                .approximateCreationDateTime(
                                        Instant.ofEpochMilli(entry.epochMillis())
                                                .truncatedTo(ChronoUnit.SECONDS))
                                .keys(images.decode(change.keys()))
                                .oldImage(image(change.oldImage()))
                                .newImage(image(change.newImage()))
                                .sequenceNumber(entry.position().sequenceNumber())
                                .sizeBytes((long) change.sizeBytes())
                                .streamViewType(stream.viewType())
                                .build())
                .build();
    }

    private @Nullable Map<String, AttributeValue> image(byte @Nullable [] image) {
        return image == null ? null : images.decode(image);
    }

    /// 32 hexadecimal digits, the same whenever the record is read.
    private static String eventId(StreamLog log, Entry entry) {
        long low = entry.position().version() << 16 | entry.position().index();
        return HEX.toHexDigits(log.number() + log.shard()) + HEX.toHexDigits(low);
    }
}
