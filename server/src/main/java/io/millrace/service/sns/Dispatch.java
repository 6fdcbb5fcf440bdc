package io.millrace.service.sns;

import io.millrace.delivery.Job;
import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.delivery.Message;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.Rendering;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.delivery.Targets;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.pattern.FilterPolicies;
import io.millrace.pattern.FilterPolicyScope;
import io.millrace.service.sns.TopicMetrics.Metric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Brings one publication to subscriptions, in a transaction: filters, shapes, delivers. Keeps what
/// subscriptions share. For one run of one transaction's body.
final class Dispatch {

    /// What queues show as the sender of what SNS delivers.
    static final String SENDER_ID = "AIDAIT2UOQQY3AUEKVGXU";

    private final Topic topic;
    private final Publication publication;
    private final SharedTexts texts;
    private final FilterPolicies policies;
    private final Targets targets;
    private final Outbox outbox;
    private final Tally tally;
    private final FilterInputs inputs;

    Dispatch(
            Topic topic,
            Publication publication,
            SharedTexts texts,
            FilterPolicies policies,
            Targets targets,
            Outbox outbox,
            Tally tally) {
        this.topic = topic;
        this.publication = publication;
        this.inputs = new FilterInputs(publication);
        this.texts = texts;
        this.policies = policies;
        this.targets = targets;
        this.outbox = outbox;
        this.tally = tally;
    }

    /// Whether the subscription receives the message.
    boolean wants(Subscription subscription) {
        String json = subscription.filterPolicy();
        boolean receives = subscription.confirmed() && Replays.isLive(subscription);
        if (!receives || json == null) {
            return receives;
        }
        FilterPolicyScope scope = SubscriptionAttributes.scope(subscription.attributes());
        return policies.compiled(json, scope).matches(inputs.of(scope, subscription.protocol()));
    }

    SharedTexts texts() {
        return texts;
    }

    /// Delivers to all of them; what they share is yet to be put.
    void deliver(Transaction tx, List<Subscription> subscriptions) {
        texts.expect(subscriptions.size());
        for (Subscription subscription : subscriptions) {
            deliver(tx, subscription);
        }
    }

    private void deliver(Transaction tx, Subscription subscription) {
        if (subscription.protocol().equals(SmsNotifications.PROTOCOL)) {
            outbox.add(tx, SmsNotifications.notification(tx, topic, publication, subscription));
            return;
        }
        if (subscription.protocol().equals(PushNotifications.PROTOCOL)) {
            Job job = PushNotifications.notification(publication, subscription);
            outbox.add(tx, logged(subscription, job));
            return;
        }
        if (subscription.isMail()) {
            if (subscription.protocol().equals(MailNotifications.EMAIL_JSON)) {
                byte[] notification = texts.notification();
                outbox.add(
                        tx,
                        MailNotifications.json(topic, publication, subscription, notification),
                        texts.payload());
            } else {
                outbox.add(tx, MailNotifications.text(topic, publication, subscription));
            }
            return;
        }
        if (subscription.isHttp()) {
            deliverOverHttp(tx, subscription);
        } else {
            deliverToQueue(tx, subscription);
        }
    }

    private void deliverOverHttp(Transaction tx, Subscription subscription) {
        DeliveryPolicy policy =
                DeliveryPolicy.of(
                        topic,
                        subscription.attributes().get(SubscriptionAttributes.DELIVERY_POLICY));
        String id = publication.messageId();
        if (subscription.isRaw()) {
            String text = publication.body(subscription.protocol());
            Job job = HttpNotifications.job("Notification", id, subscription, policy, text);
            outbox.add(tx, logged(subscription, job), texts.rawPayload(subscription));
        } else {
            String variant = publication.variant(subscription.protocol());
            Job job =
                    HttpNotifications.job(id, subscription, policy, texts.notification(), variant);
            outbox.add(tx, logged(subscription, job), texts.payload());
        }
    }

    private Job logged(Subscription subscription, Job job) {
        Feedback feedback = tally.feedback(subscription.protocol());
        return feedback.isNone()
                ? job
                : HttpNotifications.logged(
                        job,
                        feedback,
                        publication.body(subscription.protocol()),
                        publication.timestampMillis());
    }

    private void deliverToQueue(Transaction tx, Subscription subscription) {
        Message message = message(subscription);
        Arn queue = Arn.parse(subscription.endpoint()).orElseThrow();
        Outcome outcome =
                subscription.isRaw()
                                && publication.attributes().size() > SnsLimits.RAW_SQS_ATTRIBUTES
                        ? new Outcome.Refused(
                                "InvalidParameterValue",
                                "Number of message attributes ["
                                        + publication.attributes().size()
                                        + "] exceeds the maximum allowed [10].")
                        : targets.deliver(tx, queue, message);
        tally.ended(subscription, outcome);
        boolean isDeadLetter =
                outcome instanceof Outcome.Refused(String code, String why)
                        && refused(tx, subscription, message, new Attempt.Failed(code, why, false));
        tally.add(new Tally.Delivery(subscription, outcome, isDeadLetter));
    }

    /// What a queue refuses it would refuse again: to the dead-letter queue, or kept as failed.
    ///
    /// @return whether it is in the dead-letter queue
    private boolean refused(
            Transaction tx, Subscription subscription, Message message, Attempt.Failed failure) {
        String deadLetterArn = SubscriptionAttributes.deadLetterArn(subscription);
        if (deadLetterArn != null
                && targets.deliver(tx, Arn.parse(deadLetterArn).orElseThrow(), message)
                        instanceof Outcome.Delivered) {
            tally.count(Metric.REDRIVEN);
            return true;
        }
        if (deadLetterArn != null) {
            tally.count(Metric.FAILED_TO_REDRIVE);
        }
        Job job =
                StoreNotifications.job(
                        subscription.endpoint(), publication.messageId(), message, deadLetterArn);
        outbox.addFailed(tx, job, failure);
        return false;
    }

    private Message message(Subscription subscription) {
        boolean isFifoQueue = subscription.endpoint().endsWith(".fifo");
        Rendering rendering = texts.rendering(subscription);
        return new Message(
                rendering == null ? texts.text(subscription) : "",
                subscription.isRaw() ? rawAttributes() : Map.of(),
                null,
                publication.groupId(),
                isFifoQueue ? publication.deduplicationId() : null,
                publication.traceHeader(),
                SENDER_ID,
                subscription.topicArn(),
                rendering);
    }

    /// An endpoint without an envelope is told by an attribute that a message is replayed.
    private Map<String, Message.Attribute> rawAttributes() {
        if (!publication.replayed()
                || publication.attributes().size() >= SnsLimits.RAW_SQS_ATTRIBUTES) {
            return publication.attributes();
        }
        Map<String, Message.Attribute> attributes = new LinkedHashMap<>(publication.attributes());
        attributes.put("Replayed", Message.Attribute.string("true"));
        return attributes;
    }
}
