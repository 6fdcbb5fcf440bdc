package io.millrace.service.logs;

import io.millrace.api.logs.InputLogEvent;
import io.millrace.api.logs.PutLogEventsRequest;
import io.millrace.api.logs.PutLogEventsResponse;
import io.millrace.api.logs.RejectedLogEventsInfo;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.logs.EventLog.Entry;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `PutLogEvents`: appends a batch of events to a stream. Durable when it returns; what is too old
/// or too new is told, and not stored. Sequence tokens are taken and mean nothing, as at AWS.
/// Errors: `InvalidParameterException`, `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html).
final class PutLogEvents implements Operation<PutLogEventsRequest, PutLogEventsResponse> {

    /// What of a batch is stored: the events from `from` to `to`; and what is told of the others.
    private record Accepted(int from, int to, @Nullable RejectedLogEventsInfo rejected) {}

    private final Store store;
    private final InstantSource clock;
    private final Groups groups;
    private final EventLog log;

    PutLogEvents(Store store, InstantSource clock, Groups groups, EventLog log) {
        this.store = store;
        this.clock = clock;
        this.groups = groups;
        this.log = log;
    }

    @Override
    public PutLogEventsResponse handle(Caller caller, PutLogEventsRequest request) {
        List<InputLogEvent> events = request.logEvents();
        checkBatch(events);
        GroupName name = GroupName.of(caller, request.logGroupName());
        @Nullable RejectedLogEventsInfo rejected =
                store.<@Nullable RejectedLogEventsInfo>write(tx -> put(tx, name, request));
        return PutLogEventsResponse.builder()
                .nextSequenceToken(Position.at(events.getLast().timestamp()).text())
                .rejectedLogEventsInfo(rejected)
                .build();
    }

    private @Nullable RejectedLogEventsInfo put(
            Transaction tx, GroupName name, PutLogEventsRequest request) {
        StoredGroup group = groups.require(tx, name);
        StoredStream stream = groups.requireStream(tx, group, request.logStreamName());
        List<InputLogEvent> events = request.logEvents();
        long now = clock.millis();
        Accepted accepted = accepted(events, group, now);
        List<Entry> entries = new ArrayList<>(accepted.to - accepted.from);
        for (InputLogEvent event : events.subList(accepted.from, accepted.to)) {
            entries.add(new Entry(event.timestamp(), event.message()));
        }
        log.append(tx, group, stream, entries, now);
        return accepted.rejected;
    }

    private static void checkBatch(List<InputLogEvent> events) {
        long bytes = 0;
        long before = 0;
        for (InputLogEvent event : events) {
            bytes += StoredEvent.size(event.message());
            if (event.timestamp() < before) {
                throw LogsErrors.invalidParameter(
                        "Log events in a single PutLogEvents request must be in chronological"
                                + " order.");
            }
            before = event.timestamp();
        }
        if (bytes > LogsLimits.BATCH_BYTES_MAX) {
            throw LogsErrors.invalidParameter(
                    "Upload too large: "
                            + bytes
                            + " bytes exceeds limit of "
                            + LogsLimits.BATCH_BYTES_MAX);
        }
    }

    private static Accepted accepted(List<InputLogEvent> events, StoredGroup group, long now) {
        long tooOld = now - LogsLimits.PAST_MAX.toMillis();
        int old = countBefore(events, tooOld);
        int expired = countBefore(events, group.oldestMillis(now));
        int from = Math.max(old, expired);
        int to = countBefore(events, now + LogsLimits.FUTURE_MAX.toMillis() + 1);
        if (from < to
                && events.get(to - 1).timestamp() - events.get(from).timestamp()
                        > LogsLimits.BATCH_SPAN_MAX.toMillis()) {
            throw LogsErrors.invalidParameter(
                    "The batch of log events in a single PutLogEvents request cannot span more than"
                            + " 24 hours.");
        }
        if (from == 0 && to == events.size()) {
            return new Accepted(from, to, null);
        }
        RejectedLogEventsInfo rejected =
                RejectedLogEventsInfo.builder()
                        .tooNewLogEventStartIndex(to < events.size() ? to : null)
                        .tooOldLogEventEndIndex(old > 0 ? old : null)
                        .expiredLogEventEndIndex(expired > old ? expired : null)
                        .build();
        return new Accepted(Math.min(from, to), to, rejected);
    }

    /// How many events, which are in order, are older.
    private static int countBefore(List<InputLogEvent> events, long timestampMillis) {
        int count = 0;
        while (count < events.size() && events.get(count).timestamp() < timestampMillis) {
            count++;
        }
        return count;
    }
}
