package io.millrace.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.notification.Provider.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Mails over a real socket.
@Timeout(30)
final class SmtpServerTest {
    private static final Mail MAIL =
            new Mail(
                    "m-1",
                    1_767_323_045_678L,
                    "000000000000",
                    "us-east-1",
                    "ann@example.com",
                    "Órders",
                    "Hellö",
                    "First line\n.\nlast\n");

    @Test
    void sendsAWholeMail() throws Exception {
        try (FakeSmtp server = new FakeSmtp()) {
            assertThat(provider(server.url()).send(MAIL)).isEqualTo(new Answer.Taken());

            assertThat(server.commands)
                    .contains("MAIL FROM:<shop@example.com>", "RCPT TO:<ann@example.com>", "QUIT");
            assertThat(server.mails.getFirst())
                    .contains("To: ann@example.com", "Message-ID: <m-1@millrace>")
                    .contains("From: =?UTF-8?Q?=C3=93rders?= <shop@example.com>")
                    .contains("Subject: =?UTF-8?Q?Hell=C3=B6?=")
                    .contains("Date: ", "2026")
                    .contains("First line\n..\nlast\n");
        }
    }

    @Test
    void authenticatesWithWhatTheUrlSays() throws Exception {
        try (FakeSmtp server = new FakeSmtp()) {
            provider("smtp://me%40x+y:se%3Acret@" + server.address()).send(MAIL);

            assertThat(server.commands)
                    .contains(
                            "AUTH PLAIN "
                                    + Base64.getEncoder()
                                            .encodeToString(
                                                    "me@x+y\0me@x+y\0se:cret"
                                                            .getBytes(StandardCharsets.UTF_8)));
            assertThat(server.mails).hasSize(1);
        }
    }

    @Test
    void aRefusalForGoodIsFinalAndOneForNowIsNot() throws Exception {
        try (FakeSmtp server = new FakeSmtp()) {
            Provider<Mail> provider = provider(server.url());

            server.recipientReply = "550 5.1.1 nobody of that name";
            assertThat(provider.send(MAIL))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> {
                                assertThat(refused.code()).isEqualTo("550");
                                assertThat(refused.message()).contains("nobody of that name");
                                assertThat(refused.retryable()).isFalse();
                            });
            server.recipientReply = "451 later";
            assertThat(provider.send(MAIL))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> {
                                assertThat(refused.code()).isEqualTo("451");
                                assertThat(refused.retryable()).isTrue();
                            });
        }
    }

    @Test
    void aServerThatIsNotThereIsTriedAgain() throws Exception {
        String url;
        try (FakeSmtp server = new FakeSmtp()) {
            url = server.url();
        }

        assertThat(provider(url).send(MAIL))
                .isInstanceOfSatisfying(
                        Answer.Refused.class, refused -> assertThat(refused.retryable()).isTrue());
    }

    @Test
    void requiresEncryptionWhereTheUrlDoes() throws Exception {
        try (FakeSmtp server = new FakeSmtp()) {
            assertThat(provider(server.url() + "/?starttls=required").send(MAIL))
                    .isInstanceOf(Answer.Refused.class);
            assertThat(server.mails).isEmpty();
        }
    }

    private static Provider<Mail> provider(String url) {
        return new SmtpServer(url, "shop@example.com");
    }
}
