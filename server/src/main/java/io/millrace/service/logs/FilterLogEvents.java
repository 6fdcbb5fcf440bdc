package io.millrace.service.logs;

import io.millrace.api.logs.FilterLogEventsRequest;
import io.millrace.api.logs.FilterLogEventsResponse;
import io.millrace.api.logs.FilteredLogEvent;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.service.logs.filter.FilterPattern;
import io.millrace.service.logs.filter.FilterPatternException;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// `FilterLogEvents`: the events of a group in the order of their timestamps, whatever their
/// streams; those that match a pattern. Reads the time range that is asked for and no more, and of
/// few streams only their own events. Errors: `InvalidParameterException`,
/// `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html).
final class FilterLogEvents implements Operation<FilterLogEventsRequest, FilterLogEventsResponse> {

    /// Where a search goes on: behind the last event that it looked at.
    private record Token(Direction direction, Position last) {
        private static final String FORWARD = "f-";
        private static final String BACKWARD = "b-";

        static Token parse(String text) {
            boolean forward = text.startsWith(FORWARD);
            Position last =
                    forward || text.startsWith(BACKWARD)
                            ? Position.parse(text.substring(FORWARD.length()))
                            : null;
            if (last == null) {
                throw LogsErrors.invalidToken();
            }
            return new Token(forward ? Direction.FORWARD : Direction.BACKWARD, last);
        }

        String text() {
            return (direction == Direction.FORWARD ? FORWARD : BACKWARD) + last.text();
        }
    }

    private final Store store;
    private final InstantSource clock;
    private final Groups groups;

    FilterLogEvents(Store store, InstantSource clock, Groups groups) {
        this.store = store;
        this.clock = clock;
        this.groups = groups;
    }

    @Override
    public FilterLogEventsResponse handle(Caller caller, FilterLogEventsRequest request) {
        GroupName name = GroupName.of(caller, request.logGroupName(), request.logGroupIdentifier());
        if (request.logStreamNames() != null && request.logStreamNamePrefix() != null) {
            throw LogsErrors.invalidParameter(
                    "LogStream names and LogStream name prefix are mutually exclusive"
                            + " parameters.");
        }
        Token token = request.nextToken() == null ? null : Token.parse(request.nextToken());
        try {
            FilterPattern pattern =
                    FilterPattern.parse(Objects.requireNonNullElse(request.filterPattern(), ""));
            return store.read(snapshot -> search(snapshot, name, request, pattern, token));
        } catch (FilterPatternException e) {
            throw LogsErrors.invalidParameter(e.reason());
        }
    }

    private FilterLogEventsResponse search(
            Snapshot snapshot,
            GroupName name,
            FilterLogEventsRequest request,
            FilterPattern pattern,
            @Nullable Token token) {
        StoredGroup group = groups.require(snapshot, name);
        List<StoredStream> streams = streams(snapshot, group, request);
        EventRange range = range(group, request, token);
        Search search = new Search(snapshot, group, request, pattern, range.direction());
        if (streams == null) {
            try (EventCursor cursor = EventCursor.ofGroup(snapshot, group, range)) {
                search.run(cursor);
            }
        } else {
            try (EventCursor cursor = EventCursor.ofStreams(snapshot, group, streams, range)) {
                search.run(cursor);
            }
        }
        return FilterLogEventsResponse.builder()
                .events(search.found)
                .searchedLogStreams(List.of())
                .nextToken(search.next == null ? null : search.next.text())
                .build();
    }

    private EventRange range(
            StoredGroup group, FilterLogEventsRequest request, @Nullable Token token) {
        long start = request.startTime() == null ? 0 : request.startTime();
        long end = request.endTime() == null ? Long.MAX_VALUE : request.endTime();
        Direction direction =
                Boolean.FALSE.equals(request.startFromHead())
                        ? Direction.BACKWARD
                        : Direction.FORWARD;
        EventRange range =
                new EventRange(
                        Position.at(Math.max(start, group.oldestMillis(clock.millis()))),
                        Position.at(end == Long.MAX_VALUE ? end : end + 1),
                        token == null ? direction : token.direction);
        return token == null ? range : range.behind(token.last);
    }

    /// The streams whose events are searched one by one; null when it is the whole group's.
    private @Nullable List<StoredStream> streams(
            Snapshot snapshot, StoredGroup group, FilterLogEventsRequest request) {
        List<StoredStream> streams = new ArrayList<>();
        List<String> names = request.logStreamNames();
        if (names != null) {
            for (String name : names.stream().distinct().toList()) {
                streams.add(groups.requireStream(snapshot, group, name));
            }
            return streams;
        }
        String prefix = request.logStreamNamePrefix();
        if (prefix == null) {
            return null;
        }
        groups.eachStream(
                snapshot,
                group,
                prefix,
                stream -> {
                    streams.add(stream);
                    return streams.size() <= LogsLimits.MERGED_STREAMS_MAX;
                });
        return streams.size() <= LogsLimits.MERGED_STREAMS_MAX ? streams : null;
    }

    /// One page of a search under way.
    private static final class Search {
        private final Snapshot snapshot;
        private final StoredGroup group;
        private final FilterPattern pattern;
        private final Direction direction;
        private final int limit;
        private final String prefix;
        private final Map<Long, String> names = new HashMap<>();
        private final List<FilteredLogEvent> found = new ArrayList<>();
        private long foundBytes;
        private @Nullable Token next;

        Search(
                Snapshot snapshot,
                StoredGroup group,
                FilterLogEventsRequest request,
                FilterPattern pattern,
                Direction direction) {
            this.snapshot = snapshot;
            this.group = group;
            this.pattern = pattern;
            this.direction = direction;
            this.limit = request.limit() == null ? LogsLimits.PAGE_EVENTS_MAX : request.limit();
            this.prefix = Objects.requireNonNullElse(request.logStreamNamePrefix(), "");
        }

        /// Ends with the cursor, or when the page is full, or has taken enough.
        void run(EventCursor cursor) {
            int searched = 0;
            long searchedBytes = 0;
            Token last = null;
            while (cursor.next()) {
                boolean enough =
                        found.size() == limit
                                || searched == LogsLimits.SEARCHED_EVENTS_MAX
                                || searchedBytes > LogsLimits.SEARCHED_BYTES_MAX
                                || !take(cursor);
                if (enough) {
                    next = last;
                    return;
                }
                searched++;
                searchedBytes += cursor.value().length;
                last = new Token(direction, cursor.position());
            }
        }

        /// False when the event matches and does not fit.
        private boolean take(EventCursor cursor) {
            byte[] value = cursor.value();
            String stream =
                    names.computeIfAbsent(
                            StoredEvent.stream(value),
                            number ->
                                    Objects.requireNonNullElse(
                                            Groups.streamName(snapshot, group.number(), number),
                                            ""));
            if (stream.isEmpty() || !stream.startsWith(prefix)) { // or: the stream is deleted
                return true;
            }
            StoredEvent event = StoredEvent.decode(value);
            if (!pattern.matches(event.message())) {
                return true;
            }
            foundBytes += StoredEvent.size(value);
            if (foundBytes > LogsLimits.PAGE_BYTES_MAX && !found.isEmpty()) {
                return false;
            }
            found.add(
                    FilteredLogEvent.builder()
                            .logStreamName(stream)
                            .timestamp(cursor.position().timestampMillis())
                            .message(event.message())
                            .ingestionTime(event.ingestedMillis())
                            .eventId(cursor.position().text())
                            .build());
            return true;
        }
    }
}
