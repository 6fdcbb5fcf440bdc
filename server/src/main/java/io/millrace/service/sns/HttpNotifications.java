package io.millrace.service.sns;

import io.millrace.delivery.Job;
import io.millrace.delivery.Message;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Delivers notifications and confirmations to HTTP endpoints. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html#http-header).
final class HttpNotifications implements NotificationJobs {
    static final String KIND = "sns.http";

    private static final String URL = "url";
    private static final String VARIANT = "variant"; // the payload is a Notification
    private static final String FEEDBACK = "feedback"; // these three only where it is wanted
    private static final String MD5 = "md5";
    private static final String PUBLISHED = "published";
    private static final List<String> OWN = List.of(URL, VARIANT, FEEDBACK, MD5, PUBLISHED);
    private static final String TYPE = "x-amz-sns-message-type";
    private static final String MESSAGE_ID_HEADER = "x-amz-sns-message-id";
    private static final String TOPIC_ARN = "x-amz-sns-topic-arn";
    private static final String SUBSCRIPTION_ARN = "x-amz-sns-subscription-arn";
    private static final String RAW = "x-amz-sns-rawdelivery";
    private static final String CONTENT_TYPE = "Content-Type";
    private static final String TEXT = "text/plain; charset=UTF-8";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;

    private final HttpSender sender;
    private final Notifications notifications;
    private final Monitoring monitoring;

    HttpNotifications(HttpSender sender, Notifications notifications, Monitoring monitoring) {
        this.sender = sender;
        this.notifications = notifications;
        this.monitoring = monitoring;
    }

    /// The same job, whose end is logged.
    static Job logged(Job job, Feedback feedback, String body, long publishedMillis) {
        Map<String, String> attributes = new LinkedHashMap<>(job.attributes());
        attributes.put(FEEDBACK, feedback.text());
        attributes.put(MD5, DeliveryStatus.md5(body));
        attributes.put(PUBLISHED, Long.toString(publishedMillis));
        return new Job(
                job.kind(),
                job.target(),
                attributes,
                job.payload(),
                job.policy(),
                job.deadLetterArn());
    }

    /// A notification whose text is made, and signed, by each attempt.
    ///
    /// @param notification a [Notification]
    static Job job(
            String messageId,
            Subscription subscription,
            DeliveryPolicy policy,
            byte[] notification,
            String variant) {
        Job plain = job("Notification", messageId, subscription, policy, "");
        Map<String, String> attributes = new LinkedHashMap<>(plain.attributes());
        attributes.put(VARIANT, variant);
        return new Job(
                KIND,
                plain.target(),
                attributes,
                notification,
                plain.policy(),
                plain.deadLetterArn());
    }

    /// @param type as in `x-amz-sns-message-type`
    static Job job(
            String type,
            String messageId,
            Subscription subscription,
            DeliveryPolicy policy,
            String text) {
        boolean isNotification = type.equals("Notification");
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put(URL, subscription.endpoint());
        attributes.put(TYPE, type);
        attributes.put(MESSAGE_ID_HEADER, messageId);
        attributes.put(TOPIC_ARN, subscription.topicArn());
        if (!type.equals("SubscriptionConfirmation")) {
            attributes.put(SUBSCRIPTION_ARN, subscription.arn());
        }
        if (isNotification && subscription.isRaw()) {
            attributes.put(RAW, "true");
        }
        attributes.put(CONTENT_TYPE, isNotification ? policy.contentType() : TEXT);
        return new Job(
                KIND,
                subscription.arn(),
                attributes,
                text.getBytes(StandardCharsets.UTF_8),
                policy.retryPolicy(),
                isNotification ? SubscriptionAttributes.deadLetterArn(subscription) : null);
    }

    @Override
    public Attempt attempt(Job job) throws InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>(job.attributes());
        String url = headers.get(URL);
        String variant = headers.get(VARIANT);
        OWN.forEach(headers::remove);
        byte[] body =
                variant == null
                        ? job.payload()
                        : notifications
                                .text(job.payload(), variant, subscriptionArn(job))
                                .getBytes(StandardCharsets.UTF_8);
        headers.put("User-Agent", "Amazon Simple Notification Service Agent");
        headers.put("Accept-Encoding", "gzip,deflate");
        try {
            int status = sender.post(URI.create(String.valueOf(url)), headers, body);
            if (status >= 200 && status < 300) {
                return new Attempt.Delivered();
            }
            boolean retryable = status >= SERVER_ERRORS || status == TOO_MANY_REQUESTS;
            return new Attempt.Failed(
                    Integer.toString(status),
                    "The endpoint answered with HTTP status " + status + ".",
                    retryable);
        } catch (IOException e) {
            return new Attempt.Failed(
                    e.getClass().getSimpleName(),
                    "The endpoint could not be reached: " + e.getMessage(),
                    true);
        }
    }

    @Override
    public String messageId(Job job) {
        return isNotification(job) ? job.attributes().getOrDefault(MESSAGE_ID_HEADER, "") : "";
    }

    @Override
    public String to(Job job) {
        return HttpLogin.hidden(job.attributes().getOrDefault(URL, ""));
    }

    @Override
    public void ended(Job job, Ending ending) {
        if (!isNotification(job)) {
            return;
        }
        Map<String, String> attributes = job.attributes();
        ended(
                monitoring,
                job,
                ending,
                attributes.getOrDefault(MESSAGE_ID_HEADER, ""),
                attributes.getOrDefault(TOPIC_ARN, ""),
                HttpLogin.hidden(attributes.getOrDefault(URL, "")));
    }

    /// Counts a topic's notification, and logs it where [#logged] says so.
    static void ended(
            Monitoring monitoring,
            Job job,
            Ending ending,
            String messageId,
            String topicArn,
            String destination) {
        monitoring.ended(topicArn, job, ending);
        Map<String, String> attributes = job.attributes();
        String feedback = attributes.get(FEEDBACK);
        boolean success = ending.last() instanceof Attempt.Delivered;
        if (feedback == null || !Feedback.parse(feedback).wants(success, monitoring.random())) {
            return;
        }
        long publishedMillis = Long.parseLong(attributes.getOrDefault(PUBLISHED, "0"));
        monitoring.ended(
                new DeliveryStatus(
                        attributes.getOrDefault(MD5, ""),
                        messageId,
                        topicArn,
                        publishedMillis,
                        monitoring.newId(),
                        destination,
                        ending.last() instanceof Attempt.Failed failed
                                ? failed.errorMessage()
                                : "OK",
                        monitoring.nowMillis() - publishedMillis,
                        ending.attemptCount(),
                        DirectStatus.statusCode(ending.last()),
                        success));
    }

    @Override
    public Message deadLetter(Job job, Attempt.Failed failure) {
        return message(job).from(job.attributes().getOrDefault(TOPIC_ARN, ""));
    }

    private static boolean isNotification(Job job) {
        return "Notification".equals(job.attributes().get(TYPE));
    }

    private Message message(Job job) {
        String variant = job.attributes().get(VARIANT);
        if (variant == null) {
            return Message.of(
                    new String(job.payload(), StandardCharsets.UTF_8), Dispatch.SENDER_ID);
        }
        return notifications.message(job.payload(), variant, subscriptionArn(job));
    }

    private static String subscriptionArn(Job job) {
        return job.attributes().getOrDefault(SUBSCRIPTION_ARN, "");
    }
}
