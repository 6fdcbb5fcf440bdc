package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.SetTopicAttributesInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.delivery.Message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Verifies as AWS documents it: members in byte order of their names, each name and value followed
/// by a newline.
final class SignatureTest {
    private static final List<String> NOTIFICATION =
            List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
    private static final List<String> CONFIRMATION =
            List.of(
                    "Message",
                    "MessageId",
                    "SubscribeURL",
                    "Timestamp",
                    "Token",
                    "TopicArn",
                    "Type");
    private static final JsonMapper JSON = new JsonMapper();

    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders");

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void notificationsVerify(String version) throws Exception {
        setVersion(version);
        fixture.subscribeQueue(topic, "archive", Map.of());

        fixture.publish(topic, "hello\nwörld \"x\" \\ \u0001");
        fixture.call(
                SnsApi.PUBLISH,
                PublishInput.builder().topicArn(topic).subject("sübject").message("m").build());

        for (String body : fixture.bodies("archive")) {
            JsonNode message = JSON.readTree(body);
            assertThat(message.path("SignatureVersion").asString()).isEqualTo(version);
            assertThat(verifies(message, NOTIFICATION)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void confirmationsVerify(String version) throws Exception {
        setVersion(version);

        fixture.subscribe(topic, "http", "http://example.com/hook", Map.of());

        String job = fixture.owed().getFirst();
        JsonNode message = JSON.readTree(job.substring(job.indexOf("{\n")));
        assertThat(message.path("Type").asString()).isEqualTo("SubscriptionConfirmation");
        assertThat(message.path("SignatureVersion").asString()).isEqualTo(version);
        assertThat(verifies(message, CONFIRMATION)).isTrue();
        assertThat(message.propertyNames())
                .containsExactly(
                        "Type",
                        "MessageId",
                        "Token",
                        "TopicArn",
                        "Message",
                        "SubscribeURL",
                        "Timestamp",
                        "SignatureVersion",
                        "Signature",
                        "SigningCertURL");
        assertThat(message.path("Token").asString()).hasSize(288);
    }

    @Test
    void aChangedMessageDoesNotVerify() throws Exception {
        fixture.subscribeQueue(topic, "archive", Map.of());
        fixture.publish(topic, "hello");

        JsonNode message =
                JSON.readTree(fixture.bodies("archive").getFirst().replace("hello", "hallo"));

        assertThat(verifies(message, NOTIFICATION)).isFalse();
    }

    @Test
    void aTextIsTheSameOnEveryReadingAlsoAfterARestart() {
        fixture.subscribeQueue(topic, "archive", Map.of());
        fixture.publish(topic, "hello");

        List<String> bodies = fixture.bodies("archive");

        assertThat(fixture.bodies("archive")).isEqualTo(bodies);
        Notifications restarted = new Notifications(fixture.store, fixture.clock, fixture.ids);
        assertThat(fixture.kept("archive"))
                .map(Message::rendering)
                .map(Objects::requireNonNull)
                .map(rendering -> restarted.render(rendering.own(), rendering.shared()))
                .isEqualTo(bodies);
    }

    @Test
    void theCertificateIsSelfSignedAndValid() throws Exception {
        X509Certificate certificate = certificate(fixture.sns);

        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity(Date.from(Instant.parse("2026-01-02T00:00:00Z")));
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withRSA");
        assertThat(certificate.getSubjectX500Principal().getName())
                .isEqualTo("CN=sns.amazonaws.com");
        assertThat(certificate.getSerialNumber()).isPositive();
        assertThat(fixture.sns.certificatePath())
                .matches("/SimpleNotificationService-[0-9a-f]{32}\\.pem");
    }

    @Test
    void theKeyIsMadeOnce() throws Exception {
        X509Certificate certificate = certificate(fixture.sns);

        try (Sns restarted =
                new Sns(
                        fixture.store,
                        fixture.clock,
                        fixture.ids,
                        fixture.targets,
                        fixture.outbox,
                        new Notifications(fixture.store, fixture.clock, fixture.ids),
                        fixture.monitoring,
                        new SnsOptions(SnsFixture.ENDPOINT, false))) {
            assertThat(certificate(restarted)).isEqualTo(certificate);
            assertThat(restarted.certificatePath()).isEqualTo(fixture.sns.certificatePath());
        }
    }

    private void setVersion(String version) {
        fixture.call(
                SnsApi.SET_TOPIC_ATTRIBUTES,
                SetTopicAttributesInput.builder()
                        .topicArn(topic)
                        .attributeName("SignatureVersion")
                        .attributeValue(version)
                        .build());
    }

    private boolean verifies(JsonNode message, List<String> members) throws Exception {
        StringBuilder canonical = new StringBuilder();
        for (String member : members) {
            if (message.has(member)) {
                canonical.append(member).append('\n');
                canonical.append(message.path(member).asString()).append('\n');
            }
        }
        assertThat(message.path("SigningCertURL").asString())
                .isEqualTo(SnsFixture.ENDPOINT + fixture.sns.certificatePath());
        Signature verifier =
                Signature.getInstance(
                        message.path("SignatureVersion").asString().equals("2")
                                ? "SHA256withRSA"
                                : "SHA1withRSA");
        verifier.initVerify(certificate(fixture.sns));
        verifier.update(canonical.toString().getBytes(StandardCharsets.UTF_8));
        return verifier.verify(Base64.getDecoder().decode(message.path("Signature").asString()));
    }

    private static X509Certificate certificate(Sns sns) throws Exception {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        sns.certificate().getBytes(StandardCharsets.US_ASCII)));
    }
}
