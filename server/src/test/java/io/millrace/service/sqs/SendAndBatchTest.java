package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Shape;
import io.millrace.api.sqs.ChangeMessageVisibilityBatchRequest;
import io.millrace.api.sqs.ChangeMessageVisibilityBatchRequestEntry;
import io.millrace.api.sqs.DeleteMessageBatchRequest;
import io.millrace.api.sqs.DeleteMessageBatchRequestEntry;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.MessageAttributeValue;
import io.millrace.api.sqs.MessageSystemAttributeValue;
import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.api.sqs.SendMessageBatchRequest;
import io.millrace.api.sqs.SendMessageBatchRequestEntry;
import io.millrace.api.sqs.SendMessageBatchResult;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SqsApi;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class SendAndBatchTest {
    private final QueueFixture fixture = new QueueFixture();
    private final String url = fixture.create("orders");

    @Test
    void acceptsOneMebibyteAndNoByteMore() {
        fixture.send(url, "x".repeat(1_048_576));

        assertThat(refusal("x".repeat(1_048_577)))
                .isEqualTo(
                        "InvalidParameterValue: One or more parameters are invalid. Reason:"
                                + " Message must be shorter than 1048576 bytes.");
        fixture.set(url, "MaximumMessageSize", "1024");
        fixture.send(url, "ü".repeat(512));
        assertThat(refusal("ü".repeat(512) + "x")).contains("shorter than 1024 bytes.");
        assertThat(fixture.counts(url)).isEqualTo("2 0 0");
    }

    @Test
    void countsAttributesToo() {
        fixture.set(url, "MaximumMessageSize", "1024");
        var request =
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageAttributes(Map.of("name", string("String", "value")));

        fixture.call(
                SqsApi.SEND_MESSAGE, request.messageBody("x".repeat(1024 - 4 - 6 - 5)).build());

        assertThat(
                        fixture.refused(
                                SqsApi.SEND_MESSAGE,
                                request.messageBody("x".repeat(1024 - 4 - 6 - 4)).build()))
                .hasMessageContaining("shorter than 1024 bytes");
    }

    /// The header is of the request, the attribute of a message, which has the last word. It counts
    /// for no limit, and has no MD5.
    @Test
    void theTraceHeaderOfARequestIsThatOfItsMessages() {
        fixture.set(url, "MaximumMessageSize", "1024");
        Map<String, MessageSystemAttributeValue> own =
                Map.of(
                        "AWSTraceHeader",
                        MessageSystemAttributeValue.builder()
                                .dataType("String")
                                .stringValue("Root=own")
                                .build());

        var sent =
                fixture.callTraced(
                        "Root=request",
                        SqsApi.SEND_MESSAGE,
                        SendMessageRequest.builder()
                                .queueUrl(url)
                                .messageBody("x".repeat(1024))
                                .build());
        fixture.callTraced(
                "Root=batch",
                SqsApi.SEND_MESSAGE_BATCH,
                SendMessageBatchRequest.builder()
                        .queueUrl(url)
                        .entries(
                                List.of(
                                        SendMessageBatchRequestEntry.builder()
                                                .id("a")
                                                .messageBody("a")
                                                .build(),
                                        SendMessageBatchRequestEntry.builder()
                                                .id("b")
                                                .messageBody("b")
                                                .messageSystemAttributes(own)
                                                .build()))
                        .build());
        fixture.send(url, "without");

        assertThat(sent.md5OfMessageSystemAttributes()).isNull();
        var received =
                fixture.call(
                        SqsApi.RECEIVE_MESSAGE,
                        ReceiveMessageRequest.builder()
                                .queueUrl(url)
                                .maxNumberOfMessages(10)
                                .messageSystemAttributeNames(List.of("AWSTraceHeader"))
                                .build());
        assertThat(received.messages())
                .extracting(message ->
                        message.attributes() == null
                                ? "none"
                                : message.attributes().getOrDefault("AWSTraceHeader", "none"))
                .containsExactly("Root=request", "Root=batch", "Root=own", "none");
    }

    @Test
    void refusesCharactersThatXmlCannotHave() {
        for (String illegal : List.of("\u0000", "a\u000bb", "\uffff", "\ud800", "x\udc00y")) {
            assertThat(refusal(illegal))
                    .isEqualTo(
                            "InvalidMessageContents: Invalid characters found. Valid unicode"
                                    + " characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to"
                                    + " #xFFFD | #x10000 to #x10FFFF");
        }
        fixture.send(url, "\t\n\r \ud7ff\ue000\ufffd\ud83d\ude00");
        assertThat(fixture.bodies(url)).containsExactly("\t\n\r \ud7ff\ue000\ufffd\ud83d\ude00");
    }

    @Test
    void refusesAnEmptyBodyAndDelaysOutOfRange() {
        assertThat(refusal(""))
                .isEqualTo("MissingParameter: The request must contain the parameter MessageBody.");
        for (int delay : new int[] {-1, 901}) {
            var request =
                    SendMessageRequest.builder()
                            .queueUrl(url)
                            .messageBody("x")
                            .delaySeconds(delay)
                            .build();
            assertThat(fixture.refused(SqsApi.SEND_MESSAGE, request))
                    .hasMessage(
                            "Value "
                                    + delay
                                    + " for parameter DelaySeconds is invalid. Reason:"
                                    + " DelaySeconds must be >= 0 and <= 900.");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a|String|''|Message (user) attribute 'a' must contain a non-empty value of type"
                        + " 'String'.",
                "a|Text|x|The type of message (user) attribute 'a' is invalid. You must use only"
                        + " the following supported type prefixes: Binary, Number, String.",
                "a|''|x|The message (user) attribute 'a' must contain a non-empty message"
                        + " attribute type.",
                "a|String.\u0001b|x|'Invalid characters found. Valid unicode characters are #x9 |"
                        + " #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF'",
                "a|Number|x|Can't cast the value of message (user) attribute 'a' to a number.",
                "a|Binary|x|Message (user) attribute 'a' must contain a non-empty value of type"
                        + " 'Binary'.",
                "AWS.a|String|x|You can't use message attribute names beginning with 'AWS.' or"
                        + " 'Amazon.'. These strings are reserved for internal use. Additionally,"
                        + " they cannot start or end with '.'.",
                "a§|String|x|'Message (user) attributes name can only contain upper and lower"
                        + " score characters, digits, periods, hyphens and underscores. '",
                "a b|String|x|'Message (user) attributes name can only contain upper and lower"
                        + " score characters, digits, periods, hyphens and underscores. '",
            })
    void refusesIllegalAttributes(String name, String type, String value, String message) {
        var request =
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageBody("x")
                        .messageAttributes(Map.of(name, string(type, value)))
                        .build();

        assertThat(fixture.refused(SqsApi.SEND_MESSAGE, request)).hasMessage(message);
    }

    @Test
    void takesNamesOfAttributesWithLettersOfAnyScript() {
        fixture.call(
                SqsApi.SEND_MESSAGE,
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageBody("x")
                        .messageAttributes(Map.of("attr.1øßä", string("String", "x")))
                        .build());

        assertThat(fixture.receiveOne(url).messageAttributes()).containsKey("attr.1øßä");
    }

    @Test
    void refusesMoreThanTenAttributes() {
        Map<String, MessageAttributeValue> attributes = new HashMap<>();
        for (int i = 0; i < 11; i++) {
            attributes.put("a" + i, string("String", "x"));
        }
        var request =
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageBody("x")
                        .messageAttributes(attributes)
                        .build();

        assertThat(fixture.refused(SqsApi.SEND_MESSAGE, request))
                .hasMessage("Number of message attributes [11] exceeds the allowed maximum [10].");
    }

    @Test
    void showsTheAttributesThatAreAskedFor() {
        fixture.call(
                SqsApi.SEND_MESSAGE,
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageBody("msg")
                        .messageAttributes(
                                Map.of(
                                        "Hello", string("String", "There"),
                                        "General", string("String", "Kenobi"),
                                        "Help.Me", string("String", "Me")))
                        .build());
        fixture.set(url, "VisibilityTimeout", "0");

        assertThat(md5(List.of("All"))).isEqualTo("4c360f3fdafd970e05fae2f149d997f5");
        assertThat(md5(List.of(".*"))).isEqualTo("4c360f3fdafd970e05fae2f149d997f5");
        assertThat(md5(List.of("*"))).isEqualTo("4c360f3fdafd970e05fae2f149d997f5");
        assertThat(md5(List.of("Hello", "x"))).isEqualTo("a311262e065454b75da111d535b8dacd");
        assertThat(md5(List.of("Hel.*"))).isEqualTo("83fee93c1bcd8b9a5a923ffacdc636c7");
        assertThat(md5(List.of("nothing"))).isEqualTo("null");
        assertThat(md5(List.of())).isEqualTo("null");
    }

    @ParameterizedTest
    @CsvSource({
        "MaxNumberOfMessages,0,'Must be between 1 and 10, if provided.'",
        "MaxNumberOfMessages,11,'Must be between 1 and 10, if provided.'",
        "WaitTimeSeconds,21,'Must be >= 0 and <= 20, if provided.'",
        "VisibilityTimeout,43201,'Must be >= 0 and <= 43200, if provided.'",
    })
    void refusesToReceiveOutOfRange(String parameter, int value, String reason) {
        var request = ReceiveMessageRequest.builder().queueUrl(url);
        switch (parameter) {
            case "MaxNumberOfMessages" -> request.maxNumberOfMessages(value);
            case "WaitTimeSeconds" -> request.waitTimeSeconds(value);
            default -> request.visibilityTimeout(value);
        }

        assertThat(fixture.refused(SqsApi.RECEIVE_MESSAGE, request.build()))
                .hasMessage(
                        "Value "
                                + value
                                + " for parameter "
                                + parameter
                                + " is invalid. Reason: "
                                + reason);
    }

    @Test
    void sendsABatchAndReportsWhatItRefuses() {
        SendMessageBatchResult result =
                fixture.call(
                        SqsApi.SEND_MESSAGE_BATCH,
                        batch(entry("a", "one"), entry("b", "\u0000"), entry("c", "two")));

        assertThat(result.successful()).extracting("id").containsExactly("a", "c");
        assertThat(result.failed()).hasSize(1);
        assertThat(result.failed().getFirst().id()).isEqualTo("b");
        assertThat(result.failed().getFirst().code()).isEqualTo("InvalidMessageContents");
        assertThat(result.failed().getFirst().senderFault()).isTrue();
        assertThat(fixture.bodies(url)).containsExactly("one", "two");
    }

    @Test
    void refusesWrongBatchesWhole() {
        assertThat(batchRefusal(batch()))
                .isEqualTo(
                        "AWS.SimpleQueueService.EmptyBatchRequest: There should be at least one"
                                + " SendMessageBatchRequestEntry in the request.");
        SendMessageBatchRequestEntry[] many =
                IntStream.range(0, 11)
                        .mapToObj(i -> entry("i" + i, "x"))
                        .toArray(SendMessageBatchRequestEntry[]::new);
        assertThat(batchRefusal(batch(many)))
                .isEqualTo(
                        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest: Maximum number of"
                                + " entries per request are 10. You have sent 11.");
        assertThat(batchRefusal(batch(entry("a", "x"), entry("a", "y"))))
                .isEqualTo("AWS.SimpleQueueService.BatchEntryIdsNotDistinct: Id a repeated.");
        for (String id : List.of("", "a b", "a".repeat(81), "ü")) {
            assertThat(batchRefusal(batch(entry(id, "x"))))
                    .isEqualTo(
                            "AWS.SimpleQueueService.InvalidBatchEntryId: A batch entry id can only"
                                    + " contain alphanumeric characters, hyphens and underscores."
                                    + " It can be at most 80 letters long.");
        }
        assertThat(batchRefusal(batch(entry("a", "x".repeat(1_048_576)), entry("b", "x"))))
                .isEqualTo(
                        "AWS.SimpleQueueService.BatchRequestTooLong: Batch requests cannot be"
                                + " longer than 1048576 bytes. You have sent 1048577 bytes.");
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
    }

    @Test
    void deletesAndChangesInBatches() {
        fixture.send(url, "one");
        fixture.send(url, "two");
        List<Message> messages = fixture.receive(url);

        var changed =
                fixture.call(
                        SqsApi.CHANGE_MESSAGE_VISIBILITY_BATCH,
                        ChangeMessageVisibilityBatchRequest.builder()
                                .queueUrl(url)
                                .entries(
                                        List.of(
                                                change("a", messages.get(0).receiptHandle(), 0),
                                                change("b", "garbage", 0),
                                                change("c", messages.get(1).receiptHandle(), -1)))
                                .build());
        var deleted =
                fixture.call(
                        SqsApi.DELETE_MESSAGE_BATCH,
                        DeleteMessageBatchRequest.builder()
                                .queueUrl(url)
                                .entries(
                                        List.of(
                                                drop("a", messages.get(0).receiptHandle()),
                                                drop("b", "garbage"),
                                                drop("c", messages.get(1).receiptHandle())))
                                .build());

        assertThat(changed.successful()).extracting("id").containsExactly("a");
        assertThat(changed.failed())
                .extracting("code")
                .containsExactly("ReceiptHandleIsInvalid", "InvalidParameterValue");
        assertThat(deleted.successful()).extracting("id").containsExactly("a", "c");
        assertThat(deleted.failed()).extracting("id").containsExactly("b");
        assertThat(fixture.counts(url)).isEqualTo("0 0 0");
    }

    @Test
    void wordsMissingMembersAsSqsDoes() {
        var service = fixture.sqs.service();
        Shape request = SendMessageBatchRequest.builder().build();

        assertThat(
                        service.constraintError(
                                request,
                                List.of(
                                        "Value null at 'queueUrl' failed to satisfy constraint:"
                                                + " Member must not be null")))
                .hasMessage("The request must contain the parameter QueueUrl.");
        assertThat(
                        service.constraintError(
                                request,
                                List.of(
                                        "Value 'Foo' at 'attributeNames' failed to satisfy"
                                                + " constraint: Member must satisfy enum value set:"
                                                + " [All]")))
                .hasMessage("Unknown Attribute Foo.");
        assertThat(
                        service.constraintError(
                                request,
                                List.of(
                                        "Value null at 'entries' failed to satisfy constraint:"
                                                + " Member must not be null")))
                .hasMessage(
                        "There should be at least one SendMessageBatchRequestEntry in the"
                                + " request.");
    }

    @Test
    void refusesListsInAttributes() {
        var attribute =
                MessageAttributeValue.builder()
                        .dataType("String")
                        .stringValue("a")
                        .stringListValues(List.of())
                        .build();
        var refusal =
                fixture.refused(
                        SqsApi.SEND_MESSAGE,
                        SendMessageRequest.builder()
                                .queueUrl(url)
                                .messageBody("b")
                                .messageAttributes(Map.of("name", attribute))
                                .build());

        assertThat(refusal.error().queryCodeOrCode())
                .isEqualTo("AWS.SimpleQueueService.UnsupportedOperation");
        assertThat(refusal)
                .hasMessage(
                        "Message attribute list values in SendMessage operation are not"
                                + " supported.");
    }

    private String md5(List<String> names) {
        Message message =
                fixture.receive(
                                ReceiveMessageRequest.builder()
                                        .queueUrl(url)
                                        .messageAttributeNames(names))
                        .getFirst();
        return String.valueOf(message.md5OfMessageAttributes());
    }

    private String refusal(String body) {
        var refusal =
                fixture.refused(
                        SqsApi.SEND_MESSAGE,
                        SendMessageRequest.builder().queueUrl(url).messageBody(body).build());
        return refusal.error().queryCodeOrCode() + ": " + refusal.message();
    }

    private String batchRefusal(SendMessageBatchRequest request) {
        var refusal = fixture.refused(SqsApi.SEND_MESSAGE_BATCH, request);
        return refusal.error().queryCodeOrCode() + ": " + refusal.message();
    }

    private SendMessageBatchRequest batch(SendMessageBatchRequestEntry... entries) {
        return SendMessageBatchRequest.builder().queueUrl(url).entries(List.of(entries)).build();
    }

    private static SendMessageBatchRequestEntry entry(String id, String body) {
        return SendMessageBatchRequestEntry.builder().id(id).messageBody(body).build();
    }

    private static ChangeMessageVisibilityBatchRequestEntry change(
            String id, @Nullable String handle, int seconds) {
        return ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(id)
                .receiptHandle(handle)
                .visibilityTimeout(seconds)
                .build();
    }

    private static DeleteMessageBatchRequestEntry drop(String id, @Nullable String handle) {
        return DeleteMessageBatchRequestEntry.builder().id(id).receiptHandle(handle).build();
    }

    private static MessageAttributeValue string(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }
}
