package io.millrace.app;

import io.millrace.notification.NotificationOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.List;

/// The part of the command line that is about mails, text messages and push notifications.
final class NotificationArguments {
    @Option(
            names = "--smtp",
            paramLabel = "URL",
            description = "the SMTP server for mails (none: they stay in the mailbox)")
    private @Nullable String smtp;

    @Option(
            names = "--mail-from",
            paramLabel = "ADDRESS",
            description = "the address that mails come from")
    private @Nullable String mailFrom;

    NotificationOptions options(@Nullable String secret) {
        return new NotificationOptions(smtp, mailFrom, null, null, secret, false, List.of());
    }
}
