package io.millrace.service.sns;

import io.millrace.delivery.Job;
import io.millrace.delivery.Message;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.notification.NotificationProviders;
import io.millrace.notification.Provider.Answer;
import io.millrace.notification.TextMessage;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// Text messages: to subscriptions of protocol `sms`, and to numbers. Whether a number has opted
/// out, and whether the sandbox lets it be texted, counts when the message leaves.
final class SmsNotifications implements NotificationJobs {
    static final String KIND = "sns.sms";
    static final String PROTOCOL = "sms";

    private static final String TOPIC_ARN = "topicArn";

    /// On messages that the sandbox lets pass: those with its one-time passwords.
    private static final String VERIFICATION = "verification";

    private static final ResourceCodec<TextMessage> TEXTS = new ResourceCodec<>(TextMessage.class);

    private final Store store;
    private final NotificationProviders providers;
    private final Monitoring monitoring;

    SmsNotifications(Store store, NotificationProviders providers, Monitoring monitoring) {
        this.store = store;
        this.providers = providers;
        this.monitoring = monitoring;
    }

    /// A notification of a topic; its display name comes first.
    static Job notification(
            Snapshot snapshot, Topic topic, Publication publication, Subscription subscription) {
        Arn arn = topic.arn();
        Map<String, String> defaults = SmsAttributes.of(snapshot, arn.accountId(), arn.region());
        String name = topic.attributes().getOrDefault(TopicAttributes.DISPLAY_NAME, "");
        String body = publication.body(PROTOCOL);
        String text = name.isBlank() ? body : name + "> " + body;
        TextMessage message =
                new TextMessage(
                        publication.messageId() + "." + subscription.id(),
                        publication.timestampMillis(),
                        arn.accountId(),
                        arn.region(),
                        PhoneNumbers.normal(subscription.endpoint()),
                        Sms.senderId(publication.attributes(), defaults),
                        text,
                        Sms.told(publication.attributes(), defaults, text));
        return new Job(
                KIND,
                subscription.arn(),
                Map.of(MESSAGE_ID, publication.messageId(), TOPIC_ARN, arn.toString()),
                TEXTS.encode(message),
                SnsLimits.CUSTOMER_ENDPOINT_RETRIES,
                SubscriptionAttributes.deadLetterArn(subscription));
    }

    /// A message to a number.
    static Job message(Snapshot snapshot, Caller caller, String number, Publication publication) {
        Map<String, String> defaults =
                SmsAttributes.of(snapshot, caller.accountId(), caller.region());
        String text = publication.body(PROTOCOL);
        return job(
                new TextMessage(
                        publication.messageId(),
                        publication.timestampMillis(),
                        caller.accountId(),
                        caller.region(),
                        PhoneNumbers.normal(number),
                        Sms.senderId(publication.attributes(), defaults),
                        text,
                        Sms.told(publication.attributes(), defaults, text)),
                Map.of(MESSAGE_ID, publication.messageId()));
    }

    /// The sandbox's message with a one-time password.
    static Job verification(TextMessage message) {
        return job(message, Map.of(MESSAGE_ID, message.id(), VERIFICATION, "true"));
    }

    @Override
    public Attempt attempt(Job job) throws InterruptedException {
        TextMessage message = TEXTS.decode(job.payload());
        boolean isVerification = job.attributes().containsKey(VERIFICATION);
        Attempt.Failed refusal =
                store.<Attempt.@Nullable Failed>read(
                        snapshot -> refusal(snapshot, message, isVerification));
        if (refusal != null) {
            return refusal;
        }
        return switch (providers.text().send(message)) {
            case Answer.Taken _ -> new Attempt.Delivered();
            case Answer.Refused(String code, String why, boolean retryable) ->
                    new Attempt.Failed(code, why, retryable);
            case Answer.Gone _ -> {
                OptOuts.put(store, message.accountId(), message.region(), message.to(), true);
                yield optedOut();
            }
        };
    }

    @Override
    public Message deadLetter(Job job, Attempt.Failed failure) {
        return Message.of(TEXTS.decode(job.payload()).text(), Dispatch.SENDER_ID)
                .from(job.attributes().getOrDefault(TOPIC_ARN, ""));
    }

    /// A topic's message is logged with the topic's, if the account wants its text messages logged.
    @Override
    public void ended(Job job, Ending ending) {
        if (job.attributes().containsKey(VERIFICATION)) {
            return;
        }
        TextMessage message = TEXTS.decode(job.payload());
        String topicArn = job.attributes().get(TOPIC_ARN);
        if (topicArn != null) {
            monitoring.ended(topicArn, job, ending);
        }
        String account = message.accountId();
        Map<String, String> settings =
                store.<Map<String, String>>read(
                        snapshot -> SmsAttributes.of(snapshot, account, message.region()));
        boolean success = ending.last() instanceof Attempt.Delivered;
        if (Feedback.ofSms(settings).wants(success, monitoring.random())) {
            String id = job.attributes().getOrDefault(MESSAGE_ID, "");
            Arn of =
                    topicArn == null
                            ? Monitoring.direct(account, message.region())
                            : Arn.parse(topicArn).orElseThrow();
            long now = monitoring.nowMillis();
            monitoring.ended(of, success, DirectStatus.of(message, id, topicArn, ending, now));
        }
    }

    /// Texts to numbers have no ARN: the account's own stands for them.
    @Override
    public String by(Job job) {
        TextMessage message = TEXTS.decode(job.payload());
        return job.attributes().containsKey(TOPIC_ARN)
                ? job.target()
                : Monitoring.direct(message.accountId(), message.region()).toString();
    }

    @Override
    public String to(Job job) {
        return PROTOCOL;
    }

    private Attempt.@Nullable Failed refusal(
            Snapshot snapshot, TextMessage message, boolean isVerification) {
        String account = message.accountId();
        if (OptOuts.contains(snapshot, account, message.region(), message.to())) {
            return optedOut();
        }
        if (message.text().length() > SnsLimits.SMS_CHARACTERS) {
            return new Attempt.Failed(
                    "MessageTooLong", "A text message has at most 1600 characters.", false);
        }
        boolean isOutside =
                providers.options().smsSandbox()
                        && !isVerification
                        && !SmsSandbox.admits(snapshot, account, message.region(), message.to());
        return isOutside
                ? new Attempt.Failed(
                        "SmsSandbox", "The number is not verified in the SMS sandbox.", false)
                : null;
    }

    private static Attempt.Failed optedOut() {
        return new Attempt.Failed("OptedOut", "Phone number is opted out", false);
    }

    private static Job job(TextMessage message, Map<String, String> attributes) {
        return new Job(
                KIND,
                message.to(),
                attributes,
                TEXTS.encode(message),
                SnsLimits.CUSTOMER_ENDPOINT_RETRIES,
                null);
    }
}
