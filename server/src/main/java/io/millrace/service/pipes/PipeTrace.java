package io.millrace.service.pipes;

import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.api.dynamodbstreams.Record;
import io.millrace.api.dynamodbstreams.StreamRecord;
import io.millrace.delivery.RemoteTarget;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.stream.TableStream;
import io.millrace.trace.Hop;
import io.millrace.trace.Hop.Detail;
import io.millrace.trace.Hop.Kind;
import io.millrace.trace.Trace;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// Tells the trace what becomes of events in pipes, by what their sources call them: so a message's
/// way leads on to what it became at the target. Thread-safe.
final class PipeTrace {
    private final Trace trace;
    private final InstantSource clock;

    PipeTrace(Trace trace, InstantSource clock) {
        this.trace = trace;
        this.clock = clock;
    }

    boolean isOn() {
        return trace.isOn();
    }

    /// The write that a record of a table's stream tells.
    ///
    /// @param millis when it was made
    void written(Transaction tx, TableStream stream, long millis, Record change) {
        StreamRecord told = Objects.requireNonNull(change.dynamodb());
        byte[] keys = JsonShapeWriter.write(StreamRecord.builder().keys(told.keys()).build());
        Map<String, String> details =
                Map.of(
                        Detail.EVENT_NAME,
                        String.valueOf(change.eventName()),
                        Detail.KEYS,
                        new String(keys, StandardCharsets.UTF_8)
                                .replaceAll("^\\{\"Keys\":|\\}$", ""),
                        Detail.SEQUENCE_NUMBER,
                        String.valueOf(told.sequenceNumber()));
        String table = stream.arn().replaceFirst("/stream/.*", "");
        String id = String.valueOf(change.eventID());
        trace.hop(tx, Hop.of(id, millis, Kind.WRITTEN, table, details));
    }

    /// A call of an enrichment or a target, outside of any transaction.
    void called(StoredPipe pipe, String id, Arn to, long milliseconds, RemoteTarget.Reply reply) {
        if (trace.isOn()) {
            Map<String, String> details = new LinkedHashMap<>();
            details.put(Detail.MILLISECONDS, Long.toString(milliseconds));
            switch (reply) {
                case RemoteTarget.Reply.Answered(int status, _) ->
                        details.put(Detail.STATUS, Integer.toString(status));
                case RemoteTarget.Reply.Refused refused -> {
                    details.put(Detail.CODE, refused.errorCode());
                    details.put(Detail.WHY, refused.errorMessage());
                }
            }
            long now = clock.millis();
            trace.hop(new Hop(id, null, now, Kind.ATTEMPTED, pipe.arn(), to.toString(), details));
        }
    }

    void filtered(Transaction tx, StoredPipe pipe, PipeEvent event) {
        tell(tx, pipe, event.id(), null, Kind.FILTERED, pipe.settings().source(), Map.of());
    }

    /// @param messageId what the target calls it; empty when it has no name for it
    void delivered(Transaction tx, StoredPipe pipe, PipeEvent event, String messageId) {
        String link = messageId.isEmpty() ? null : messageId;
        tell(tx, pipe, event.id(), link, Kind.DELIVERED, pipe.settings().target(), Map.of());
    }

    /// An attempt that is not told as a call.
    void failed(Transaction tx, StoredPipe pipe, String id, Failure failure) {
        tell(
                tx,
                pipe,
                id,
                null,
                Kind.ATTEMPTED,
                pipe.settings().target(),
                Map.of(Detail.CODE, failure.code(), Detail.WHY, failure.message()));
    }

    /// @param deadLetterArn where that is told; null when nowhere
    void givenUp(
            Transaction tx,
            StoredPipe pipe,
            String id,
            @Nullable String deadLetterArn,
            String condition) {
        Kind kind = deadLetterArn == null ? Kind.DROPPED : Kind.DEAD_LETTERED;
        tell(tx, pipe, id, null, kind, deadLetterArn, Map.of(Detail.WHY, condition));
    }

    private void tell(
            Transaction tx,
            StoredPipe pipe,
            String id,
            @Nullable String link,
            Kind kind,
            @Nullable String to,
            Map<String, String> details) {
        if (trace.isOn()) {
            trace.hop(tx, new Hop(id, link, clock.millis(), kind, pipe.arn(), to, details));
        }
    }
}
