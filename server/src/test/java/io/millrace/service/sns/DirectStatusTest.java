package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.logs.FilterLogEventsRequest;
import io.millrace.api.logs.FilteredLogEvent;
import io.millrace.api.logs.LogsApi;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.SetSMSAttributesInput;
import io.millrace.api.sns.SetTopicAttributesInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.delivery.JobHandler;
import io.millrace.delivery.OutboxSteps;
import io.millrace.notification.Provider.Answer;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What is logged and counted of deliveries to people.
final class DirectStatusTest {
    private static final String ROLE = "arn:aws:iam::000000000000:role/feedback";
    private static final String GROUPS = "sns/us-east-1/000000000000/";
    private static final String DIRECT = GROUPS + "DirectPublishToPhoneNumber";

    private final SnsFixture fixture = new SnsFixture();
    private final People people = new People(fixture);
    private final String topic = fixture.topic("orders");

    @Test
    void logsTextMessagesToNumbersWhereTheAccountWantsThat() {
        text(People.NUMBER, "unlogged");
        fixture.deliverDue();
        setSms(Map.of("DeliveryStatusIAMRole", ROLE));
        String id = text(People.NUMBER, "hello");
        fixture.clock.advance(Duration.ofMillis(250));

        fixture.deliverDue();

        assertThat(logged(DIRECT))
                .containsExactly(
                        """
                        {"notification":{"messageId":"%s","timestamp":"2026-01-02 03:04:05.678"},\
                        "delivery":{"numberOfMessageParts":1,"destination":"+15550100123",\
                        "smsType":"Promotional",\
                        "providerResponse":"Message has been accepted by phone carrier",\
                        "dwellTimeMs":250},"status":"SUCCESS"}\
                        """
                                .formatted(id));
    }

    @Test
    void logsTextMessagesThatFailEvenIfNoneThatSucceed() {
        setSms(Map.of("DeliveryStatusIAMRole", ROLE, "DeliveryStatusSuccessSamplingRate", "0"));
        text(People.NUMBER, "hello");
        fixture.deliverDue();
        OptOuts.put(fixture.store, "000000000000", "us-east-1", People.NUMBER, true);
        text(People.NUMBER, "hello");

        fixture.deliverDue();

        assertThat(logged(DIRECT)).isEmpty();
        assertThat(logged(DIRECT + "/Failure"))
                .singleElement()
                .asString()
                .contains("\"providerResponse\":\"Phone number is opted out\"")
                .endsWith("\"status\":\"FAILURE\"}");
    }

    @Test
    void aTopicsTextMessagesAreLoggedAndCountedWithTheTopics() {
        setSms(Map.of("DeliveryStatusIAMRole", ROLE));
        fixture.subscribe(topic, "sms", People.NUMBER, Map.of());
        fixture.publish(topic, "hello");

        fixture.deliverDue();

        assertThat(logged(DIRECT)).isEmpty();
        assertThat(logged(GROUPS + "orders"))
                .singleElement()
                .asString()
                .contains("\"topicArn\":\"" + topic + "\"");
        assertThat(count("NumberOfNotificationsDelivered")).isEqualTo(1);
    }

    @Test
    void logsPushesAsTheirApplicationWantsIt() {
        String endpoint =
                people.endpoint(
                        people.application(
                                Map.of(
                                        "SuccessFeedbackRoleArn",
                                        ROLE,
                                        "FailureFeedbackRoleArn",
                                        ROLE)));
        String id = push(endpoint);
        fixture.deliverDue();
        push(endpoint);
        JobHandler refusing =
                new PushNotifications(
                        fixture.store,
                        _ -> new Answer.Refused("400", "InvalidRegistration", false),
                        fixture.monitoring);
        OutboxSteps.attemptDue(fixture.outbox(Map.of(PushNotifications.KIND, refusing)));

        assertThat(logged(GROUPS + "app/GCM/shop"))
                .containsExactly(
                        """
                        {"notification":{"messageId":"%s","timestamp":"2026-01-02 03:04:05.678"},\
                        "delivery":{"statusCode":200,"dwellTimeMs":0,"token":"device-token",\
                        "attempts":1,"providerResponse":"OK","destination":"%s"},\
                        "status":"SUCCESS"}\
                        """
                                .formatted(id, endpoint));
        assertThat(logged(GROUPS + "app/GCM/shop/Failure"))
                .singleElement()
                .asString()
                .contains("\"statusCode\":400", "\"providerResponse\":\"InvalidRegistration\"");
    }

    @Test
    void logsATopicsPushesAsTheTopicWantsIt() {
        set("ApplicationSuccessFeedbackRoleArn", ROLE);
        String endpoint = people.endpoint(people.application(Map.of()));
        fixture.subscribe(topic, "application", endpoint, Map.of());
        fixture.publish(topic, "hello");

        fixture.deliverDue();

        assertThat(logged(GROUPS + "app/GCM/shop")).isEmpty();
        assertThat(logged(GROUPS + "orders"))
                .singleElement()
                .asString()
                .contains("5d41402abc4b2a76b9719d911017c592") // the MD5 of hello
                .contains("\"destination\":\"" + endpoint + "\"");
        assertThat(count("NumberOfNotificationsDelivered")).isEqualTo(1);
    }

    /// The question whether the subscription is wanted is no notification.
    @Test
    void countsMails() {
        people.subscribeMail(topic, "email", Map.of());
        assertThat(count("NumberOfNotificationsDelivered")).isZero();
        fixture.publish(topic, "hello");

        fixture.deliverDue();

        assertThat(count("NumberOfNotificationsDelivered")).isEqualTo(1);
    }

    private String text(String number, String message) {
        return publish(PublishInput.builder().phoneNumber(number).message(message).build());
    }

    private String push(String endpoint) {
        return publish(PublishInput.builder().targetArn(endpoint).message("hello").build());
    }

    private String publish(PublishInput input) {
        return Objects.requireNonNull(fixture.call(SnsApi.PUBLISH, input).messageId());
    }

    private void setSms(Map<String, String> attributes) {
        fixture.call(
                SnsApi.SET_SMS_ATTRIBUTES,
                SetSMSAttributesInput.builder().attributes(attributes).build());
    }

    private void set(String name, String value) {
        fixture.call(
                SnsApi.SET_TOPIC_ATTRIBUTES,
                SetTopicAttributesInput.builder()
                        .topicArn(topic)
                        .attributeName(name)
                        .attributeValue(value)
                        .build());
    }

    private long count(String metric) {
        return fixture.monitoring
                .metrics()
                .counted(topic)
                .getOrDefault(topic, Map.of())
                .getOrDefault(metric, 0L);
    }

    private List<String> logged(String group) {
        var operation =
                Objects.requireNonNull(fixture.logs.service().operation(LogsApi.FILTER_LOG_EVENTS));
        try {
            return Objects.requireNonNull(
                            operation
                                    .handle(
                                            SnsFixture.CALLER,
                                            FilterLogEventsRequest.builder()
                                                    .logGroupName(group)
                                                    .build())
                                    .events())
                    .stream()
                    .map(FilteredLogEvent::message)
                    .map(String::valueOf)
                    .toList();
        } catch (ServiceException _) { // nothing has made the group
            return List.of();
        }
    }
}
