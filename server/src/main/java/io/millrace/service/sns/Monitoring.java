package io.millrace.service.sns;

import io.millrace.delivery.Job;
import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.delivery.JobHandler.Ending;
import io.millrace.pattern.Arn;
import io.millrace.service.sns.TopicMetrics.Metric;
import io.millrace.wire.Ids;
import io.millrace.wire.Page;

import java.time.InstantSource;
import java.util.List;

/// What is counted and logged of deliveries, once they have happened. Thread-safe.
public final class Monitoring {
    private final InstantSource clock;
    private final Ids ids;
    private final TopicMetrics metrics = new TopicMetrics();
    private final DeliveryLog log = new DeliveryLog();

    public Monitoring(InstantSource clock, Ids ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /// The counts and the log, for people: they show what is delivered where.
    public List<Page> pages() {
        return MonitoringPages.of(metrics, log, clock);
    }

    TopicMetrics metrics() {
        return metrics;
    }

    /// Tells what a transaction did that has committed.
    void told(Tally tally) {
        tally.tell(metrics);
        tally.statuses().forEach(this::write);
    }

    /// Counts how a notification ended that the outbox delivered.
    void ended(String topicArn, Job job, Ending ending) {
        boolean success = ending.last() instanceof Attempt.Delivered;
        metrics.add(topicArn, success ? Metric.DELIVERED : Metric.FAILED, 1);
        if (ending.isDeadLetter()) {
            metrics.add(topicArn, Metric.REDRIVEN, 1);
        } else if (!success && job.deadLetterArn() != null) {
            metrics.add(topicArn, Metric.FAILED_TO_REDRIVE, 1);
        }
    }

    void write(DeliveryStatus status) {
        Arn topic = Arn.parse(status.topicArn()).orElseThrow();
        log.write(group(topic, status.success()), clock.millis(), status.json());
    }

    /// Keeps what an audit found in a message.
    void writeFindings(Arn topic, String json) {
        log.write(findingsGroup(topic), clock.millis(), json);
    }

    /// A number that decides about samples.
    long random() {
        return ids.number();
    }

    String newId() {
        return ids.uuid();
    }

    long nowMillis() {
        return clock.millis();
    }

    static String findingsGroup(Arn topic) {
        return "data-protection/" + topic;
    }

    /// The log group of a topic, as AWS names it.
    static String group(Arn topic, boolean success) {
        String group = "sns/" + topic.region() + "/" + topic.accountId() + "/" + topic.resource();
        return success ? group : group + "/Failure";
    }
}
