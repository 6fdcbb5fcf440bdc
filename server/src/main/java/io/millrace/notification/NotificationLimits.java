package io.millrace.notification;

import java.time.Duration;

/// Every bound of this package.
final class NotificationLimits {

    /// What the mailbox keeps, and for how long; the oldest go first.
    static final int MAILBOX_ENTRIES = 10_000;

    static final long MAILBOX_BYTES = 64L * 1024 * 1024;
    static final Duration MAILBOX_AGE = Duration.ofDays(14);

    /// Entries that one new entry clears away at most.
    static final int MAILBOX_CLEARED = 32;

    static final int PAGE_ENTRIES = 50;
    static final int PAGE_ENTRIES_MAX = 500;

    /// Entries that one page looks at, wanted or not.
    static final int PAGE_READ = 2_000;

    static final Duration SMTP_TIMEOUT = Duration.ofSeconds(30);

    /// As much of a gateway's answer is read.
    static final int ANSWER_BYTES = 64 * 1024;

    /// The most that is taken as an inbound text message.
    static final int INBOUND_BYTES = 64 * 1024;

    static final Duration WEBHOOK_TIMEOUT = Duration.ofSeconds(15);

    private NotificationLimits() {}
}
