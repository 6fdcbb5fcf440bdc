package io.millrace.notification;

import io.millrace.engine.Store;
import io.millrace.notification.MailboxEntry.Kind;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Who sends what: the providers that are configured, and the mailbox for the rest. Thread-safe.
public final class NotificationProviders implements AutoCloseable {
    private static final String SENDER = "no-reply@sns.amazonaws.com";

    private final NotificationOptions options;
    private final Mailbox mailbox;
    private final Provider<Mail> mail;
    private final Provider<TextMessage> text;
    private final Provider<PushMessage> push;
    private final List<Webhook> webhooks = new ArrayList<>();

    /// @param options checked
    public NotificationProviders(Store store, InstantSource clock, NotificationOptions options) {
        this.options = options;
        this.mailbox = new Mailbox(store, clock);
        String sender = Objects.requireNonNullElse(options.mailFrom(), SENDER);
        this.mail =
                options.smtp() == null
                        ? letter -> keep(entry(letter, sender))
                        : new SmtpServer(options.smtp(), sender);
        Provider<MailboxEntry> texts = gateway(options.smsWebhook(), clock);
        this.text = message -> texts.send(entry(message));
        Provider<MailboxEntry> pushes = gateway(options.pushWebhook(), clock);
        this.push = message -> pushes.send(entry(message));
    }

    public NotificationOptions options() {
        return options;
    }

    public Provider<Mail> mail() {
        return mail;
    }

    public Provider<TextMessage> text() {
        return text;
    }

    public Provider<PushMessage> push() {
        return push;
    }

    public Mailbox mailbox() {
        return mailbox;
    }

    @Override
    public void close() {
        webhooks.forEach(Webhook::close);
    }

    private Provider<MailboxEntry> gateway(@Nullable String url, InstantSource clock) {
        if (url == null) {
            return this::keep;
        }
        Webhook webhook = new Webhook(url, options.secret(), clock);
        webhooks.add(webhook);
        return webhook;
    }

    private Provider.Answer keep(MailboxEntry entry) {
        mailbox.put(entry);
        return new Provider.Answer.Taken();
    }

    private static MailboxEntry entry(Mail mail, String sender) {
        return new MailboxEntry(
                mail.id(),
                Kind.MAIL,
                mail.timeMillis(),
                mail.accountId(),
                mail.region(),
                mail.to(),
                mail.senderName() == null ? sender : mail.senderName() + " <" + sender + ">",
                mail.subject(),
                mail.text(),
                Map.of());
    }

    private static MailboxEntry entry(PushMessage message) {
        return new MailboxEntry(
                message.id(),
                Kind.PUSH,
                message.timeMillis(),
                message.accountId(),
                message.region(),
                message.endpointArn(),
                message.applicationArn(),
                null,
                message.payload(),
                message.attributes());
    }

    private static MailboxEntry entry(TextMessage message) {
        return new MailboxEntry(
                message.id(),
                Kind.SMS,
                message.timeMillis(),
                message.accountId(),
                message.region(),
                message.to(),
                message.senderId(),
                null,
                message.text(),
                message.attributes());
    }
}
