package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.sns.MessageAttributeValue;
import io.millrace.api.sns.PublishBatchInput;
import io.millrace.api.sns.PublishBatchRequestEntry;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.PublishResponse;
import io.millrace.api.sns.SnsApi;
import io.millrace.delivery.Message;
import io.millrace.notification.NotificationOptions;
import io.millrace.trace.Hop;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

final class PublishTest {
    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders");

    /// The trace goes on with the message, in an attribute of SQS, and not in the text.
    @Test
    void queuesGetTheTraceHeaderOfThePublish() {
        fixture.subscribeQueue(topic, "archive", Map.of());
        fixture.subscribeQueue(topic, "raw", Map.of("RawMessageDelivery", "true"));

        fixture.call(SnsFixture.CALLER.traced("Root=1"), SnsApi.PUBLISH, input("traced").build());
        fixture.call(
                SnsFixture.CALLER.traced("Root=2"),
                SnsApi.PUBLISH_BATCH,
                PublishBatchInput.builder()
                        .topicArn(topic)
                        .publishBatchRequestEntries(
                                List.of(
                                        PublishBatchRequestEntry.builder()
                                                .id("a")
                                                .message("in a batch")
                                                .build()))
                        .build());
        fixture.publish(topic, "untraced");

        for (String queue : List.of("archive", "raw")) {
            assertThat(fixture.messages(queue))
                    .extracting(Message::traceHeader)
                    .containsExactly("Root=1", "Root=2", null);
        }
        assertThat(fixture.bodies("archive").getFirst()).doesNotContain("Root=1");
    }

    @Test
    void wrapsTheMessageAsAwsDoes() {
        fixture.topic("plain");
        String subscription = fixture.subscribeQueue(topic, "archive", Map.of());
        Map<String, MessageAttributeValue> attributes = new LinkedHashMap<>();
        attributes.put("kind", string("String", "or\"der"));
        attributes.put(
                "raw",
                MessageAttributeValue.builder()
                        .dataType("Binary")
                        .binaryValue(new byte[] {1, 2, 3})
                        .build());

        String id =
                fixture.call(
                                SnsApi.PUBLISH,
                                input("line\n\"two\"\u0001 é")
                                        .subject("A subject")
                                        .messageAttributes(attributes)
                                        .build())
                        .messageId();

        String body = fixture.bodies("archive").getFirst();
        String signature = body.replaceAll("(?s).*\"Signature\" : \"([^\"]*)\".*", "$1");
        assertThat(body)
                .isEqualTo(
                        """
                        {
                          "Type" : "Notification",
                          "MessageId" : "%s",
                          "TopicArn" : "%s",
                          "Subject" : "A subject",
                          "Message" : "line\\n\\"two\\"\\u0001 é",
                          "Timestamp" : "2026-01-02T03:04:05.678Z",
                          "SignatureVersion" : "1",
                          "Signature" : "%s",
                          "SigningCertURL" : "http://localhost:4566%s",
                          "UnsubscribeURL" : "http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=%s",
                          "MessageAttributes" : {
                            "kind" : {"Type":"String","Value":"or\\"der"},
                            "raw" : {"Type":"Binary","Value":"AQID"}
                          }
                        }\
                        """
                                .formatted(
                                        id,
                                        topic,
                                        signature,
                                        fixture.sns.certificatePath(),
                                        subscription));
        assertThat(signature).hasSizeGreaterThan(300);
        assertThat(fixture.messages("archive").getFirst().attributes()).isEmpty();
    }

    @Test
    void rawDeliveryHandsOverTheMessageAndItsAttributes() {
        fixture.subscribeQueue(topic, "archive", Map.of("RawMessageDelivery", "true"));

        publish(input("hello").messageAttributes(Map.of("n", string("Number", "5"))));

        Message message = fixture.messages("archive").getFirst();
        assertThat(message.body()).isEqualTo("hello");
        assertThat(message.attributes())
                .containsEntry("n", new Message.Attribute("Number", "5", null));
        assertThat(message.subject()).isNull();
    }

    @Test
    void rawDeliveryOfMoreThanTenAttributesFails() {
        fixture.subscribeQueue(topic, "archive", Map.of("RawMessageDelivery", "true"));
        Map<String, MessageAttributeValue> attributes = new LinkedHashMap<>();
        for (int i = 0; i < 11; i++) {
            attributes.put("a" + i, string("String", "x"));
        }

        publish(input("hello").messageAttributes(attributes));

        assertThat(fixture.messages("archive")).isEmpty();
        assertThat(fixture.outbox.failed(10)).hasSize(1);
    }

    @Test
    void sendsEachProtocolItsOwnMessage() {
        fixture.subscribeQueue(topic, "archive", Map.of("RawMessageDelivery", "true"));

        publish(input("{\"default\":\"d\",\"sqs\":\"s\",\"x\":{}}").messageStructure("json"));
        publish(input("{\"default\":\"d\",\"http\":\"h\"}").messageStructure("json"));

        assertThat(fixture.bodies("archive")).containsExactly("s", "d");
    }

    @Test
    void deliversToAllSubscribersInOneTransaction() {
        for (int i = 0; i < 10; i++) {
            fixture.subscribeQueue(topic, "queue-" + i, Map.of());
        }

        fixture.publish(topic, "hello");

        for (int i = 0; i < 10; i++) {
            assertThat(fixture.messages("queue-" + i)).hasSize(1);
        }
    }

    @Test
    void filtersByAttributes() {
        fixture.subscribeQueue(
                topic,
                "big",
                Map.of(
                        "RawMessageDelivery",
                        "true",
                        "FilterPolicy",
                        "{\"amount\":[{\"numeric\":[\">\",100]}]}"));

        publish(input("small").messageAttributes(Map.of("amount", string("Number", "99"))));
        publish(input("large").messageAttributes(Map.of("amount", string("Number", "1e3"))));
        publish(input("none"));

        assertThat(fixture.bodies("big")).containsExactly("large");
    }

    @Test
    void filtersByTheBody() {
        fixture.subscribeQueue(
                topic,
                "placed",
                Map.of(
                        "RawMessageDelivery",
                        "true",
                        "FilterPolicyScope",
                        "MessageBody",
                        "FilterPolicy",
                        "{\"order\":{\"state\":[\"placed\"]}}"));

        fixture.publish(topic, "{\"order\":{\"state\":\"placed\"}}");
        fixture.publish(topic, "{\"order\":{\"state\":\"paid\"}}");
        fixture.publish(topic, "no json");

        assertThat(fixture.bodies("placed")).containsExactly("{\"order\":{\"state\":\"placed\"}}");
    }

    @Test
    void aRefusedDeliveryGoesToTheDeadLetterQueue() {
        fixture.subscribeQueue(
                topic,
                "missing",
                Map.of(
                        "RawMessageDelivery",
                        "true",
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\"" + SnsFixture.queueArn("dead") + "\"}"));

        String id = fixture.publish(topic, "hello");

        Message message = fixture.messages("dead").getFirst();
        assertThat(message.body()).isEqualTo("hello");
        assertThat(message.attributes())
                .isEmpty(); // AWS's dead letters are what was to be delivered
        assertThat(fixture.outbox.failed(10)).isEmpty();
        assertThat(fixture.hops)
                .singleElement()
                .satisfies(hop -> {
                    assertThat(hop.id()).isEqualTo(id);
                    assertThat(hop.kind()).isEqualTo(Hop.Kind.DEAD_LETTERED);
                    assertThat(hop.details())
                            .containsEntry(
                                    Hop.Detail.CODE, "AWS.SimpleQueueService.NonExistentQueue");
                });
    }

    @Test
    void aRefusedDeliveryWithoutADeadLetterQueueStaysVisible() {
        fixture.subscribeQueue(topic, "missing", Map.of("RawMessageDelivery", "true"));

        fixture.publish(topic, "hello");

        assertThat(fixture.outbox.failed(10))
                .singleElement()
                .satisfies(failed -> {
                    assertThat(failed.job().target()).isEqualTo(SnsFixture.queueArn("missing"));
                    assertThat(failed.failure().errorCode())
                            .isEqualTo("AWS.SimpleQueueService.NonExistentQueue");
                });
    }

    @Test
    void targetArnServesAsTopicArn() {
        fixture.subscribeQueue(topic, "archive", Map.of());

        publish(PublishInput.builder().targetArn(topic).message("hello"));

        assertThat(fixture.messages("archive")).hasSize(1);
    }

    @Test
    void passesTheMessageGroupOnForFairQueues() {
        fixture.subscribeQueue(topic, "archive", Map.of());

        publish(input("hello").messageGroupId("tenant-1"));

        assertThat(fixture.messages("archive").getFirst().groupId()).isEqualTo("tenant-1");
    }

    @Test
    void takes256KibWithAttributesAndNoMore() {
        fixture.subscribeQueue(topic, "archive", Map.of());
        int attribute = "nString".length() + 3;

        publish(
                input("x".repeat(262_144 - attribute))
                        .messageAttributes(Map.of("n", string("String", "abc"))));
        ServiceException refusal =
                refusal(
                        input("x".repeat(262_145 - attribute))
                                .messageAttributes(Map.of("n", string("String", "abc"))));

        assertThat(refusal.message()).isEqualTo("Invalid parameter: Message too long");
        assertThat(refusal(input("é".repeat(131_073))).message())
                .isEqualTo("Invalid parameter: Message too long");
        assertThat(fixture.messages("archive")).hasSize(1);
    }

    @Test
    void takesMoreWhereTheOperatorSaysSo() {
        NotificationOptions larger =
                new NotificationOptions(null, null, null, null, null, false, List.of(), 1 << 20);
        fixture.subscribeQueue(topic, "archive", Map.of());
        Operation<PublishInput, PublishResponse> publish =
                Objects.requireNonNull(
                        fixture.sns(new SnsOptions(SnsFixture.ENDPOINT, false, larger))
                                .service()
                                .operation(SnsApi.PUBLISH));

        publish.handle(SnsFixture.CALLER, input("x".repeat(1 << 20)).build());

        assertThat(fixture.messages("archive")).hasSize(1);
        PublishInput tooLong = input("x".repeat((1 << 20) + 1)).build();
        assertThatThrownBy(() -> publish.handle(SnsFixture.CALLER, tooLong))
                .hasMessage("Invalid parameter: Message too long");
        for (int bytes : List.of(1000, (1 << 20) + 1)) {
            NotificationOptions wrong =
                    new NotificationOptions(null, null, null, null, null, false, List.of(), bytes);
            assertThatThrownBy(wrong::check).hasMessageContaining("--sns-message-bytes-max");
        }
    }

    @Test
    void refusesAnEmptyMessage() {
        assertThat(refusal(input("")).message()).isEqualTo("Invalid parameter: Empty message");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\u0007b"})
    void refusesSubjectsThatAreNotALine(String subject) {
        assertThat(refusal(input("hello").subject(subject)).message())
                .isEqualTo("Invalid parameter: Subject");
    }

    @Test
    void takesSubjectsOf100CharactersAndNoMore() {
        publish(input("hello").subject("a".repeat(100)));

        assertThat(refusal(input("hello").subject("a".repeat(101))).message())
                .isEqualTo("Invalid parameter: Subject");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"sqs\":\"x\"}|Message Structure - No default entry in JSON message body",
                "{\"default\":5}|Message Structure - No default entry in JSON message body",
                "{|Message Structure - JSON message body failed to parse",
                "[]|Message Structure - JSON message body failed to parse",
                "hello|Message Structure - JSON message body failed to parse"
            })
    void refusesAStructureWithoutADefault(String message, String refusal) {
        assertThat(refusal(input(message).messageStructure("json")).message())
                .isEqualTo("Invalid parameter: " + refusal);
    }

    @Test
    void refusesAnUnknownStructure() {
        assertThat(refusal(input("x").messageStructure("xml")).message())
                .isEqualTo("Invalid parameter: MessageStructure");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ".a|String|x|Invalid message attribute name starting with character '.' was found.",
                "a.|String|x|Invalid message attribute name ending with character '.' was found.",
                "a..b|String|x|Message attribute name can not have successive '.' character.",
                "a:b|String|x|Invalid non-alphanumeric character '#x3A' was found in the message"
                        + " attribute name. Can only include alphanumeric characters, hyphens,"
                        + " underscores, or dots.",
                "a|Text|x|The message attribute 'a' has an invalid message attribute type, the set"
                        + " of supported type prefixes is Binary, Number, and String.",
                "a|String||The message attribute 'a' must contain non-empty message attribute value"
                        + " for message attribute type 'String'.",
                "a|Number|x|Could not cast message attribute 'a' value to number.",
                "a|Number|1e|Could not cast message attribute 'a' value to number.",
                "a|Number|0x1|Could not cast message attribute 'a' value to number.",
                "a|Binary|x|The message attribute 'a' with type 'Binary' must use field 'Binary'."
            })
    void refusesAttributesThatAreNotValid(
            String name, String type, @Nullable String value, String message) {
        ServiceException refusal =
                refusal(
                        input("hello")
                                .messageAttributes(
                                        Map.of(
                                                name,
                                                MessageAttributeValue.builder()
                                                        .dataType(type)
                                                        .stringValue(value)
                                                        .build())));

        assertThat(refusal.error().code()).isEqualTo("ParameterValueInvalid");
        assertThat(refusal.message()).isEqualTo(message);
    }

    @Test
    void refusesAnAttributesNameOfMoreThan256Characters() {
        MessageAttributeValue value =
                MessageAttributeValue.builder().dataType("String").stringValue("x").build();

        assertThat(
                        refusal(input("hello").messageAttributes(Map.of("n".repeat(257), value)))
                                .message())
                .isEqualTo("Length of message attribute name must be less than 256 bytes.");
    }

    @Test
    void refusesATopicThatIsNotThere() {
        ServiceException refusal =
                refusal(PublishInput.builder().topicArn(topic + "-not").message("hello"));

        assertThat(refusal.error().code()).isEqualTo("NotFound");
        assertThat(refusal.message()).isEqualTo("Topic does not exist");
    }

    @Test
    void refusesARequestWithoutATarget() {
        assertThat(refusal(PublishInput.builder().message("hello")).message())
                .isEqualTo(
                        "Invalid parameter: TopicArn or TargetArn Reason: no value for required"
                                + " parameter");
    }

    @Test
    void refusesWhatIsNoPhoneNumber() {
        assertThat(refusal(PublishInput.builder().phoneNumber("abc").message("hello")).message())
                .isEqualTo("Invalid parameter: PhoneNumber Reason: abc is not valid to publish to");
    }

    @Test
    void refusesADeduplicationIdOutsideOfFifo() {
        assertThat(refusal(input("x").messageDeduplicationId("d")).message())
                .isEqualTo(
                        "Invalid parameter: MessageDeduplicationId Reason: The request includes"
                                + " MessageDeduplicationId parameter that is not valid for this"
                                + " topic type");
    }

    @Test
    void refusesStrangersAndWritesNothing() {
        fixture.subscribeQueue(topic, "archive", Map.of());

        ServiceException refusal =
                fixture.refusal(SnsFixture.STRANGER, SnsApi.PUBLISH, input("hello").build());

        assertThat(refusal.error().code()).isEqualTo("AuthorizationError");
        assertThat(fixture.messages("archive")).isEmpty();
    }

    private PublishInput.Builder input(String message) {
        return PublishInput.builder().topicArn(topic).message(message);
    }

    private void publish(PublishInput.Builder input) {
        fixture.call(SnsApi.PUBLISH, input.build());
    }

    private ServiceException refusal(PublishInput.Builder input) {
        return fixture.refusal(SnsApi.PUBLISH, input.build());
    }

    private static MessageAttributeValue string(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }
}
