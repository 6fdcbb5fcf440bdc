package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.Eventually;
import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.sns.model.EndpointDisabledException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;

/// What SNS sends to people: mails that are confirmed and ended by the links in them, text messages
/// that a telephone can stop, and mobile push to devices. At AWS the same calls reach real mail
/// boxes and telephones; here the mailbox shows them.
@ExtendWith(MillraceExtension.class)
@Timeout(60)
final class SnsEndpointsTest {
    private static final String NUMBER = "+15550100123";
    private static final JsonMapper JSON = new JsonMapper();

    private final URI endpoint;
    private final Clients aws;

    SnsEndpointsTest(MillraceServer server) {
        this.endpoint = server.endpoint();
        this.aws = new Clients(endpoint, server.freshAccount());
    }

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void aMailAddressConfirmsIsNotifiedAndLeavesByNothingButLinks() throws Exception {
        String topic = aws.sns.createTopic(request -> request.name("mails")).topicArn();
        String pending =
                aws.sns
                        .subscribe(request ->
                                request.topicArn(topic)
                                        .protocol("email")
                                        .endpoint("ann@example.com"))
                        .subscriptionArn();
        assertThat(pending).isEqualTo("pending confirmation");

        follow(sent("mail", 1).path("links").path(0));
        aws.sns.publish(
                request -> request.topicArn(topic).subject("News").message("It is on its way."));

        JsonNode mail = sent("mail", 2);
        assertThat(mail.path("subject").asString()).isEqualTo("News");
        assertThat(mail.path("text").asString()).startsWith("It is on its way.\n");
        follow(mail.path("links").path(0));
        assertThat(
                        aws.sns
                                .listSubscriptionsByTopic(request -> request.topicArn(topic))
                                .subscriptions())
                .isEmpty();
    }

    @Test
    void aTelephoneIsTextedUntilItStops() throws Exception {
        aws.sns.setSMSAttributes(request -> request.attributes(Map.of("DefaultSenderID", "Mill")));
        aws.sns.publish(request -> request.phoneNumber(NUMBER).message("hello"));

        JsonNode text = sent("sms", 1);
        assertThat(text.path("to").asString()).isEqualTo(NUMBER);
        assertThat(text.path("from").asString()).isEqualTo("Mill");
        assertThat(
                        aws.sns
                                .checkIfPhoneNumberIsOptedOut(
                                        request -> request.phoneNumber(NUMBER))
                                .isOptedOut())
                .isFalse();
        assertThat(aws.sns.getSMSSandboxAccountStatus(request -> {}).isInSandbox()).isFalse();
    }

    @Test
    void aDeviceIsPushedToUntilItIsDisabled() throws Exception {
        String application =
                aws.sns
                        .createPlatformApplication(request ->
                                request.name("shop")
                                        .platform("GCM")
                                        .attributes(Map.of("PlatformCredential", "key")))
                        .platformApplicationArn();
        String device =
                aws.sns
                        .createPlatformEndpoint(request ->
                                request.platformApplicationArn(application).token("token"))
                        .endpointArn();
        aws.sns.publish(request -> request.targetArn(device).message("hello"));

        JsonNode push = sent("push", 1);
        assertThat(push.path("to").asString()).isEqualTo(device);
        assertThat(push.path("attributes").path("Token").asString()).isEqualTo("token");

        aws.sns.setEndpointAttributes(
                request -> request.endpointArn(device).attributes(Map.of("Enabled", "false")));
        assertThat(
                        catchThrowableOfType(
                                EndpointDisabledException.class,
                                () ->
                                        aws.sns.publish(request ->
                                                request.targetArn(device).message("hello"))))
                .hasMessageContaining("Endpoint is disabled");
    }

    /// The newest of a kind, once there are so many.
    private JsonNode sent(String kind, int count) throws IOException {
        URI mailbox =
                endpoint.resolve(
                        "/_millrace/sns/mailbox?kind=" + kind + "&account=" + aws.account());
        return Eventually.see(
                        count + " of kind " + kind,
                        () -> {
                            try (InputStream in = mailbox.toURL().openStream()) {
                                return JSON.readTree(in).path("messages");
                            }
                        },
                        messages -> messages.size() == count)
                .path(0);
    }

    private static void follow(JsonNode link) throws IOException {
        try (InputStream in = URI.create(link.asString()).toURL().openStream()) {
            assertThat(in.readAllBytes()).isNotEmpty();
        }
    }
}
