package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.app.Configuration;
import io.millrace.app.Millrace;
import io.millrace.http.TlsOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// AWS's endpoints speak TLS. An SDK that trusts the server's certificate uses it unchanged, and
/// the URLs that it is given are https.
final class TlsTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir private Path folder;

    @Test
    void anSdkUsesQueuesOverTls() throws Exception {
        make("one", "EC");
        try (Millrace millrace = start()) {
            assertThat(millrace.endpoint()).startsWith("https://");
            try (Clients clients =
                    new Clients(
                            URI.create("https://localhost:" + millrace.port()),
                            "111111111112",
                            UrlConnectionHttpClient.builder()
                                    .tlsTrustManagersProvider(() -> trust().getTrustManagers())
                                    .build(),
                            1)) {
                String url = clients.sqs.createQueue(b -> b.queueName("work")).queueUrl();
                assertThat(url)
                        .isEqualTo("https://localhost:" + millrace.port() + "/111111111112/work");
                clients.sqs.setQueueAttributes(b ->
                        b.queueUrl(url).attributesWithStrings(Map.of("VisibilityTimeout", "10")));
                clients.sqs.sendMessage(b -> b.queueUrl(url).messageBody("hello"));
                assertThat(
                                clients.sqs
                                        .receiveMessage(b -> b.queueUrl(url).waitTimeSeconds(5))
                                        .messages())
                        .singleElement()
                        .satisfies(m -> assertThat(m.body()).isEqualTo("hello"));
            }
        }
    }

    @Test
    void aRenewedCertificateIsShownWithoutARestart() throws Exception {
        make("one", "RSA");
        try (Millrace millrace = start()) {
            assertThat(shown(millrace.port())).contains("CN=one");

            make("two", "EC");

            assertThat(shown(millrace.port())).contains("CN=two");
            Files.writeString(folder.resolve("key.pem"), "half written");
            assertThat(shown(millrace.port())).contains("CN=two");
        }
    }

    @Test
    void plainHttpIsRefusedAndTheServerGoesOn() throws Exception {
        make("one", "EC");
        try (Millrace millrace = start();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), millrace.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            byte[] answer = socket.getInputStream().readAllBytes();

            assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP/1.1 2");
            assertThat(shown(millrace.port())).contains("CN=one");
        }
    }

    @Test
    void aKeyThatDoesNotFitIsRefusedWithTheFilesNames() throws Exception {
        make("one", "EC");
        Files.copy(folder.resolve("key.pem"), folder.resolve("old.pem"));
        make("two", "EC");
        Files.move(
                folder.resolve("old.pem"),
                folder.resolve("key.pem"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(this::start)
                .hasMessageContaining("the key in " + folder.resolve("key.pem"))
                .hasMessageContaining("certificate.pem");
    }

    private Millrace start() throws Exception {
        return Millrace.start(
                Configuration.of(folder.resolve("data"))
                        .withTls(
                                new TlsOptions(
                                        folder.resolve("certificate.pem"),
                                        folder.resolve("key.pem"))));
    }

    /// The subject of the certificate that the server shows.
    private String shown(int port) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust().getTrustManagers(), null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            X509Certificate first = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return first.getSubjectX500Principal().getName();
        }
    }

    /// Trusts what was made last.
    private TrustManagerFactory trust() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("server", keys().getCertificate("server"));
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            return trust;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore keys() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private void make(String name, String algorithm) throws Exception {
        Files.deleteIfExists(folder.resolve("keys.p12"));
        int status =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "server",
                                "-keyalg",
                                algorithm,
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "san=dns:localhost,ip:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                folder.resolve("keys.p12").toString(),
                                "-storepass",
                                new String(PASSWORD))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start()
                        .waitFor();
        assertThat(status).isZero();
        KeyStore keys = keys();
        pem("certificate.pem", "CERTIFICATE", keys.getCertificate("server").getEncoded());
        pem("key.pem", "PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded());
    }

    private void pem(String name, String what, byte[] der) throws IOException {
        Files.writeString(
                folder.resolve(name),
                "-----BEGIN "
                        + what
                        + "-----\n"
                        + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END "
                        + what
                        + "-----\n");
    }
}
