package io.millrace.service.sns;

import io.millrace.notification.NotificationOptions;

/// How SNS behaves where the server may choose.
///
/// @param endpoint the base URL of links in messages that no request of a client caused, without a
///   slash at its end
/// @param secure whether credentials are configured: then services need a topic's permission to
///   publish, as at AWS
/// @param notifications what is for people
public record SnsOptions(String endpoint, boolean secure, NotificationOptions notifications) {

    /// What one message, or one batch, may be.
    int messageBytesMax() {
        return notifications.messageBytesMax();
    }

    /// Without anything for people that is configured.
    public SnsOptions(String endpoint, boolean secure) {
        this(endpoint, secure, NotificationOptions.NONE);
    }
}
