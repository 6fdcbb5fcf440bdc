package io.millrace.notification;

import io.millrace.engine.Store;

import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/// Who sends what: the providers that are configured, and the mailbox for the rest. Thread-safe.
public final class NotificationProviders {
    private static final String SENDER = "no-reply@sns.amazonaws.com";

    private final Mailbox mailbox;
    private final Provider<Mail> mail;

    /// @param options checked
    public NotificationProviders(Store store, InstantSource clock, NotificationOptions options) {
        this.mailbox = new Mailbox(store, clock);
        String sender = Objects.requireNonNullElse(options.mailFrom(), SENDER);
        this.mail =
                options.smtp() == null
                        ? letter -> kept(entry(letter, sender))
                        : new SmtpServer(options.smtp(), sender);
    }

    public Provider<Mail> mail() {
        return mail;
    }

    public Mailbox mailbox() {
        return mailbox;
    }

    private Provider.Answer kept(MailboxEntry entry) {
        mailbox.put(entry);
        return new Provider.Answer.Taken();
    }

    private static MailboxEntry entry(Mail mail, String sender) {
        return new MailboxEntry(
                mail.id(),
                MailboxEntry.Kind.MAIL,
                mail.timeMillis(),
                mail.accountId(),
                mail.region(),
                mail.to(),
                mail.senderName() == null ? sender : mail.senderName() + " <" + sender + ">",
                mail.subject(),
                mail.text(),
                Map.of());
    }
}
