package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.ConfirmSubscriptionInput;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.SubscribeInput;
import io.millrace.api.sns.UnsubscribeInput;
import io.millrace.delivery.JobHandler;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.OutboxSteps;
import io.millrace.notification.Mailbox;
import io.millrace.notification.MailboxEntry;
import io.millrace.notification.Provider;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Map;

/// Subscriptions of mail addresses, read in the mailbox.
final class MailNotificationsTest {
    private static final String ANN = "ann+x@example.com";

    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders", Map.of("DisplayName", "Shop"));

    @Test
    void asksBeforeItSendsAnything() {
        assertThat(
                        fixture.call(
                                        SnsApi.SUBSCRIBE,
                                        SubscribeInput.builder()
                                                .topicArn(topic)
                                                .protocol("email")
                                                .endpoint(ANN)
                                                .build())
                                .subscriptionArn())
                .isEqualTo("pending confirmation");
        fixture.publish(topic, "too early");

        MailboxEntry mail = only();
        assertThat(mail.address()).isEqualTo(ANN);
        assertThat(mail.from()).isEqualTo("Shop <no-reply@sns.amazonaws.com>");
        assertThat(mail.subject()).isEqualTo("AWS Notification - Subscription Confirmation");
        assertThat(mail.text())
                .contains("You have chosen to subscribe to the topic:\n" + topic)
                .contains(SnsFixture.ENDPOINT + "/?Action=ConfirmSubscription&TopicArn=" + topic)
                .contains("&Endpoint=ann%2Bx%40example.com");
    }

    @Test
    void sendsTheMessageWithAWayOut() {
        String arn = confirmed("email", Map.of());

        fixture.publish(topic, "It is on its way.");

        MailboxEntry mail = only();
        assertThat(mail.subject()).isEqualTo("AWS Notification Message");
        assertThat(mail.text())
                .startsWith("It is on its way.\n\n--\nIf you wish to stop receiving notifications")
                .contains("/?Action=Unsubscribe&SubscriptionArn=" + arn + "&Endpoint=ann%2Bx%40");
        assertThat(fixture.owed()).isEmpty();
    }

    @Test
    void choosesSubjectAndBodyOfItsProtocol() {
        confirmed("email", Map.of());

        fixture.call(
                SnsApi.PUBLISH,
                PublishInput.builder()
                        .topicArn(topic)
                        .subject("News")
                        .message("{\"default\":\"for all\",\"email\":\"for people\"}")
                        .messageStructure("json")
                        .build());

        assertThat(only().subject()).isEqualTo("News");
        assertThat(only().text()).startsWith("for people\n");
    }

    @Test
    void emailJsonIsTheEnvelope() {
        confirmed("email-json", Map.of());

        String id = fixture.publish(topic, "hello");

        JsonNode envelope = new JsonMapper().readTree(only().text());
        assertThat(envelope.path("Message").asString()).isEqualTo("hello");
        assertThat(envelope.path("MessageId").asString()).isEqualTo(id);
        assertThat(envelope.has("Signature")).isTrue();
    }

    @Test
    void filterPoliciesCount() {
        confirmed("email", Map.of("FilterPolicy", "{\"kind\":[\"paid\"]}"));

        fixture.publish(topic, "hello");

        assertThat(mails()).isEmpty();
    }

    @Test
    void theLinkEndsTheSubscriptionAndAnotherRestoresIt() {
        String arn = confirmed("email", Map.of());

        unsubscribe(SnsFixture.ANONYMOUS, arn);
        fixture.publish(topic, "unwanted");

        assertThat(only().subject()).isEqualTo("AWS Notification - Unsubscribe Confirmation");
        assertThat(only().text()).contains("has been deactivated:\n" + topic);
        confirm(SnsFixture.ANONYMOUS, token(only()), null);
        fixture.providers.mailbox().empty();
        fixture.publish(topic, "wanted");
        assertThat(only().text()).startsWith("wanted");
    }

    @Test
    void theOwnerNeedsNoGoodbye() {
        String arn = confirmed("email", Map.of());

        unsubscribe(SnsFixture.CALLER, arn);

        assertThat(mails()).isEmpty();
    }

    @Test
    void theLinkIsRefusedWhereTheConfirmationSaidSo() {
        String arn = fixture.subscribe(topic, "email", ANN, Map.of());
        confirm(SnsFixture.CALLER, token(only()), "true");

        ServiceException refusal =
                fixture.refusal(
                        SnsFixture.ANONYMOUS,
                        SnsApi.UNSUBSCRIBE,
                        UnsubscribeInput.builder().subscriptionArn(arn).build());

        assertThat(refusal.error().code()).isEqualTo("AuthorizationError");
        unsubscribe(SnsFixture.CALLER, arn);
    }

    @Test
    void onlyASignedConfirmationForbidsTheLink() {
        fixture.subscribe(topic, "email", ANN, Map.of());
        String token = token(only());

        ServiceException refusal =
                fixture.refusal(
                        SnsFixture.ANONYMOUS,
                        SnsApi.CONFIRM_SUBSCRIPTION,
                        ConfirmSubscriptionInput.builder()
                                .topicArn(topic)
                                .token(token)
                                .authenticateOnUnsubscribe("true")
                                .build());

        assertThat(refusal.error().code()).isEqualTo("AuthorizationError");
        assertThat(refusal.message()).contains("to perform: SNS:ConfirmSubscription on resource: ");
        fixture.publish(topic, "too early");
        assertThat(token(only())).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nobody", "a@b;c@d", "a b@example.com", "@example.com", "a@"})
    void refusesWhatIsNoAddress(String address) {
        assertThat(refusal("email", address, Map.of()).message())
                .isEqualTo("Invalid parameter: Email address");
    }

    @Test
    void refusesRawDelivery() {
        assertThat(refusal("email", ANN, Map.of("RawMessageDelivery", "true")).message())
                .contains("Delivery protocol [email] does not support raw message delivery.");
    }

    @Test
    void whatTheServerRefusesForGoodIsADeadLetter() {
        confirmed(
                "email-json",
                Map.of(
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\"" + SnsFixture.queueArn("dead") + "\"}"));
        fixture.publish(topic, "hello");
        JobHandler refusing =
                new MailNotifications(
                        _ -> new Provider.Answer.Refused("550", "nobody", false),
                        fixture.notifications,
                        fixture.monitoring);
        Outbox outbox = fixture.outbox(Map.of(MailNotifications.KIND, refusing));

        OutboxSteps.attemptDue(outbox);

        assertThat(fixture.bodies("dead"))
                .singleElement()
                .satisfies(body -> assertThat(body).contains("\"Message\" : \"hello\""));
        assertThat(fixture.messages("dead").getFirst().attributes()).isEmpty();
        assertThat(fixture.owed()).isEmpty();
    }

    private List<MailboxEntry> mails() {
        fixture.deliverDue();
        return fixture.providers.mailbox().list(Mailbox.Filter.ALL, null, 10).entries();
    }

    private MailboxEntry only() {
        List<MailboxEntry> mails = mails();
        assertThat(mails).hasSize(1);
        return mails.getFirst();
    }

    private String confirmed(String protocol, Map<String, String> attributes) {
        String arn = fixture.subscribe(topic, protocol, ANN, attributes);
        confirm(SnsFixture.ANONYMOUS, token(only()), null);
        fixture.providers.mailbox().empty();
        return arn;
    }

    private void confirm(Caller caller, String token, @Nullable String authenticate) {
        fixture.call(
                caller,
                SnsApi.CONFIRM_SUBSCRIPTION,
                ConfirmSubscriptionInput.builder()
                        .topicArn(topic)
                        .token(token)
                        .authenticateOnUnsubscribe(authenticate)
                        .build());
    }

    private void unsubscribe(Caller caller, String arn) {
        fixture.call(
                caller,
                SnsApi.UNSUBSCRIBE,
                UnsubscribeInput.builder().subscriptionArn(arn).build());
    }

    private static String token(MailboxEntry mail) {
        return mail.text().replaceAll("(?s).*Token=([0-9a-f]+).*", "$1");
    }

    private ServiceException refusal(
            String protocol, String endpoint, Map<String, String> attributes) {
        return fixture.refusal(
                SnsApi.SUBSCRIBE,
                SubscribeInput.builder()
                        .topicArn(topic)
                        .protocol(protocol)
                        .endpoint(endpoint)
                        .attributes(attributes)
                        .build());
    }
}
