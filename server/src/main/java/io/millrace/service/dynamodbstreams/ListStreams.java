package io.millrace.service.dynamodbstreams;

import io.millrace.api.dynamodbstreams.ListStreamsInput;
import io.millrace.api.dynamodbstreams.ListStreamsOutput;
import io.millrace.api.dynamodbstreams.Stream;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.stream.StreamOptions;
import io.millrace.stream.TableStream;
import io.millrace.stream.TableStreams;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;

/// `ListStreams`: the caller's streams, those too that ended less than the retention ago, a day at
/// first.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html).
final class ListStreams implements Operation<ListStreamsInput, ListStreamsOutput> {
    private static final String TABLE = "table/";

    private final Store store;
    private final InstantSource clock;
    private final StreamOptions options;

    ListStreams(Store store, InstantSource clock, StreamOptions options) {
        this.store = store;
        this.clock = clock;
        this.options = options;
    }

    @Override
    public ListStreamsOutput handle(Caller caller, ListStreamsInput request) {
        long oldestMillis = options.oldestMillis(clock.instant());
        return store.read(tx -> list(tx, caller, request, oldestMillis));
    }

    private static ListStreamsOutput list(
            Snapshot tx, Caller caller, ListStreamsInput request, long oldestMillis) {
        Integer limit = request.limit();
        int count =
                limit == null
                        ? DynamoDbStreamsLimits.LIST_STREAMS_MAX
                        : Math.min(limit, DynamoDbStreamsLimits.LIST_STREAMS_MAX);
        List<TableStream> found =
                TableStreams.list(
                        tx,
                        caller.accountId(),
                        caller.region(),
                        tableName(request.tableName()),
                        after(tx, caller, request.exclusiveStartStreamArn()),
                        oldestMillis,
                        count + 1);
        List<TableStream> page = found.size() > count ? found.subList(0, count) : found;
        return new ListStreamsOutput(
                page.stream()
                        .map(each -> new Stream(each.arn(), each.tableName(), each.label()))
                        .toList(),
                found.size() > count ? page.getLast().arn() : null);
    }

    /// A name, or the name in an ARN.
    private static @Nullable String tableName(@Nullable String text) {
        if (text == null || !text.startsWith("arn:")) {
            return text;
        }
        int split = text.indexOf(TABLE);
        return split < 0 ? text : text.substring(split + TABLE.length());
    }

    private static @Nullable TableStream after(Snapshot tx, Caller caller, @Nullable String arn) {
        if (arn == null) {
            return null;
        }
        StreamArn parsed = StreamArn.parse(arn);
        TableStream stream =
                parsed == null
                        ? null
                        : TableStreams.find(
                                tx,
                                caller.accountId(),
                                caller.region(),
                                parsed.tableName(),
                                parsed.label());
        if (stream == null) {
            throw DynamoDbStreamsErrors.invalid("Invalid ExclusiveStartStreamArn");
        }
        return stream;
    }
}
