package io.millrace.service.logs;

import io.millrace.api.logs.DescribeLogStreamsRequest;
import io.millrace.api.logs.DescribeLogStreamsResponse;
import io.millrace.api.logs.LogStream;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.Objects;
import java.util.TreeSet;

/// `DescribeLogStreams`: a group's streams by their names, or by the times of their last events.
/// Errors: `ResourceNotFoundException`, `InvalidParameterException`. Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html).
final class DescribeLogStreams
        implements Operation<DescribeLogStreamsRequest, DescribeLogStreamsResponse> {
    private static final String BY_TIME = "LastEventTime";

    /// A stream's place in the list.
    ///
    /// @param lastMillis of its last event; 0 when it has none, or when only the names count
    private record Place(long lastMillis, String name) implements Comparable<Place> {
        private static final Comparator<Place> ORDER =
                Comparator.comparingLong(Place::lastMillis).thenComparing(Place::name);

        static Place parse(String text) {
            int slash = text.indexOf('/');
            try {
                return new Place(
                        Long.parseLong(text.substring(0, Math.max(0, slash))),
                        text.substring(slash + 1));
            } catch (NumberFormatException _) {
                throw LogsErrors.invalidToken();
            }
        }

        String text() {
            return lastMillis + "/" + name;
        }

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private final Store store;
    private final InstantSource clock;
    private final Groups groups;

    DescribeLogStreams(Store store, InstantSource clock, Groups groups) {
        this.store = store;
        this.clock = clock;
        this.groups = groups;
    }

    @Override
    public DescribeLogStreamsResponse handle(Caller caller, DescribeLogStreamsRequest request) {
        GroupName name = GroupName.of(caller, request.logGroupName(), request.logGroupIdentifier());
        boolean byTime = BY_TIME.equals(request.orderBy());
        if (byTime && request.logStreamNamePrefix() != null) {
            throw LogsErrors.invalidParameter(
                    "Cannot order by LastEventTime with a logStreamNamePrefix.");
        }
        String token = Page.after(request.nextToken());
        Place after = token == null ? null : Place.parse(token);
        return store.read(snapshot -> describe(snapshot, name, request, byTime, after));
    }

    private DescribeLogStreamsResponse describe(
            Snapshot snapshot,
            GroupName name,
            DescribeLogStreamsRequest request,
            boolean byTime,
            @Nullable Place after) {
        StoredGroup group = groups.require(snapshot, name);
        boolean descending = Boolean.TRUE.equals(request.descending());
        Comparator<Place> order =
                descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        Page<LogStream> page = new Page<>(request.limit());
        int count = 1 + (request.limit() == null ? LogsLimits.DESCRIBED_MAX : request.limit());
        boolean inOrder = !byTime && !descending;
        TreeSet<Place> places = new TreeSet<>(order);
        groups.eachStream(
                snapshot,
                group,
                Objects.requireNonNullElse(request.logStreamNamePrefix(), ""),
                stream -> {
                    long last = byTime ? lastMillis(snapshot, group, stream) : 0;
                    Place place = new Place(last, stream.name());
                    if (after == null || order.compare(place, after) > 0) {
                        places.add(place);
                    }
                    if (places.size() > count) {
                        places.pollLast();
                    }
                    return !inOrder || places.size() < count;
                });
        for (Place place : places) {
            page.add(place.text(), shape(snapshot, name, group, place.name()));
        }
        return DescribeLogStreamsResponse.builder()
                .logStreams(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private LogStream shape(
            Snapshot snapshot, GroupName name, StoredGroup group, String streamName) {
        StoredStream stream = groups.requireStream(snapshot, group, streamName);
        Position first = end(snapshot, group, stream, Direction.FORWARD);
        Position last = end(snapshot, group, stream, Direction.BACKWARD);
        byte[] ingested = snapshot.get(LogsKeys.ingested(group.number(), stream.number()));
        return LogStream.builder()
                .logStreamName(stream.name())
                .creationTime(stream.createdMillis())
                .firstEventTimestamp(first == null ? null : first.timestampMillis())
                .lastEventTimestamp(last == null ? null : last.timestampMillis())
                .lastIngestionTime(ingested == null ? null : Bytes.readLong(ingested, 0))
                .uploadSequenceToken((last == null ? Position.FIRST : last).text())
                .arn(name.streamArn(stream.name()))
                .storedBytes(0L)
                .build();
    }

    private long lastMillis(Snapshot snapshot, StoredGroup group, StoredStream stream) {
        Position last = end(snapshot, group, stream, Direction.BACKWARD);
        return last == null ? 0 : last.timestampMillis();
    }

    /// The first of the events that are still shown, or the last; null when there are none.
    private @Nullable Position end(
            Snapshot snapshot, StoredGroup group, StoredStream stream, Direction direction) {
        Position oldest = Position.at(group.oldestMillis(clock.millis()));
        byte[] from = LogsKeys.byStream(group.number(), stream.number(), oldest);
        byte[] to = Bytes.prefixEnd(LogsKeys.byStream(group.number(), stream.number()));
        try (Cursor cursor = snapshot.range(from, to, direction)) {
            return cursor.next() ? LogsKeys.byStreamPosition(cursor.key()) : null;
        }
    }
}
