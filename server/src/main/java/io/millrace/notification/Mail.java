package io.millrace.notification;

import org.jspecify.annotations.Nullable;

/// A mail to one address, in plain text.
///
/// @param id names it, also when it is sent again
/// @param timeMillis when it was written
/// @param accountId on whose behalf
/// @param to the address
/// @param senderName how the sender is called; null for no name
public record Mail(
        String id,
        long timeMillis,
        String accountId,
        String region,
        String to,
        @Nullable String senderName,
        String subject,
        String text) {

    /// The same mail with another text.
    public Mail withText(String other) {
        return new Mail(id, timeMillis, accountId, region, to, senderName, subject, other);
    }
}
