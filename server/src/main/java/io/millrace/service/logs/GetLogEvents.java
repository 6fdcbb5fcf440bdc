package io.millrace.service.logs;

import io.millrace.api.logs.GetLogEventsRequest;
import io.millrace.api.logs.GetLogEventsResponse;
import io.millrace.api.logs.OutputLogEvent;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `GetLogEvents`: a page of a stream's events, from either end or from where a page before ended.
///
/// At the end of the stream the token that was passed comes back, and goes on with what is appended
/// later. Errors: `InvalidParameterException`, `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html).
final class GetLogEvents implements Operation<GetLogEventsRequest, GetLogEventsResponse> {

    /// The place between two pages: before `position` and after all that is smaller.
    private record Token(Direction direction, Position position) {
        private static final String FORWARD = "f/";
        private static final String BACKWARD = "b/";
        private static final String END = "/s";

        static Token parse(String text) {
            boolean forward = text.startsWith(FORWARD);
            boolean valid = (forward || text.startsWith(BACKWARD)) && text.endsWith(END);
            Position position =
                    valid && text.length() > 4
                            ? Position.parse(text.substring(2, text.length() - 2))
                            : null;
            if (position == null) {
                throw LogsErrors.invalidToken();
            }
            return forward
                    ? new Token(Direction.FORWARD, position.next())
                    : new Token(Direction.BACKWARD, position);
        }

        /// For what comes after the event.
        static String after(Position event) {
            return FORWARD + event.text() + END;
        }

        /// For what comes before the event.
        static String before(Position event) {
            return BACKWARD + event.text() + END;
        }
    }

    /// A place to read, and which way.
    private record Range(Position from, Position to, Direction direction) {}

    /// What was found, in the order of reading.
    private record Found(Position position, OutputLogEvent event) {}

    private final Store store;
    private final InstantSource clock;
    private final Groups groups;

    GetLogEvents(Store store, InstantSource clock, Groups groups) {
        this.store = store;
        this.clock = clock;
        this.groups = groups;
    }

    @Override
    public GetLogEventsResponse handle(Caller caller, GetLogEventsRequest request) {
        GroupName name = GroupName.of(caller, request.logGroupName(), request.logGroupIdentifier());
        Token token = request.nextToken() == null ? null : Token.parse(request.nextToken());
        return store.read(snapshot -> get(snapshot, name, request, token));
    }

    private GetLogEventsResponse get(
            Snapshot snapshot, GroupName name, GetLogEventsRequest request, @Nullable Token token) {
        StoredGroup group = groups.require(snapshot, name);
        StoredStream stream = groups.requireStream(snapshot, group, request.logStreamName());
        Range range = range(group, request, token);
        int limit = request.limit() == null ? LogsLimits.PAGE_EVENTS_MAX : request.limit();
        List<Found> found = read(snapshot, group, stream, range, limit);
        List<Found> inOrder = range.direction == Direction.FORWARD ? found : found.reversed();
        String forward;
        String backward;
        if (!inOrder.isEmpty()) {
            forward = Token.after(inOrder.getLast().position);
            backward = Token.before(inOrder.getFirst().position);
        } else {
            Position here = range.direction == Direction.FORWARD ? range.from : range.to;
            forward = Token.after(token == null ? range.from.previous() : here.previous());
            backward = Token.before(token == null ? range.from : here);
        }
        return GetLogEventsResponse.builder()
                .events(inOrder.stream().map(Found::event).toList())
                .nextForwardToken(forward)
                .nextBackwardToken(backward)
                .build();
    }

    private Range range(StoredGroup group, GetLogEventsRequest request, @Nullable Token token) {
        long start = request.startTime() == null ? 0 : request.startTime();
        Position from = Position.at(Math.max(start, group.oldestMillis(clock.millis())));
        Position to = Position.at(request.endTime() == null ? Long.MAX_VALUE : request.endTime());
        if (token == null) {
            boolean head = Boolean.TRUE.equals(request.startFromHead());
            return new Range(from, to, head ? Direction.FORWARD : Direction.BACKWARD);
        }
        return token.direction == Direction.FORWARD
                ? new Range(later(from, token.position), to, Direction.FORWARD)
                : new Range(from, earlier(to, token.position), Direction.BACKWARD);
    }

    private static Position later(Position a, Position b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Position earlier(Position a, Position b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static List<Found> read(
            Snapshot snapshot, StoredGroup group, StoredStream stream, Range range, int limit) {
        List<Found> found = new ArrayList<>();
        if (range.from.compareTo(range.to) >= 0) {
            return found;
        }
        long bytes = 0;
        byte[] from = LogsKeys.byStream(group.number(), stream.number(), range.from);
        byte[] to = LogsKeys.byStream(group.number(), stream.number(), range.to);
        try (Cursor cursor = snapshot.range(from, to, range.direction)) {
            while (found.size() < limit && cursor.next()) {
                Position position = LogsKeys.byStreamPosition(cursor.key());
                byte[] value = snapshot.get(LogsKeys.event(group.number(), position));
                if (value == null) {
                    throw new IllegalStateException("an event is missing at " + position);
                }
                bytes += StoredEvent.size(value);
                if (bytes > LogsLimits.PAGE_BYTES_MAX && !found.isEmpty()) {
                    break;
                }
                StoredEvent event = StoredEvent.decode(value);
                found.add(
                        new Found(
                                position,
                                OutputLogEvent.builder()
                                        .timestamp(position.timestampMillis())
                                        .message(event.message())
                                        .ingestionTime(event.ingestedMillis())
                                        .build()));
            }
        }
        return found;
    }
}
