package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.CheckIfPhoneNumberIsOptedOutInput;
import io.millrace.api.sns.GetSMSAttributesInput;
import io.millrace.api.sns.ListOriginationNumbersRequest;
import io.millrace.api.sns.ListPhoneNumbersOptedOutInput;
import io.millrace.api.sns.MessageAttributeValue;
import io.millrace.api.sns.OptInPhoneNumberInput;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.SetSMSAttributesInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.SubscribeInput;
import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.notification.Mailbox;
import io.millrace.notification.MailboxEntry;
import io.millrace.notification.PageAccess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Text messages, their defaults, and who wants none, read in the mailbox.
final class SmsTest {
    private static final String NUMBER = "+15550100123";

    private final SnsFixture fixture = new SnsFixture();

    @Test
    void textsANumber() {
        publish(
                "hello",
                Map.of(
                        "AWS.SNS.SMS.SenderID", string("Shop"),
                        "AWS.SNS.SMS.SMSType", string("Transactional"),
                        "AWS.SNS.SMS.MaxPrice", number("0.50"),
                        "AWS.MM.SMS.EntityId", string("1101456324675322134")));

        MailboxEntry text = only();
        assertThat(text.kind()).isEqualTo(MailboxEntry.Kind.SMS);
        assertThat(text.address()).isEqualTo(NUMBER);
        assertThat(text.from()).isEqualTo("Shop");
        assertThat(text.text()).isEqualTo("hello");
        assertThat(text.attributes())
                .containsOnly(
                        Map.entry("SMSType", "Transactional"),
                        Map.entry("MaxPrice", "0.50"),
                        Map.entry("EntityId", "1101456324675322134"),
                        Map.entry("Parts", "1"));
        assertThat(fixture.owed()).isEmpty();
    }

    @Test
    void textsSubscriptionsUnderTheTopicsName() {
        String topic = fixture.topic("orders", Map.of("DisplayName", "Shop"));
        fixture.subscribe(topic, "sms", "+1-555-010-0123", Map.of());

        fixture.publish(topic, "hello");

        assertThat(only().address()).isEqualTo(NUMBER);
        assertThat(only().text()).isEqualTo("Shop> hello");
    }

    @Test
    void accountsHaveDefaults() {
        set(Map.of("DefaultSenderID", "Mill", "DefaultSMSType", "Transactional"));
        set(Map.of("MonthlySpendLimit", "5"));

        publish("hello", Map.of());

        assertThat(only().from()).isEqualTo("Mill");
        assertThat(only().attributes()).containsEntry("SMSType", "Transactional");
        assertThat(get(List.of("DefaultSenderID"))).containsOnlyKeys("DefaultSenderID");
        assertThat(get(List.of()))
                .containsOnlyKeys("DefaultSenderID", "DefaultSMSType", "MonthlySpendLimit");
    }

    @ParameterizedTest
    @CsvSource({
        "Colour,red,Colour is not a valid attribute",
        "DefaultSMSType,Loud,DefaultSMSType is invalid",
        "DefaultSenderID,twelve chars,DefaultSenderID is invalid",
        "DefaultSenderID,12345,DefaultSenderID is invalid",
        "MonthlySpendLimit,-1,MonthlySpendLimit is invalid",
        "DeliveryStatusSuccessSamplingRate,101,DeliveryStatusSuccessSamplingRate is invalid",
        "DeliveryStatusIAMRole,me,DeliveryStatusIAMRole is invalid",
        "UsageReportS3Bucket,A,UsageReportS3Bucket is invalid"
    })
    void refusesOtherDefaults(String name, String value, String message) {
        SetSMSAttributesInput input =
                SetSMSAttributesInput.builder().attributes(Map.of(name, value)).build();

        assertThat(fixture.refusal(SnsApi.SET_SMS_ATTRIBUTES, input).message()).isEqualTo(message);
        assertThat(get(List.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"AWS.SNS.SMS.SMSType,Loud", "AWS.SNS.SMS.SenderID,a much too long name"})
    void refusesAttributesThatNoGatewayTakes(String name, String value) {
        PublishInput input =
                PublishInput.builder()
                        .phoneNumber(NUMBER)
                        .message("hello")
                        .messageAttributes(Map.of(name, string(value)))
                        .build();

        assertThat(fixture.refusal(SnsApi.PUBLISH, input).message()).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+15--551234567", "NAA+15551234567", "+15551234567.", "/+15551234567"})
    void refusesToSubscribeWhatIsNoNumber(String endpoint) {
        SubscribeInput input =
                SubscribeInput.builder()
                        .topicArn(fixture.topic("orders"))
                        .protocol("sms")
                        .endpoint(endpoint)
                        .build();

        assertThat(fixture.refusal(SnsApi.SUBSCRIBE, input).message())
                .isEqualTo("Invalid SMS endpoint: " + endpoint);
    }

    @Test
    void aTextMayBeLongButNotEndless() {
        publish("x".repeat(1600), Map.of());
        assertThat(only().attributes()).containsEntry("Parts", "11");

        PublishInput longer =
                PublishInput.builder().phoneNumber(NUMBER).message("x".repeat(1601)).build();
        assertThat(fixture.refusal(SnsApi.PUBLISH, longer).message())
                .isEqualTo("Invalid parameter: Message too long");
    }

    @Test
    void countsPartsAsTelephonesDo() {
        assertThat(Sms.parts("x".repeat(160))).isEqualTo(1);
        assertThat(Sms.parts("x".repeat(161))).isEqualTo(2);
        assertThat(Sms.parts("€".repeat(81))).isEqualTo(2);
        assertThat(Sms.parts("ж".repeat(70))).isEqualTo(1);
        assertThat(Sms.parts("ж".repeat(135))).isEqualTo(3);
    }

    @Test
    void whoRepliesStopIsTextedNoMore() {
        assertThat(reply("STOP").status()).isEqualTo(200);
        publish("unwanted", Map.of());

        assertThat(texts()).isEmpty();
        assertThat(isOptedOut(NUMBER)).isTrue();
        assertThat(optedOut()).containsExactly(NUMBER);
        assertThat(fixture.outbox.failed(1).getFirst().failure().errorMessage())
                .isEqualTo("Phone number is opted out");
    }

    @Test
    void whatIsNoKeywordChangesNothing() {
        assertThat(reply("please stop it").status()).isEqualTo(200);

        assertThat(isOptedOut(NUMBER)).isFalse();
    }

    @Test
    void anOptInCountsOnceInThirtyDays() {
        reply("stop");
        optIn();
        assertThat(isOptedOut(NUMBER)).isFalse();
        reply(" Stop ");

        assertThat(
                        fixture.refusal(
                                        SnsApi.OPT_IN_PHONE_NUMBER,
                                        OptInPhoneNumberInput.builder().phoneNumber(NUMBER).build())
                                .message())
                .contains("30 days");
        fixture.clock.advance(Duration.ofDays(30));
        optIn();

        assertThat(optedOut()).isEmpty();
    }

    @Test
    void theOwnerOfATelephoneMayComeBackAtAnyTime() {
        reply("STOP");
        reply("START");

        publish("hello", Map.of());

        assertThat(only().text()).isEqualTo("hello");
    }

    @Test
    void refusesNumbersInTheWrongForm() {
        CheckIfPhoneNumberIsOptedOutInput input =
                CheckIfPhoneNumberIsOptedOutInput.builder().phoneNumber("12-x").build();

        assertThat(fixture.refusal(SnsApi.CHECK_IF_PHONE_NUMBER_IS_OPTED_OUT, input).message())
                .isEqualTo("Invalid parameter: PhoneNumber Reason: input incorrectly formatted");
        assertThat(reply("STOP", "nobody").status()).isEqualTo(400);
    }

    @Test
    void hasNoOriginationNumbersOfItsOwn() {
        assertThat(
                        fixture.call(
                                        SnsApi.LIST_ORIGINATION_NUMBERS,
                                        ListOriginationNumbersRequest.builder().build())
                                .phoneNumbers())
                .isEmpty();
        ListOriginationNumbers configured =
                new ListOriginationNumbers(List.of("+15550100", "12345", "+15550101"));
        ListOriginationNumbersRequest first =
                ListOriginationNumbersRequest.builder().maxResults(2).build();
        String token = configured.handle(SnsFixture.CALLER, first).nextToken();
        assertThat(
                        configured
                                .handle(
                                        SnsFixture.CALLER,
                                        ListOriginationNumbersRequest.builder()
                                                .nextToken(token)
                                                .build())
                                .phoneNumbers())
                .singleElement()
                .satisfies(number -> assertThat(number.phoneNumber()).isEqualTo("+15550101"));
    }

    private void publish(String message, Map<String, MessageAttributeValue> attributes) {
        fixture.call(
                SnsApi.PUBLISH,
                PublishInput.builder()
                        .phoneNumber(NUMBER)
                        .message(message)
                        .messageAttributes(attributes)
                        .build());
    }

    private List<MailboxEntry> texts() {
        fixture.deliverDue();
        return fixture.providers.mailbox().list(Mailbox.Filter.ALL, null, 10).entries();
    }

    private MailboxEntry only() {
        List<MailboxEntry> texts = texts();
        assertThat(texts).hasSize(1);
        return texts.getFirst();
    }

    private void set(Map<String, String> attributes) {
        fixture.call(
                SnsApi.SET_SMS_ATTRIBUTES,
                SetSMSAttributesInput.builder().attributes(attributes).build());
    }

    private Map<String, String> get(List<String> names) {
        Map<String, String> attributes =
                fixture.call(
                                SnsApi.GET_SMS_ATTRIBUTES,
                                GetSMSAttributesInput.builder().attributes(names).build())
                        .attributes();
        return attributes == null ? Map.of() : attributes;
    }

    private boolean isOptedOut(String number) {
        return Boolean.TRUE.equals(
                fixture.call(
                                SnsApi.CHECK_IF_PHONE_NUMBER_IS_OPTED_OUT,
                                CheckIfPhoneNumberIsOptedOutInput.builder()
                                        .phoneNumber(number)
                                        .build())
                        .isOptedOut());
    }

    private List<String> optedOut() {
        List<String> numbers =
                fixture.call(
                                SnsApi.LIST_PHONE_NUMBERS_OPTED_OUT,
                                ListPhoneNumbersOptedOutInput.builder().build())
                        .phoneNumbers();
        return numbers == null ? List.of() : numbers;
    }

    private void optIn() {
        fixture.call(
                SnsApi.OPT_IN_PHONE_NUMBER,
                OptInPhoneNumberInput.builder().phoneNumber(NUMBER).build());
    }

    private Response reply(String text) {
        return reply(text, NUMBER);
    }

    private Response reply(String text, String from) {
        byte[] body =
                "{\"from\": \"%s\", \"text\": \"%s\"}"
                        .formatted(from, text)
                        .getBytes(StandardCharsets.UTF_8);
        Request request =
                new Request(
                        "POST",
                        "/_millrace/sns/sms/inbound",
                        "",
                        Headers.of(
                                Map.of(
                                        "content-type", List.of("application/json"),
                                        "content-length", List.of("" + body.length))),
                        "127.0.0.1",
                        () -> new ByteArrayInputStream(body));
        return fixture.sns
                .inboundTexts(new PageAccess(true, null), "us-east-1")
                .handler()
                .handle(request);
    }

    private static MessageAttributeValue string(String value) {
        return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
    }

    private static MessageAttributeValue number(String value) {
        return MessageAttributeValue.builder().dataType("Number").stringValue(value).build();
    }
}
