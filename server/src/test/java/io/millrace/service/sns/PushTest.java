package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.CreatePlatformApplicationInput;
import io.millrace.api.sns.CreatePlatformEndpointInput;
import io.millrace.api.sns.DeleteEndpointInput;
import io.millrace.api.sns.DeletePlatformApplicationInput;
import io.millrace.api.sns.GetEndpointAttributesInput;
import io.millrace.api.sns.GetPlatformApplicationAttributesInput;
import io.millrace.api.sns.ListEndpointsByPlatformApplicationInput;
import io.millrace.api.sns.ListPlatformApplicationsInput;
import io.millrace.api.sns.MessageAttributeValue;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.SetEndpointAttributesInput;
import io.millrace.api.sns.SetPlatformApplicationAttributesInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.SubscribeInput;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.OutboxSteps;
import io.millrace.engine.Cursor;
import io.millrace.notification.Mailbox;
import io.millrace.notification.MailboxEntry;
import io.millrace.notification.Provider.Answer;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Platform applications, their endpoints, and what is pushed to them, read in the mailbox.
final class PushTest {
    private static final Map<String, String> CREDENTIAL = Map.of("PlatformCredential", "key");
    private static final JsonMapper JSON = new JsonMapper();

    private final SnsFixture fixture = new SnsFixture();
    private final String application = application("shop", "GCM", CREDENTIAL);

    @Test
    void anApplicationShowsNoCredentials() {
        assertThat(application).isEqualTo("arn:aws:sns:us-east-1:000000000000:app/GCM/shop");
        assertThat(attributesOfApplication()).isEqualTo(Map.of("Enabled", "true"));
        setApplication(Map.of("SuccessFeedbackSampleRate", "5"));
        assertThat(attributesOfApplication()).containsEntry("SuccessFeedbackSampleRate", "5");
        assertThat(
                        fixture.call(
                                        SnsApi.LIST_PLATFORM_APPLICATIONS,
                                        ListPlatformApplicationsInput.builder().build())
                                .platformApplications())
                .singleElement()
                .satisfies(
                        shown -> assertThat(shown.platformApplicationArn()).isEqualTo(application));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop|FAX|PlatformCredential|Invalid parameter: Platform Reason: FAX is not"
                        + " supported",
                "a b|GCM|PlatformCredential|Invalid parameter: a b Reason: must contain only"
                        + " characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'",
                "shop|ADM|PlatformCredential|Invalid parameter: Attributes Reason:"
                        + " PlatformCredential attribute provided without PlatformPrincipal",
                "shop|APNS|PlatformPrincipal|Invalid parameter: Attributes Reason:"
                        + " PlatformPrincipal attribute provided without PlatformCredential",
                "shop|GCM|Colour|Invalid parameter: Attributes Reason: Invalid attribute name:"
                        + " Colour",
                "shop|GCM|SuccessFeedbackSampleRate|Invalid parameter: Attributes Reason: Invalid"
                        + " value for attribute: SuccessFeedbackSampleRate",
                "shop|GCM|FailureFeedbackRoleArn|Invalid parameter: Attributes Reason: Invalid"
                        + " value for attribute: FailureFeedbackRoleArn",
                "shop|GCM|EventEndpointCreated|Invalid parameter: Attributes Reason: Invalid value"
                        + " for attribute: EventEndpointCreated"
            })
    void refusesOtherApplications(String name, String platform, String attribute, String message) {
        CreatePlatformApplicationInput input =
                CreatePlatformApplicationInput.builder()
                        .name(name)
                        .platform(platform)
                        .attributes(Map.of(attribute, "value"))
                        .build();

        assertThat(fixture.refusal(SnsApi.CREATE_PLATFORM_APPLICATION, input).message())
                .isEqualTo(message);
    }

    @Test
    void theSameDeviceIsOneEndpoint() {
        String endpoint = endpoint("token", "ann");

        assertThat(endpoint).startsWith("arn:aws:sns:us-east-1:000000000000:endpoint/GCM/shop/");
        assertThat(endpoint("token", "ann")).isEqualTo(endpoint);
        set(endpoint, Map.of("Enabled", "false"));
        assertThat(endpoint("token", "ann")).isEqualTo(endpoint);
        assertThat(
                        fixture.refusal(SnsApi.CREATE_PLATFORM_ENDPOINT, creation("token", "bob"))
                                .message())
                .isEqualTo(
                        "Invalid parameter: Token Reason: Endpoint "
                                + endpoint
                                + " already exists with the same Token, but different"
                                + " attributes.");
        assertThat(attributes(endpoint))
                .isEqualTo(Map.of("Enabled", "false", "Token", "token", "CustomUserData", "ann"));
        assertThat(list()).containsExactly(endpoint);
    }

    @Test
    void aTokenThatChangedIsFreeAgain() {
        String endpoint = endpoint("old", null);
        set(endpoint, Map.of("Token", "new"));

        assertThat(endpoint("new", null)).isEqualTo(endpoint);
        String other = endpoint("old", null);
        assertThat(other).isNotEqualTo(endpoint);
        SetEndpointAttributesInput taken =
                SetEndpointAttributesInput.builder()
                        .endpointArn(other)
                        .attributes(Map.of("Token", "new"))
                        .build();
        assertThat(fixture.refusal(SnsApi.SET_ENDPOINT_ATTRIBUTES, taken).message())
                .contains("already registered with a different token");
    }

    @Test
    void pushesToADevice() {
        String endpoint = endpoint("token", "ann");

        publish(endpoint, "hello", null);

        MailboxEntry push = only();
        assertThat(push.kind()).isEqualTo(MailboxEntry.Kind.PUSH);
        assertThat(push.address()).isEqualTo(endpoint);
        assertThat(push.from()).isEqualTo(application);
        assertThat(push.text()).isEqualTo("{\"data\":{\"default\":\"hello\"}}");
        assertThat(push.attributes())
                .isEqualTo(
                        Map.of(
                                "Token", "token",
                                "Platform", "GCM",
                                "CustomUserData", "ann",
                                "AWS.SNS.MOBILE.GCM.TTL", "60"));
        assertThat(fixture.owed()).isEmpty();
    }

    @Test
    void aPlatformHasItsOwnPayload() {
        String endpoint = endpoint("token", null);

        publish(endpoint, "{\"default\": \"plain\", \"GCM\": \"{\\\"x\\\": 1}\"}", "json");

        assertThat(only().text()).isEqualTo("{\"x\": 1}");
    }

    @Test
    void pushesToSubscriptions() {
        String topic = fixture.topic("orders");
        fixture.subscribe(topic, "application", endpoint("token", null), Map.of());

        fixture.publish(topic, "hello");

        assertThat(only().text()).contains("hello");
    }

    @Test
    void refusesDevicesThatAreNotThere() {
        String gone = endpoint("token", null);
        fixture.call(
                SnsApi.DELETE_ENDPOINT, DeleteEndpointInput.builder().endpointArn(gone).build());

        assertThat(refusedPublish(gone).message())
                .isEqualTo(
                        "Invalid parameter: TargetArn Reason: No endpoint found for the target arn"
                                + " specified");
        SubscribeInput input =
                SubscribeInput.builder()
                        .topicArn(fixture.topic("orders"))
                        .protocol("application")
                        .endpoint(gone)
                        .build();
        assertThat(fixture.refusal(SnsApi.SUBSCRIBE, input).message())
                .isEqualTo(
                        "Invalid parameter: Endpoint Reason: Endpoint does not exist for endpoint"
                                + " arn"
                                + gone);
        GetEndpointAttributesInput get =
                GetEndpointAttributesInput.builder().endpointArn(gone).build();
        assertThat(fixture.refusal(SnsApi.GET_ENDPOINT_ATTRIBUTES, get).message())
                .isEqualTo("Endpoint does not exist");
    }

    @Test
    void refusesADisabledDevice() {
        String endpoint = endpoint("token", null);
        set(endpoint, Map.of("Enabled", "false"));

        assertThat(refusedPublish(endpoint).error().code()).isEqualTo("EndpointDisabled");
    }

    @Test
    void anApplicationTakesItsDevicesAlong() {
        String endpoint = endpoint("token", null);
        fixture.call(
                SnsApi.DELETE_PLATFORM_APPLICATION,
                DeletePlatformApplicationInput.builder()
                        .platformApplicationArn(application)
                        .build());

        assertThat(
                        fixture.refusal(SnsApi.CREATE_PLATFORM_ENDPOINT, creation("token", null))
                                .message())
                .isEqualTo("PlatformApplication does not exist");
        application("shop", "GCM", CREDENTIAL);
        assertThat(endpoint("token", null)).isNotEqualTo(endpoint);
    }

    /// As an entry of a version that this one does not know: it delays nobody, and is kept.
    @Test
    void anEventThatCannotBeReadDelaysNoOther() {
        byte[] unreadable = Arrays.copyOf(SnsKeys.endpointEvents(), 11); // the first
        fixture.store.write(tx -> {
            tx.put(unreadable, new byte[] {'?'});
            return tx;
        });
        String topic = fixture.topic("events");
        fixture.subscribeQueue(topic, "events", Map.of("RawMessageDelivery", "true"));
        setApplication(Map.of("EventEndpointCreated", topic));
        endpoint("token", null);

        fixture.sns.publishEndpointEvents();

        assertThat(fixture.bodies("events")).hasSize(1);
        assertThat(fixture.store.<Boolean>read(tx -> tx.get(unreadable) != null)).isTrue();
    }

    @Test
    void anEventForWhichThereIsNoMemoryDelaysNoOther() {
        String broken = fixture.topic("broken");
        fixture.subscribeQueue(broken, "broken", Map.of());
        String topic = fixture.topic("events");
        fixture.subscribeQueue(topic, "events", Map.of("RawMessageDelivery", "true"));
        setApplication(Map.of("EventEndpointCreated", broken, "EventEndpointDeleted", topic));
        fixture.call(
                SnsApi.DELETE_ENDPOINT,
                DeleteEndpointInput.builder().endpointArn(endpoint("token", null)).build());

        fixture.sns.publishEndpointEvents();

        assertThat(fixture.bodies("events")).hasSize(1);
    }

    @Test
    void anEventThatFailedIsTriedAgainTenMinutesLaterWhateverComes() {
        String topic = fixture.topic("events");
        fixture.subscribeQueue(topic, "events", Map.of("RawMessageDelivery", "true"));
        setApplication(Map.of("EventEndpointCreated", topic));
        endpoint("first", null);
        KeyValue owed = firstEvent();
        put(owed.key(), new byte[] {'?'});
        fixture.sns.publishEndpointEvents();
        put(owed.key(), owed.value());

        endpoint("second", null);
        fixture.sns.publishEndpointEvents();
        assertThat(fixture.bodies("events")).hasSize(1);
        fixture.clock.advance(Duration.ofMinutes(10));
        endpoint("third", null);
        fixture.sns.publishEndpointEvents();

        assertThat(fixture.bodies("events")).hasSize(3);
    }

    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    private record KeyValue(byte[] key, byte[] value) {}

    private KeyValue firstEvent() {
        return fixture.store.read(tx -> {
            try (Cursor cursor = tx.prefix(SnsKeys.endpointEvents())) {
                assertThat(cursor.next()).isTrue();
                return new KeyValue(cursor.key(), cursor.value());
            }
        });
    }

    private void put(byte[] key, byte[] value) {
        fixture.store.write(tx -> {
            tx.put(key, value);
            return tx;
        });
    }

    /// Fails when the endpoint stays enabled after the gateway said that its device is gone.
    @Test
    void aDeviceThatIsGoneIsDisabledAndTopicsAreTold() {
        String topic = fixture.topic("events");
        fixture.subscribeQueue(topic, "events", Map.of("RawMessageDelivery", "true"));
        setApplication(
                Map.of(
                        "EventDeliveryFailure", topic,
                        "EventEndpointCreated", topic,
                        "EventEndpointUpdated", topic,
                        "EventEndpointDeleted", topic));
        String endpoint = endpoint("token", null);
        publish(endpoint, "hello", null);
        Outbox gone =
                fixture.outbox(
                        Map.of(
                                PushNotifications.KIND,
                                new PushNotifications(
                                        fixture.store,
                                        _ -> new Answer.Gone("unregistered"),
                                        fixture.monitoring)));

        OutboxSteps.attemptDue(gone);
        fixture.call(
                SnsApi.DELETE_ENDPOINT,
                DeleteEndpointInput.builder().endpointArn(endpoint).build());
        fixture.sns.publishEndpointEvents();

        List<JsonNode> events = fixture.bodies("events").stream().map(JSON::readTree).toList();
        assertThat(events)
                .extracting(event -> event.path("EventType").asString())
                .containsExactly(
                        "EndpointCreated", "EndpointUpdated", "DeliveryFailure", "EndpointDeleted");
        assertThat(events)
                .allSatisfy(event -> {
                    assertThat(event.path("EndpointArn").asString()).isEqualTo(endpoint);
                    assertThat(event.path("Resource").asString()).isEqualTo(application);
                });
        assertThat(events.get(2).path("FailureType").asString()).isEqualTo("InvalidPlatformToken");
        assertThat(fixture.outbox.failed(1).getFirst().failure().errorCode())
                .isEqualTo("InvalidPlatformToken");
    }

    @Test
    void refusesArnsOfAnotherForm() {
        GetEndpointAttributesInput noArn =
                GetEndpointAttributesInput.builder().endpointArn("arn:aws").build();
        GetEndpointAttributesInput notOne =
                GetEndpointAttributesInput.builder().endpointArn(application).build();

        assertThat(fixture.refusal(SnsApi.GET_ENDPOINT_ATTRIBUTES, noArn).message())
                .isEqualTo(
                        "Invalid parameter: EndpointArn Reason: An ARN must have at least 6"
                                + " elements, not 2");
        assertThat(fixture.refusal(SnsApi.GET_ENDPOINT_ATTRIBUTES, notOne).message())
                .contains("Wrong number of slashes in relative portion of the ARN.");
        assertThat(
                        fixture.refusal(
                                        SnsFixture.STRANGER,
                                        SnsApi.GET_PLATFORM_APPLICATION_ATTRIBUTES,
                                        GetPlatformApplicationAttributesInput.builder()
                                                .platformApplicationArn(application)
                                                .build())
                                .error()
                                .code())
                .isEqualTo("AuthorizationError");
    }

    private String application(String name, String platform, Map<String, String> attributes) {
        return Objects.requireNonNull(
                fixture.call(
                                SnsApi.CREATE_PLATFORM_APPLICATION,
                                CreatePlatformApplicationInput.builder()
                                        .name(name)
                                        .platform(platform)
                                        .attributes(attributes)
                                        .build())
                        .platformApplicationArn());
    }

    private void setApplication(Map<String, String> attributes) {
        fixture.call(
                SnsApi.SET_PLATFORM_APPLICATION_ATTRIBUTES,
                SetPlatformApplicationAttributesInput.builder()
                        .platformApplicationArn(application)
                        .attributes(attributes)
                        .build());
    }

    private Map<String, String> attributesOfApplication() {
        return Objects.requireNonNull(
                fixture.call(
                                SnsApi.GET_PLATFORM_APPLICATION_ATTRIBUTES,
                                GetPlatformApplicationAttributesInput.builder()
                                        .platformApplicationArn(application)
                                        .build())
                        .attributes());
    }

    private String endpoint(String token, @Nullable String userData) {
        return Objects.requireNonNull(
                fixture.call(SnsApi.CREATE_PLATFORM_ENDPOINT, creation(token, userData))
                        .endpointArn());
    }

    private CreatePlatformEndpointInput creation(String token, @Nullable String userData) {
        return CreatePlatformEndpointInput.builder()
                .platformApplicationArn(application)
                .token(token)
                .customUserData(userData)
                .build();
    }

    private void set(String endpoint, Map<String, String> attributes) {
        fixture.call(
                SnsApi.SET_ENDPOINT_ATTRIBUTES,
                SetEndpointAttributesInput.builder()
                        .endpointArn(endpoint)
                        .attributes(attributes)
                        .build());
    }

    private Map<String, String> attributes(String endpoint) {
        return Objects.requireNonNull(
                fixture.call(
                                SnsApi.GET_ENDPOINT_ATTRIBUTES,
                                GetEndpointAttributesInput.builder().endpointArn(endpoint).build())
                        .attributes());
    }

    private List<String> list() {
        return Objects.requireNonNull(
                        fixture.call(
                                        SnsApi.LIST_ENDPOINTS_BY_PLATFORM_APPLICATION,
                                        ListEndpointsByPlatformApplicationInput.builder()
                                                .platformApplicationArn(application)
                                                .build())
                                .endpoints())
                .stream()
                .map(shown -> String.valueOf(shown.endpointArn()))
                .toList();
    }

    private void publish(String endpoint, String message, @Nullable String structure) {
        fixture.call(
                SnsApi.PUBLISH,
                PublishInput.builder()
                        .targetArn(endpoint)
                        .message(message)
                        .messageStructure(structure)
                        .messageAttributes(
                                Map.of(
                                        "AWS.SNS.MOBILE.GCM.TTL",
                                        MessageAttributeValue.builder()
                                                .dataType("String")
                                                .stringValue("60")
                                                .build()))
                        .build());
    }

    private ServiceException refusedPublish(String endpoint) {
        return fixture.refusal(
                SnsApi.PUBLISH,
                PublishInput.builder().targetArn(endpoint).message("hello").build());
    }

    private MailboxEntry only() {
        fixture.deliverDue();
        List<MailboxEntry> pushes =
                fixture.providers.mailbox().list(Mailbox.Filter.ALL, null, 10).entries();
        assertThat(pushes).hasSize(1);
        return pushes.getFirst();
    }
}
