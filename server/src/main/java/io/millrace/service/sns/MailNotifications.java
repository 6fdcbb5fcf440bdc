package io.millrace.service.sns;

import io.millrace.delivery.Job;
import io.millrace.delivery.Message;
import io.millrace.notification.Mail;
import io.millrace.notification.Provider;
import io.millrace.notification.Provider.Answer;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// Subscriptions of protocols `email` and `email-json`: notifications and confirmations as mails,
/// worded as AWS's are. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html).
final class MailNotifications implements NotificationJobs {
    static final String KIND = "sns.mail";
    static final String EMAIL = "email";
    static final String EMAIL_JSON = "email-json";

    private static final String TOPIC_ARN = "topicArn";
    private static final String SENDER_NAME = "AWS Notifications";
    private static final String SUBJECT = "AWS Notification Message";
    private static final String CONFIRMATION = "AWS Notification - Subscription Confirmation";
    private static final String UNSUBSCRIPTION = "AWS Notification - Unsubscribe Confirmation";
    private static final int ADDRESS_CHARACTERS = 320;
    private static final Pattern ADDRESS =
            Pattern.compile("[^\\s@,;:<>()\\[\\]\\\\\"]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    /// The mail without its text, in JSON.
    private static final String MAIL = "mail";

    /// Which of the publication's bodies, where the payload is a [Notification]; otherwise that is
    /// the text.
    private static final String VARIANT = "variant";

    /// On mails that are not notifications, and are not counted as such.
    private static final String IS_QUESTION = "question";

    private static final ResourceCodec<Mail> MAILS = new ResourceCodec<>(Mail.class);

    private final Provider<Mail> provider;
    private final Notifications notifications;
    private final Monitoring monitoring;

    MailNotifications(Provider<Mail> provider, Notifications notifications, Monitoring monitoring) {
        this.provider = provider;
        this.notifications = notifications;
        this.monitoring = monitoring;
    }

    /// Refuses what is no mail address.
    static void checkAddress(String endpoint) {
        if (endpoint.length() > ADDRESS_CHARACTERS || !ADDRESS.matcher(endpoint).matches()) {
            throw SnsErrors.invalidParameter("Email address");
        }
    }

    /// A notification for `email`.
    static Job text(Topic topic, Publication publication, Subscription subscription) {
        String text = publication.body(EMAIL) + footer(publication.endpoint(), subscription);
        return job(
                publication.messageId(),
                subscription,
                mail(publication, topic, subscription),
                text.getBytes(StandardCharsets.UTF_8),
                null);
    }

    /// A notification for `email-json`, made and signed by each attempt.
    ///
    /// @param notification a [Notification]
    static Job json(
            Topic topic, Publication publication, Subscription subscription, byte[] notification) {
        return job(
                publication.messageId(),
                subscription,
                mail(publication, topic, subscription),
                notification,
                publication.variant(EMAIL_JSON));
    }

    /// Asks whether the subscription, or its end, is wanted.
    static Job confirmation(
            Confirmations.Prepared prepared,
            long timeMillis,
            Topic topic,
            Subscription subscription,
            boolean isRemoved) {
        String text =
                subscription.protocol().equals(EMAIL_JSON)
                        ? prepared.text()
                        : confirmationText(prepared, subscription, isRemoved);
        Mail mail =
                mail(
                        prepared.messageId(),
                        timeMillis,
                        topic,
                        subscription,
                        isRemoved ? UNSUBSCRIPTION : CONFIRMATION);
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        Job job = job(prepared.messageId(), subscription, mail, payload, null);
        Map<String, String> attributes = new LinkedHashMap<>(job.attributes());
        attributes.put(IS_QUESTION, "true");
        return new Job(KIND, job.target(), attributes, payload, job.policy(), null);
    }

    @Override
    public Attempt attempt(Job job) throws InterruptedException {
        String header = job.attributes().getOrDefault(MAIL, "");
        Mail mail = MAILS.decode(header.getBytes(StandardCharsets.UTF_8)).withText(text(job));
        return switch (provider.send(mail)) {
            case Answer.Taken _ -> new Attempt.Delivered();
            case Answer.Refused(String code, String message, boolean retryable) ->
                    new Attempt.Failed(code, message, retryable);
            case Answer.Gone(String message) -> new Attempt.Failed("Gone", message, false);
        };
    }

    @Override
    public Message deadLetter(Job job, Attempt.Failed failure) {
        return message(job).from(job.attributes().getOrDefault(TOPIC_ARN, ""));
    }

    /// Counted; AWS has no log of mails.
    @Override
    public void ended(Job job, Ending ending) {
        if (!job.attributes().containsKey(IS_QUESTION)) {
            monitoring.ended(job.attributes().getOrDefault(TOPIC_ARN, ""), job, ending);
        }
    }

    @Override
    public String messageId(Job job) {
        return job.attributes().containsKey(IS_QUESTION)
                ? ""
                : job.attributes().getOrDefault(MESSAGE_ID, "");
    }

    @Override
    public String to(Job job) {
        return job.attributes().containsKey(VARIANT) ? EMAIL_JSON : EMAIL;
    }

    private String text(Job job) {
        String variant = job.attributes().get(VARIANT);
        return variant == null
                ? new String(job.payload(), StandardCharsets.UTF_8)
                : notifications.text(job.payload(), variant, job.target());
    }

    private Message message(Job job) {
        String variant = job.attributes().get(VARIANT);
        return variant == null
                ? Message.of(new String(job.payload(), StandardCharsets.UTF_8), Dispatch.SENDER_ID)
                : notifications.message(job.payload(), variant, job.target());
    }

    private static Job job(
            String messageId,
            Subscription subscription,
            Mail mail,
            byte[] payload,
            @Nullable String variant) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put(MESSAGE_ID, messageId);
        attributes.put(TOPIC_ARN, subscription.topicArn());
        attributes.put(MAIL, new String(MAILS.encode(mail), StandardCharsets.UTF_8));
        if (variant != null) {
            attributes.put(VARIANT, variant);
        }
        return new Job(
                KIND,
                subscription.arn(),
                attributes,
                payload,
                SnsLimits.CUSTOMER_ENDPOINT_RETRIES,
                SubscriptionAttributes.deadLetterArn(subscription));
    }

    private static Mail mail(Publication publication, Topic topic, Subscription subscription) {
        return mail(
                publication.messageId(),
                publication.timestampMillis(),
                topic,
                subscription,
                Objects.requireNonNullElse(publication.subject(), SUBJECT));
    }

    private static Mail mail(
            String messageId,
            long timeMillis,
            Topic topic,
            Subscription subscription,
            String subject) {
        String name = topic.attributes().getOrDefault(TopicAttributes.DISPLAY_NAME, "");
        Arn arn = topic.arn();
        return new Mail(
                messageId + "." + subscription.id(),
                timeMillis,
                arn.accountId(),
                arn.region(),
                subscription.endpoint(),
                name.isBlank() ? SENDER_NAME : CONTROL.matcher(name).replaceAll(" "),
                subject,
                "");
    }

    private static String footer(String endpoint, Subscription subscription) {
        return """


        --
        If you wish to stop receiving notifications from this topic, please click or visit the \
        link below to unsubscribe:
        %s&Endpoint=%s

        Please do not reply directly to this email.
        """
                .formatted(
                        Envelope.unsubscribeUrl(endpoint, subscription.arn()),
                        encoded(subscription.endpoint()));
    }

    private static String confirmationText(
            Confirmations.Prepared prepared, Subscription subscription, boolean isRemoved) {
        String link =
                Envelope.confirmationUrl(
                                prepared.endpoint(), subscription.topicArn(), prepared.token())
                        + "&Endpoint="
                        + encoded(subscription.endpoint());
        return isRemoved
                ? """
                Your subscription to the topic below has been deactivated:
                %s

                If this was in error or you wish to resubscribe, click or visit the link below to \
                reconfirm:
                %s

                Please do not reply directly to this email.
                """
                        .formatted(subscription.topicArn(), link)
                : """
                You have chosen to subscribe to the topic:
                %s

                To confirm this subscription, click or visit the link below (If this was in error \
                no action is necessary):
                %s

                Please do not reply directly to this email.
                """
                        .formatted(subscription.topicArn(), link);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
