package io.millrace.notification;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;

import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Properties;

/// Sends mails through an SMTP server, a connection for each. What the server refuses for good (a
/// reply of 5xx) is not retryable, everything else is.
final class SmtpServer implements Provider<Mail> {
    private static final int REFUSED_FOR_GOOD = 500;

    private final Session session;
    private final String from;
    private final String host;
    private final int port;
    private final @Nullable String user;
    private final @Nullable String password;

    /// @param url as in [NotificationOptions#smtp]
    SmtpServer(String url, String from) {
        URI server = URI.create(url);
        this.from = from;
        this.host = server.getHost();
        this.port = server.getPort();
        String[] userInfo =
                server.getRawUserInfo() == null ? null : server.getRawUserInfo().split(":", 2);
        this.user = userInfo == null ? null : decoded(userInfo[0]);
        this.password = userInfo == null || userInfo.length < 2 ? null : decoded(userInfo[1]);
        this.session = Session.getInstance(properties(server));
    }

    private static Properties properties(URI server) {
        String protocol = server.getScheme();
        String prefix = "mail." + protocol + ".";
        String millis = Long.toString(NotificationLimits.SMTP_TIMEOUT.toMillis());
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol", protocol);
        properties.setProperty(prefix + "connectiontimeout", millis);
        properties.setProperty(prefix + "timeout", millis);
        properties.setProperty(prefix + "writetimeout", millis);
        properties.setProperty(prefix + "starttls.enable", "true");
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        if ("starttls=required".equals(server.getQuery())) {
            properties.setProperty(prefix + "starttls.required", "true");
        }
        if (server.getRawUserInfo() != null) {
            properties.setProperty(prefix + "auth", "true");
        }
        return properties;
    }

    @Override
    public Answer send(Mail mail) {
        try (Transport transport = session.getTransport()) {
            MimeMessage message = message(mail);
            transport.connect(host, port, user, password);
            transport.sendMessage(message, message.getAllRecipients());
            return new Answer.Taken();
        } catch (AuthenticationFailedException e) { // the operator can make this good
            return new Answer.Refused("SmtpAuthentication", text(e), true);
        } catch (MessagingException e) {
            int reply = reply(e);
            return new Answer.Refused(
                    reply == 0 ? "SmtpError" : Integer.toString(reply),
                    text(e),
                    reply < REFUSED_FOR_GOOD);
        }
    }

    private MimeMessage message(Mail mail) throws MessagingException {
        MimeMessage message =
                new MimeMessage(session) {
                    @Override
                    protected void updateMessageID() throws MessagingException {
                        setHeader("Message-ID", "<" + mail.id() + "@millrace>");
                    }
                };
        message.setFrom(sender(mail.senderName()));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(mail.to()));
        message.setSubject(mail.subject(), StandardCharsets.UTF_8.name());
        message.setText(mail.text(), StandardCharsets.UTF_8.name());
        message.setHeader(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.ofEpochMilli(mail.timeMillis()).atOffset(ZoneOffset.UTC)));
        message.saveChanges();
        return message;
    }

    private InternetAddress sender(@Nullable String name) throws MessagingException {
        try {
            return name == null
                    ? new InternetAddress(from)
                    : new InternetAddress(from, name, StandardCharsets.UTF_8.name());
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e); // every Java has UTF-8
        }
    }

    /// The reply code of the server; 0 when there was none.
    private static int reply(MessagingException e) {
        Exception next = e;
        while (next instanceof MessagingException failure) { // ends: a chain has no loops
            int code =
                    switch (failure) {
                        case SMTPSendFailedException sending -> sending.getReturnCode();
                        case SMTPAddressFailedException address -> address.getReturnCode();
                        case SMTPSenderFailedException sender -> sender.getReturnCode();
                        default -> 0;
                    };
            if (code > 0 && !(failure.getNextException() instanceof SMTPAddressFailedException)) {
                return code;
            }
            next = failure.getNextException();
        }
        return 0;
    }

    private static String text(MessagingException e) {
        Exception next = e.getNextException();
        String message = String.valueOf(e.getMessage()).strip();
        return next == null ? message : message + ": " + String.valueOf(next.getMessage()).strip();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
