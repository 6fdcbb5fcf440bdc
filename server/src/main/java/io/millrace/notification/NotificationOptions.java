package io.millrace.notification;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;

/// Through whom notifications leave, as an operator says it.
///
/// @param smtp `smtp://[user:password@]host[:port]` (with STARTTLS where the server has it;
///   required with `?starttls=required`) or `smtps://…`; null for the mailbox
/// @param mailFrom the address that mails come from
/// @param smsWebhook the URL to which text messages are posted; null for the mailbox
/// @param pushWebhook the URL to which push notifications are posted; null for the mailbox
/// @param secret signs what is posted, and opens the mailbox where requests must be signed; null
///   for none
/// @param smsSandbox whether text messages go to verified numbers only
/// @param smsNumbers the numbers that text messages may come from
/// @param messageBytesMax what SNS takes as one message, or one batch
public record NotificationOptions(
        @Nullable String smtp,
        @Nullable String mailFrom,
        @Nullable String smsWebhook,
        @Nullable String pushWebhook,
        @Nullable String secret,
        boolean smsSandbox,
        List<String> smsNumbers,
        int messageBytesMax) {

    /// AWS's limit of a message.
    public static final int MESSAGE_BYTES_DEFAULT = 256 << 10;

    private static final int MESSAGE_BYTES_MAX = 1 << 20;

    public static final NotificationOptions NONE =
            new NotificationOptions(null, null, null, null, null, false, List.of());

    private static final Set<String> SMTP = Set.of("smtp", "smtps");
    private static final Set<String> HTTP = Set.of("http", "https");

    public NotificationOptions {
        smsNumbers = List.copyOf(smsNumbers);
    }

    /// With AWS's limit of a message.
    public NotificationOptions(
            @Nullable String smtp,
            @Nullable String mailFrom,
            @Nullable String smsWebhook,
            @Nullable String pushWebhook,
            @Nullable String secret,
            boolean smsSandbox,
            List<String> smsNumbers) {
        this(
                smtp,
                mailFrom,
                smsWebhook,
                pushWebhook,
                secret,
                smsSandbox,
                smsNumbers,
                MESSAGE_BYTES_DEFAULT);
    }

    /// Looks at what can be seen without asking anyone.
    ///
    /// @throws IllegalArgumentException that names the option, when one is wrong
    public void check() {
        checkUrl("--smtp", smtp, SMTP);
        checkUrl("--sms-webhook", smsWebhook, HTTP);
        checkUrl("--push-webhook", pushWebhook, HTTP);
        if (smtp != null && mailFrom == null) {
            throw new IllegalArgumentException("--smtp needs --mail-from, the sender's address");
        }
        if (mailFrom != null && mailFrom.indexOf('@') < 1) {
            throw new IllegalArgumentException("--mail-from is not an address: " + mailFrom);
        }
        if (messageBytesMax < MESSAGE_BYTES_DEFAULT || messageBytesMax > MESSAGE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "--sns-message-bytes-max must be between "
                            + MESSAGE_BYTES_DEFAULT
                            + " and "
                            + MESSAGE_BYTES_MAX);
        }
        for (String number : smsNumbers) {
            if (!number.matches("\\+?[0-9]{3,15}")) {
                throw new IllegalArgumentException("--sms-numbers has no number: " + number);
            }
        }
    }

    /// The message does not repeat the URL: there may be a password in it.
    private static void checkUrl(String option, @Nullable String url, Set<String> schemes) {
        if (url == null) {
            return;
        }
        try {
            URI parsed = new URI(url);
            if (parsed.getHost() != null && schemes.contains(String.valueOf(parsed.getScheme()))) {
                return;
            }
        } catch (URISyntaxException _) { // refused below
        }
        throw new IllegalArgumentException(
                option
                        + " is not a URL that begins with "
                        + String.join(":// or ", schemes)
                        + "://");
    }
}
