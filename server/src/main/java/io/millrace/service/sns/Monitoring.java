package io.millrace.service.sns;

import io.millrace.delivery.Job;
import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.delivery.JobHandler.Ending;
import io.millrace.delivery.Message;
import io.millrace.delivery.Targets;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.service.sns.TopicMetrics.Metric;
import io.millrace.trace.Trace;
import io.millrace.wire.Ids;
import io.millrace.wire.Page;

import java.time.InstantSource;
import java.util.List;

/// What is counted and logged of deliveries. Counts, and the newest lines for people to see, are in
/// memory; what topics want logged is in CloudWatch Logs, in the transaction that delivers.
/// Thread-safe.
public final class Monitoring {
    private static final String SENDER_ID = "sns.amazonaws.com";

    private final InstantSource clock;
    private final Ids ids;
    private final Store store;
    private final Targets logs;
    private final SnsTrace trace;
    private final TopicMetrics metrics = new TopicMetrics();
    private final DeliveryLog log = new DeliveryLog();

    /// @param logs log groups; where there are none, nothing is logged in them
    public Monitoring(InstantSource clock, Ids ids, Store store, Targets logs, Trace trace) {
        this.clock = clock;
        this.ids = ids;
        this.store = store;
        this.logs = logs;
        this.trace = new SnsTrace(trace, clock);
    }

    /// The counts and the log, for people: they show what is delivered where.
    public List<Page> pages() {
        return MonitoringPages.of(metrics, log, clock);
    }

    SnsTrace trace() {
        return trace;
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

    /// Logs what a transaction delivers, in it.
    void log(Transaction tx, List<DeliveryStatus> statuses) {
        for (DeliveryStatus status : statuses) {
            Arn topic = Arn.parse(status.topicArn()).orElseThrow();
            log(tx, topic, group(topic, status.success()), status.json());
        }
    }

    /// Logs what an audit finds in a message, in the transaction that publishes it.
    ///
    /// @param logGroup that the topic's policy names
    void logFindings(Transaction tx, Arn topic, String logGroup, String json) {
        log(tx, topic, logGroup, json);
    }

    /// A group that cannot be written to is none of the publisher's concerns.
    private void log(Transaction tx, Arn topic, String group, String json) {
        Arn arn = Arn.of("logs", topic.region(), topic.accountId(), "log-group:" + group);
        logs.deliver(tx, arn, Message.of(json, SENDER_ID).from(topic.toString()));
    }

    /// Logs a delivery that the outbox made.
    void ended(DeliveryStatus status) {
        write(status);
        store.write(tx -> {
            log(tx, List.of(status));
            return true;
        });
    }

    /// Logs a delivery to a telephone or a device.
    ///
    /// @param of the topic, the platform application, or what [#direct] tells
    void ended(Arn of, boolean success, String json) {
        String group = group(of, success);
        log.write(group, clock.millis(), json);
        store.write(tx -> {
            log(tx, of, group, json);
            return true;
        });
    }

    /// Where text messages to numbers are logged.
    static Arn direct(String accountId, String region) {
        return Arn.of("sns", region, accountId, "DirectPublishToPhoneNumber");
    }

    private void write(DeliveryStatus status) {
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

    /// The log group of a topic, or of a platform application, as AWS names it.
    static String group(Arn topic, boolean success) {
        String group = "sns/" + topic.region() + "/" + topic.accountId() + "/" + topic.resource();
        return success ? group : group + "/Failure";
    }
}
