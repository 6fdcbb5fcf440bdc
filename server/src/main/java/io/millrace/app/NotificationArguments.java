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

    @Option(
            names = "--sms-webhook",
            paramLabel = "URL",
            description = "the gateway for text messages (none: they stay in the mailbox)")
    private @Nullable String smsWebhook;

    @Option(
            names = "--push-webhook",
            paramLabel = "URL",
            description = "the gateway for mobile push (none: it stays in the mailbox)")
    private @Nullable String pushWebhook;

    @Option(
            names = "--sms-sandbox",
            arity = "1",
            paramLabel = "true|false",
            description = "text verified numbers only (false)")
    private @Nullable Boolean smsSandbox;

    @Option(
            names = "--sms-numbers",
            paramLabel = "NUMBERS",
            split = ",",
            description = "the numbers that text messages come from, separated by commas")
    private @Nullable List<String> smsNumbers;

    @Option(
            names = "--sns-message-bytes-max",
            paramLabel = "BYTES",
            description = "what SNS takes as one message (262144, as AWS; at most 1048576)")
    private @Nullable Integer messageBytesMax;

    NotificationOptions options(@Nullable String secret) {
        return new NotificationOptions(
                smtp,
                mailFrom,
                smsWebhook,
                pushWebhook,
                secret,
                Boolean.TRUE.equals(smsSandbox),
                smsNumbers == null ? List.of() : smsNumbers,
                messageBytesMax == null
                        ? NotificationOptions.MESSAGE_BYTES_DEFAULT
                        : messageBytesMax);
    }
}
