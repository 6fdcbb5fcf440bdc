package io.millrace.notification;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// One notification in the mailbox.
///
/// @param address the mail address, the telephone number, or the ARN of the device's endpoint
/// @param from the sender, where there is one
/// @param text what was sent; of a push notification, its payload
/// @param attributes whatever else the kind has
public record MailboxEntry(
        String id,
        Kind kind,
        long timeMillis,
        String accountId,
        String region,
        String address,
        @Nullable String from,
        @Nullable String subject,
        String text,
        Map<String, String> attributes) {

    /// What can be sent.
    public enum Kind {
        MAIL,
        SMS,
        PUSH
    }

    public MailboxEntry {
        attributes = Map.copyOf(attributes);
    }
}
