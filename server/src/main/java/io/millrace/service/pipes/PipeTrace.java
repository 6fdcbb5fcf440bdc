package io.millrace.service.pipes;

import io.millrace.engine.Transaction;
import io.millrace.trace.Hop;
import io.millrace.trace.Hop.Detail;
import io.millrace.trace.Hop.Kind;
import io.millrace.trace.Trace;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Map;

/// Tells the trace what becomes of events in pipes, by what their sources call them: so a message's
/// way leads on to what it became at the target. Thread-safe.
final class PipeTrace {
    private final Trace trace;
    private final InstantSource clock;

    PipeTrace(Trace trace, InstantSource clock) {
        this.trace = trace;
        this.clock = clock;
    }

    void filtered(Transaction tx, StoredPipe pipe, PipeEvent event) {
        tell(tx, pipe, event.id(), null, Kind.FILTERED, pipe.settings().source(), Map.of());
    }

    /// @param messageId what the target calls it; empty when it has no name for it
    void delivered(Transaction tx, StoredPipe pipe, PipeEvent event, String messageId) {
        String link = messageId.isEmpty() ? null : messageId;
        tell(tx, pipe, event.id(), link, Kind.DELIVERED, pipe.settings().target(), Map.of());
    }

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
