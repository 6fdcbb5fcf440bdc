package io.millrace.delivery;

import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/// Puts events on event buses: how services tell what happened to their resources, and how
/// schedules and pipes reach a bus. Thread-safe.
public interface EventBuses {

    /// An event, as its sender tells it. Its id, and the account and the region of the bus, are
    /// added.
    ///
    /// @param source any, also such that only AWS's services use: `aws.dynamodb`
    /// @param detail a JSON object
    /// @param time when it happened; null for now
    record Event(
            String source,
            String detailType,
            String detail,
            List<String> resources,
            @Nullable Instant time,
            @Nullable String traceHeader) {

        public Event {
            resources = List.copyOf(resources);
        }
    }

    /// Puts the event, and all that its rules send to targets in the store, in `transaction`.
    ///
    /// @param bus its ARN, as `arn:aws:events:us-east-1:000000000000:event-bus/default`
    /// @param senderId the service that puts it, as `scheduler.amazonaws.com`
    /// @param sourceArn on whose behalf, as a schedule; null when nobody says
    StoreTarget.Outcome put(
            Transaction transaction,
            Arn bus,
            Event event,
            String senderId,
            @Nullable String sourceArn);

    /// The default bus of an account in a region.
    static Arn defaultBus(String accountId, String region) {
        return Arn.parse("arn:aws:events:" + region + ":" + accountId + ":event-bus/default")
                .orElseThrow();
    }
}
