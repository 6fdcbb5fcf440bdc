package io.millrace.service.sns;

import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.service.sns.TopicMetrics.Metric;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What one run of a transaction's body did with one publication, to be told once it has committed:
/// a run that conflicts is thrown away with its tally. For one thread.
final class Tally {
    /// What a queue did with a delivery.
    ///
    /// @param isDeadLetter whether what it refused is in the subscription's dead-letter queue
    record Delivery(Subscription subscription, Outcome outcome, boolean isDeadLetter) {}

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;

    private final Topic topic;
    private final Publication publication;
    private final Monitoring monitoring;
    private final boolean isLogged;
    private final Map<Metric, Long> counts = new EnumMap<>(Metric.class);
    private final List<DeliveryStatus> statuses = new ArrayList<>();
    private final List<Delivery> deliveries = new ArrayList<>();

    Tally(Topic topic, Publication publication, Monitoring monitoring) {
        this.topic = topic;
        this.publication = publication;
        this.monitoring = monitoring;
        this.isLogged = Feedback.isWanted(topic);
    }

    void count(Metric metric) {
        count(metric, 1);
    }

    void count(Metric metric, long more) {
        counts.merge(metric, more, Long::sum);
    }

    /// What the topic wants logged of deliveries that the outbox makes later.
    Feedback feedback(String protocol) {
        return isLogged ? Feedback.of(topic, protocol) : Feedback.NONE;
    }

    String messageId() {
        return publication.messageId();
    }

    /// The first deliveries to queues, for the trace.
    List<Delivery> deliveries() {
        return deliveries;
    }

    void add(Delivery delivery) {
        if (deliveries.size() < SnsLimits.TRACED_DELIVERIES) {
            deliveries.add(delivery);
        }
    }

    /// Counts, and logs, a delivery that the transaction made or a target refused.
    void ended(Subscription subscription, Outcome outcome) {
        boolean success = outcome instanceof Outcome.Delivered;
        count(success ? Metric.DELIVERED : Metric.FAILED);
        if (publication.replayed()) {
            count(success ? Metric.REPLAYED : Metric.REPLAY_FAILED);
        }
        if (feedback(subscription.protocol()).wants(success, monitoring.random())) {
            statuses.add(status(subscription, outcome));
        }
    }

    void tell(TopicMetrics metrics) {
        String arn = topic.arn().toString();
        counts.forEach((metric, count) -> metrics.add(arn, metric, count));
    }

    List<DeliveryStatus> statuses() {
        return statuses;
    }

    private DeliveryStatus status(Subscription subscription, Outcome outcome) {
        return new DeliveryStatus(
                DeliveryStatus.md5(publication.body(subscription.protocol())),
                publication.messageId(),
                topic.arn().toString(),
                publication.timestampMillis(),
                monitoring.newId(),
                subscription.endpoint(),
                DeliveryStatus.response(outcome),
                monitoring.nowMillis() - publication.timestampMillis(),
                1,
                switch (outcome) {
                    case Outcome.Delivered _ -> OK;
                    case Outcome.Refused(String code, _) ->
                            code.startsWith("AccessDenied") ? FORBIDDEN : BAD_REQUEST;
                },
                outcome instanceof Outcome.Delivered);
    }
}
