package io.millrace.service.sns;

import io.millrace.delivery.Job;
import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.delivery.JobHandler.Ending;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.Transaction;
import io.millrace.trace.Hop;
import io.millrace.trace.Hop.Detail;
import io.millrace.trace.Hop.Kind;
import io.millrace.trace.Trace;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tells the trace what becomes of a topic's messages, by their ids: each attempt on an endpoint
/// and how it ended; and, of what another service publishes, what queues took. Thread-safe.
final class SnsTrace {
    private final Trace trace;
    private final InstantSource clock;

    SnsTrace(Trace trace, InstantSource clock) {
        this.trace = trace;
        this.clock = clock;
    }

    long nowMillis() {
        return clock.millis();
    }

    /// What the transaction of another service delivered to queues.
    void delivered(Transaction tx, String messageId, Tally tally) {
        if (!trace.isOn()) {
            return;
        }
        List<Hop> hops = trace.begin(tx);
        for (Tally.Delivery each : tally.deliveries()) {
            hops.add(hop(messageId, each));
        }
    }

    /// What a committed publish of a caller's could not deliver to queues; what it could is not
    /// told, to keep publishing fast.
    void refused(Tally tally) {
        if (!trace.isOn()) {
            return;
        }
        for (Tally.Delivery each : tally.deliveries()) {
            if (each.outcome() instanceof Outcome.Refused) {
                trace.hop(hop(tally.messageId(), each));
            }
        }
    }

    private Hop hop(String messageId, Tally.Delivery delivery) {
        String by = delivery.subscription().arn();
        String queue = delivery.subscription().endpoint();
        return switch (delivery.outcome()) {
            case Outcome.Delivered(String id) ->
                    hop(messageId, id, Kind.DELIVERED, by, queue, Map.of());
            case Outcome.Refused(String code, String why) ->
                    hop(
                            messageId,
                            null,
                            delivery.isDeadLetter() ? Kind.DEAD_LETTERED : Kind.KEPT,
                            by,
                            queue,
                            Map.of(Detail.CODE, code, Detail.WHY, why));
        };
    }

    void attempted(NotificationJobs jobs, Job job, int number, Attempt attempt, long milliseconds) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put(Detail.ATTEMPT, Integer.toString(number));
        details.put(Detail.MILLISECONDS, Long.toString(milliseconds));
        Integer status = DirectStatus.statusCode(attempt);
        if (status != null) {
            details.put(Detail.STATUS, Integer.toString(status));
        }
        if (attempt instanceof Attempt.Failed failed) {
            details.putAll(why(failed));
        }
        tell(jobs, job, Kind.ATTEMPTED, details);
    }

    void ended(NotificationJobs jobs, Job job, Ending ending) {
        switch (ending.last()) {
            case Attempt.Delivered _ -> tell(jobs, job, Kind.DELIVERED, Map.of());
            case Attempt.Failed failed ->
                    tell(
                            jobs,
                            job,
                            ending.isDeadLetter() ? Kind.DEAD_LETTERED : Kind.KEPT,
                            why(failed));
        }
    }

    private static Map<String, String> why(Attempt.Failed failed) {
        return Map.of(Detail.CODE, failed.errorCode(), Detail.WHY, failed.errorMessage());
    }

    private void tell(NotificationJobs jobs, Job job, Kind kind, Map<String, String> details) {
        if (trace.isOn()) {
            trace.hop(hop(jobs.messageId(job), null, kind, jobs.by(job), jobs.to(job), details));
        }
    }

    private Hop hop(
            String messageId,
            @Nullable String link,
            Kind kind,
            String by,
            String to,
            Map<String, String> details) {
        return new Hop(messageId, link, clock.millis(), kind, by, to, details);
    }
}
