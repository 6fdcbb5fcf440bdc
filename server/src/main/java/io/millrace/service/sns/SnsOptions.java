package io.millrace.service.sns;

import io.millrace.notification.NotificationOptions;
import io.millrace.secret.CustomerKeys;

/// How SNS behaves where the server may choose.
///
/// @param endpoint the base URL of links in messages that no request of a client caused, without a
///   slash at its end
/// @param secure whether credentials are configured: then services need a topic's permission to
///   publish, as at AWS
/// @param notifications what is for people
/// @param keys those that topics may be encrypted with
public record SnsOptions(
        String endpoint, boolean secure, NotificationOptions notifications, CustomerKeys keys) {

    /// What one message, or one batch, may be.
    int messageBytesMax() {
        return notifications.messageBytesMax();
    }

    /// Without anything for people that is configured.
    public SnsOptions(String endpoint, boolean secure) {
        this(endpoint, secure, NotificationOptions.NONE);
    }

    /// With whatever key.
    public SnsOptions(String endpoint, boolean secure, NotificationOptions notifications) {
        this(endpoint, secure, notifications, CustomerKeys.ANY);
    }
}
