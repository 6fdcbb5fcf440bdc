package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.ConfirmSubscriptionInput;
import io.millrace.api.sns.GetSubscriptionAttributesInput;
import io.millrace.api.sns.ListSubscriptionsByTopicInput;
import io.millrace.api.sns.ListSubscriptionsByTopicResponse;
import io.millrace.api.sns.ListSubscriptionsInput;
import io.millrace.api.sns.SetSubscriptionAttributesInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.SubscribeInput;
import io.millrace.api.sns.UnsubscribeInput;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

final class SubscriptionOperationsTest {
    private static final String HOOK = "http://example.com/hook";

    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders");

    @Test
    void subscribesAQueueOfTheCallerAtOnce() {
        String arn = fixture.subscribeQueue(topic, "archive", Map.of());

        assertThat(arn).matches(topic + ":[0-9a-f-]{36}");
        assertThat(attributes(arn))
                .containsEntry("PendingConfirmation", "false")
                .containsEntry("ConfirmationWasAuthenticated", "true")
                .containsEntry("RawMessageDelivery", "false")
                .containsEntry("Owner", "000000000000")
                .containsEntry("Protocol", "sqs")
                .containsEntry("Endpoint", SnsFixture.queueArn("archive"))
                .containsEntry("TopicArn", topic)
                .containsEntry("SubscriptionArn", arn)
                .containsEntry("SubscriptionPrincipal", "arn:aws:iam::000000000000:root")
                .doesNotContainKeys("FilterPolicy", "FilterPolicyScope", "EffectiveDeliveryPolicy");
    }

    @Test
    void subscribingAgainFindsTheSubscription() {
        String arn = fixture.subscribeQueue(topic, "archive", Map.of("RawMessageDelivery", "true"));

        assertThat(fixture.subscribeQueue(topic, "archive", Map.of())).isEqualTo(arn);
        assertThat(fixture.subscribeQueue(topic, "archive", Map.of("RawMessageDelivery", "True")))
                .isEqualTo(arn);
        assertThat(byTopic(null).subscriptions()).hasSize(1);
    }

    @Test
    void refusesToSubscribeAgainWithOtherAttributes() {
        fixture.subscribeQueue(topic, "archive", Map.of());

        assertThat(
                        subscribeRefusal(
                                        "sqs",
                                        SnsFixture.queueArn("archive"),
                                        Map.of("RawMessageDelivery", "true"))
                                .message())
                .isEqualTo(
                        "Invalid parameter: Attributes Reason: Subscription already exists with"
                                + " different attributes");
    }

    @Test
    void asksAnHttpEndpointFirst() {
        String told =
                fixture.call(
                                SnsApi.SUBSCRIBE,
                                SubscribeInput.builder()
                                        .topicArn(topic)
                                        .protocol("http")
                                        .endpoint(HOOK)
                                        .build())
                        .subscriptionArn();

        assertThat(told).isEqualTo("pending confirmation");
        assertThat(byTopic(null).subscriptions())
                .singleElement()
                .satisfies(shown ->
                        assertThat(shown.subscriptionArn()).isEqualTo("PendingConfirmation"));
        fixture.publish(topic, "not yet");
        assertThat(jobs()).singleElement().asString().contains("SubscriptionConfirmation");
    }

    @Test
    void aTokenConfirmsAndMayBeUsedTwice() {
        String arn = fixture.subscribe(topic, "http", HOOK, Map.of());
        String token = token();

        assertThat(confirm(SnsFixture.ANONYMOUS, topic, token)).isEqualTo(arn);
        assertThat(confirm(SnsFixture.ANONYMOUS, topic, token)).isEqualTo(arn);

        assertThat(attributes(arn))
                .containsEntry("PendingConfirmation", "false")
                .containsEntry("ConfirmationWasAuthenticated", "false")
                .containsKey("EffectiveDeliveryPolicy");
    }

    @Test
    void aTokenEndsAfterTwoDays() {
        fixture.subscribe(topic, "http", HOOK, Map.of());
        String token = token();

        fixture.clock.advance(Duration.ofDays(2));

        assertThat(confirmRefusal(topic, token).message()).isEqualTo("Invalid parameter: Token");
    }

    @Test
    void whatNobodyConfirmsIsRemovedAfterTwoDaysUnlessItIsAskedAgain() {
        String ignored = fixture.subscribe(topic, "http", HOOK, Map.of());
        String askedAgain = fixture.subscribe(topic, "http", HOOK + "/again", Map.of());
        String confirmed = fixture.subscribe(topic, "http", HOOK + "/confirmed", Map.of());
        confirm(SnsFixture.ANONYMOUS, topic, token());
        fixture.clock.advance(Duration.ofDays(1));
        assertThat(fixture.subscribe(topic, "http", HOOK + "/again", Map.of()))
                .isEqualTo(askedAgain);

        fixture.clock.advance(Duration.ofDays(1));
        fixture.subscribe(topic, "http", HOOK + "/another", Map.of());

        assertThat(attributes(askedAgain)).containsEntry("PendingConfirmation", "true");
        assertThat(attributes(confirmed)).containsEntry("PendingConfirmation", "false");
        assertThat(setRefusal(ignored, "RawMessageDelivery", "true").error().code())
                .isEqualTo("NotFound");
    }

    @Test
    void refusesTokensThatAreNoneAndTopicsOfOtherRegions() {
        String arn = fixture.subscribe(topic, "http", HOOK, Map.of());

        assertThat(confirmRefusal(topic, "nonsense").message()).isEqualTo("Invalid token");
        assertThat(confirmRefusal(topic, "abc123").message()).isEqualTo("Invalid parameter: Token");
        assertThat(confirmRefusal(topic + "-not", "abc123").message())
                .isEqualTo("Invalid parameter: Token");
        assertThat(confirmRefusal("nonsense", token()).message())
                .isEqualTo("Invalid parameter: Topic");
        assertThat(confirmRefusal(topic.replace("us-east-1", "eu-west-1"), token()).message())
                .isEqualTo("Invalid parameter: Topic");
        assertThat(attributes(arn)).containsEntry("PendingConfirmation", "true");
        assertThat(confirm(SnsFixture.ANONYMOUS, topic + "-not", token())).isEqualTo(arn);
    }

    @Test
    void aQueueOfAnotherAccountIsAskedFirst() {
        fixture.subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:222222222222:theirs", Map.of());

        String body = fixture.bodies("theirs").getFirst();
        assertThat(body).contains("\"Type\" : \"SubscriptionConfirmation\"");
        fixture.publish(topic, "not yet");
        assertThat(fixture.messages("theirs")).hasSize(1);
        confirm(SnsFixture.ANONYMOUS, topic, body.replaceAll("(?s).*Token=([0-9a-f]+).*", "$1"));
        fixture.publish(topic, "now");
        assertThat(fixture.messages("theirs")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "carrier, x, 'Amazon SNS does not support this protocol string: carrier'",
        "http, https://example.com, Endpoint must match the specified protocol",
        "https, http://example.com, Endpoint must match the specified protocol",
        "http, http://, Endpoint",
        "http, 'http://a b', Endpoint",
        "sqs, queue, SQS endpoint ARN",
        "sqs, 'http://localhost/queue', SQS endpoint ARN",
        "sqs, arn:aws:sns:us-east-1:000000000000:x, SQS endpoint ARN",
        "sqs, arn:aws:sqs:us-east-1:000000000000:x.fifo, 'Invalid parameter: Endpoint Reason: FIFO"
                + " SQS Queues can not be subscribed to standard SNS topics'"
    })
    void refusesEndpointsThatAreNotValid(String protocol, String endpoint, String message) {
        assertThat(subscribeRefusal(protocol, endpoint, Map.of()).message())
                .isEqualTo("Invalid parameter: " + message);
        assertThat(byTopic(null).subscriptions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Nonsense|x|AttributeName",
                "RawMessageDelivery|yes|RawMessageDelivery: Invalid value [yes]. Must be true or"
                        + " false.",
                "FilterPolicyScope|Header|FilterPolicyScope: Invalid value [Header]. Please use"
                        + " either MessageBody or MessageAttributes",
                "FilterPolicy|{\"a\":{\"b\":[1]}}|Filter policy scope MessageAttributes does not"
                        + " support nested filter policy",
                "RedrivePolicy|{\"deadLetterTargetArn\":\"x\"}|RedrivePolicy: deadLetterTargetArn"
                        + " is an invalid arn",
                "RedrivePolicy|{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:000000000000:d\"}|"
                        + "RedrivePolicy: deadLetterTargetArn must be in the same account and"
                        + " region as the subscription.",
                "RedrivePolicy|{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:111111111111:d\"}|"
                        + "RedrivePolicy: deadLetterTargetArn must be in the same account and"
                        + " region as the subscription.",
                "RedrivePolicy|{\"deadLetterTargetArn\":\"x\",\"maxReceiveCount\":5}|RedrivePolicy:"
                        + " invalid JSON. Attribute maxReceiveCount is unknown.",
                "DeliveryPolicy|{\"healthyRetryPolicy\":{\"numRetries\":5}}|DeliveryPolicy:"
                        + " healthyRetryPolicy.minDelayTarget must be specified"
            })
    void refusesAttributesThatAreNotValidInBothActions(String name, String value, String message) {
        assertThat(
                        subscribeRefusal("sqs", SnsFixture.queueArn("archive"), Map.of(name, value))
                                .message())
                .isEqualTo("Invalid parameter: Attributes Reason: " + message);
        String arn = fixture.subscribeQueue(topic, "archive", Map.of());
        assertThat(setRefusal(arn, name, value).message())
                .isEqualTo("Invalid parameter: " + message);
    }

    /// As AWS answered LocalStack's tests in October 2025.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{invalidjson}|2|Unexpected character ('i' (code 105)): was expecting"
                        + " double-quote to start field name",
                "invalid|8|Unrecognized token 'invalid': was expecting (JSON String, Number, Array,"
                        + " Object or token 'null', 'true' or 'false')",
                "{\"a\":[\"x\"]} y|14|Unrecognized token 'y': was expecting (JSON String, Number,"
                        + " Array, Object or token 'null', 'true' or 'false')"
            },
            quoteCharacter = '`')
    void tellsWhereAPolicyIsNoJson(String value, int column, String why) {
        String arn = fixture.subscribeQueue(topic, "archive", Map.of());

        for (String name : List.of("FilterPolicy", "RedrivePolicy")) {
            assertThat(setRefusal(arn, name, value).message())
                    .isEqualTo(
                            "Invalid parameter: %s: failed to parse JSON. %s\n at [Source: REDACTED"
                                    + " (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled);"
                                    + " line: 1, column: %d]",
                            name, why, column);
        }
    }

    /// The JSON library tells no place for these.
    @Test
    void refusesAPolicyThatIsBeyondTheParser() {
        String arn = fixture.subscribeQueue(topic, "archive", Map.of());

        for (String name : List.of("FilterPolicy", "RedrivePolicy")) {
            for (String value :
                    List.of(
                            "{\"a\":[" + "1".repeat(1001) + "]}",
                            "{\"a\":" + "[".repeat(1100) + "]".repeat(1100) + "}",
                            "{\"" + "a".repeat(60_000) + "\":[\"x\"]}")) {
                assertThat(setRefusal(arn, name, value).message())
                        .isEqualTo("Invalid parameter: " + name + ": failed to parse JSON.");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", " { } "})
    void setsAndRemovesAttributesWithEffectOnTheNextPublish(String nothing) {
        String arn = fixture.subscribeQueue(topic, "archive", Map.of("RawMessageDelivery", "true"));

        set(arn, "FilterPolicy", "{\"kind\":[\"never\"]}");
        fixture.publish(topic, "filtered");
        assertThat(attributes(arn))
                .containsEntry("FilterPolicy", "{\"kind\":[\"never\"]}")
                .containsEntry("FilterPolicyScope", "MessageAttributes");
        set(arn, "FilterPolicy", nothing);
        fixture.publish(topic, "delivered");

        assertThat(attributes(arn)).doesNotContainKeys("FilterPolicy", "FilterPolicyScope");
        assertThat(fixture.bodies("archive")).containsExactly("delivered");
    }

    @Test
    void anEmptyObjectAsPolicyIsNone() {
        Map<String, String> none = Map.of("RawMessageDelivery", "true", "FilterPolicy", "{}");
        String arn = fixture.subscribeQueue(topic, "archive", none);
        assertThat(attributes(arn)).doesNotContainKeys("FilterPolicy", "FilterPolicyScope");

        set(arn, "FilterPolicy", "{\"kind\":[\"never\"]}");
        set(arn, "FilterPolicy", "{}");

        assertThat(fixture.subscribeQueue(topic, "archive", none)).isEqualTo(arn);
        fixture.publish(topic, "hello");
        assertThat(fixture.bodies("archive")).containsExactly("hello");
    }

    @Test
    void refusesToNarrowTheScopeOfANestedPolicy() {
        String arn =
                fixture.subscribeQueue(
                        topic,
                        "archive",
                        Map.of(
                                "FilterPolicyScope",
                                "MessageBody",
                                "FilterPolicy",
                                "{\"a\":{\"b\":[1]}}"));

        assertThat(setRefusal(arn, "FilterPolicyScope", "MessageAttributes").message())
                .contains("does not support nested filter policy");
    }

    @Test
    void unsubscribesAndIsIdempotent() {
        String arn = fixture.subscribeQueue(topic, "archive", Map.of());

        unsubscribe(SnsFixture.CALLER, arn);
        unsubscribe(SnsFixture.CALLER, arn);
        fixture.publish(topic, "hello");

        assertThat(fixture.messages("archive")).isEmpty();
        assertThat(byTopic(null).subscriptions()).isEmpty();
        ServiceException refusal =
                fixture.refusal(
                        SnsApi.GET_SUBSCRIPTION_ATTRIBUTES,
                        GetSubscriptionAttributesInput.builder().subscriptionArn(arn).build());
        assertThat(refusal.error().code()).isEqualTo("NotFound");
        assertThat(refusal.message()).isEqualTo("Subscription does not exist");
    }

    @Test
    void aLinkUnsubscribesAndTheNextLinkRestores() {
        String arn = fixture.subscribe(topic, "http", HOOK, Map.of());
        confirm(SnsFixture.ANONYMOUS, topic, token());

        unsubscribe(SnsFixture.ANONYMOUS, arn);

        assertThat(byTopic(null).subscriptions()).isEmpty();
        assertThat(jobs().getLast()).contains("UnsubscribeConfirmation");
        assertThat(confirm(SnsFixture.ANONYMOUS, topic, token())).isEqualTo(arn);
        assertThat(byTopic(null).subscriptions()).hasSize(1);
    }

    @Test
    void onlyASignedRequestEndsASubscriptionThatAskedForThat() {
        String arn = fixture.subscribe(topic, "http", HOOK, Map.of());
        fixture.call(
                SnsApi.CONFIRM_SUBSCRIPTION,
                ConfirmSubscriptionInput.builder()
                        .topicArn(topic)
                        .token(token())
                        .authenticateOnUnsubscribe("true")
                        .build());

        ServiceException refusal =
                fixture.refusal(
                        SnsFixture.ANONYMOUS,
                        SnsApi.UNSUBSCRIBE,
                        UnsubscribeInput.builder().subscriptionArn(arn).build());

        assertThat(refusal.error().code()).isEqualTo("AuthorizationError");
        unsubscribe(SnsFixture.CALLER, arn);
        assertThat(byTopic(null).subscriptions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "nonsense, 'SubscriptionArn Reason: An ARN must have at least 6 elements, not 1'",
        "arn:aws:sns:us-east-1:000000000000:orders, SubscriptionId",
        "arn:aws:sqs:us-east-1:000000000000:orders:id, SubscriptionId"
    })
    void refusesWhatIsNotASubscription(String arn, String message) {
        assertThat(
                        fixture.refusal(
                                        SnsApi.UNSUBSCRIBE,
                                        UnsubscribeInput.builder().subscriptionArn(arn).build())
                                .message())
                .isEqualTo("Invalid parameter: " + message);
    }

    @Test
    void listsAHundredSubscriptionsAPage() {
        for (int i = 0; i < 205; i++) {
            fixture.subscribeQueue(topic, "queue-" + i, Map.of());
        }

        List<Integer> sizes = new ArrayList<>();
        List<String> arns = new ArrayList<>();
        String token = null;
        do {
            ListSubscriptionsByTopicResponse page = byTopic(token);
            List<io.millrace.api.sns.Subscription> subscriptions = page.subscriptions();
            assertThat(subscriptions).isNotNull();
            sizes.add(subscriptions.size());
            subscriptions.forEach(shown -> arns.add(String.valueOf(shown.subscriptionArn())));
            token = page.nextToken();
        } while (token != null);

        assertThat(sizes).containsExactly(100, 100, 5);
        assertThat(arns).doesNotHaveDuplicates();
    }

    @Test
    void listsTheSubscriptionsOfAllTopics() {
        fixture.subscribeQueue(topic, "one", Map.of());
        fixture.subscribeQueue(fixture.topic("other"), "two", Map.of());

        assertThat(
                        fixture.call(
                                        SnsApi.LIST_SUBSCRIPTIONS,
                                        ListSubscriptionsInput.builder().build())
                                .subscriptions())
                .hasSize(2);
        assertThat(
                        fixture.call(
                                        SnsFixture.STRANGER,
                                        SnsApi.LIST_SUBSCRIPTIONS,
                                        ListSubscriptionsInput.builder().build())
                                .subscriptions())
                .isEmpty();
    }

    private ListSubscriptionsByTopicResponse byTopic(@Nullable String token) {
        return fixture.call(
                SnsApi.LIST_SUBSCRIPTIONS_BY_TOPIC,
                ListSubscriptionsByTopicInput.builder().topicArn(topic).nextToken(token).build());
    }

    private Map<String, String> attributes(String arn) {
        Map<String, String> attributes =
                fixture.call(
                                SnsApi.GET_SUBSCRIPTION_ATTRIBUTES,
                                GetSubscriptionAttributesInput.builder()
                                        .subscriptionArn(arn)
                                        .build())
                        .attributes();
        return attributes == null ? Map.of() : attributes;
    }

    private ServiceException subscribeRefusal(
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

    private void set(String arn, String name, String value) {
        fixture.call(SnsApi.SET_SUBSCRIPTION_ATTRIBUTES, setInput(arn, name, value));
    }

    private ServiceException setRefusal(String arn, String name, String value) {
        return fixture.refusal(SnsApi.SET_SUBSCRIPTION_ATTRIBUTES, setInput(arn, name, value));
    }

    private static SetSubscriptionAttributesInput setInput(String arn, String name, String value) {
        return SetSubscriptionAttributesInput.builder()
                .subscriptionArn(arn)
                .attributeName(name)
                .attributeValue(value)
                .build();
    }

    private void unsubscribe(Caller caller, String arn) {
        fixture.call(
                caller,
                SnsApi.UNSUBSCRIBE,
                UnsubscribeInput.builder().subscriptionArn(arn).build());
    }

    private @Nullable String confirm(Caller caller, String topicArn, String token) {
        return fixture.call(
                        caller,
                        SnsApi.CONFIRM_SUBSCRIPTION,
                        ConfirmSubscriptionInput.builder().topicArn(topicArn).token(token).build())
                .subscriptionArn();
    }

    private ServiceException confirmRefusal(String topicArn, String token) {
        return fixture.refusal(
                SnsApi.CONFIRM_SUBSCRIPTION,
                ConfirmSubscriptionInput.builder().topicArn(topicArn).token(token).build());
    }

    /// The token in the newest message that the outbox owes.
    private String token() {
        return jobs().getLast().replaceAll("(?s).*Token=([0-9a-f]+).*", "$1");
    }

    private List<String> jobs() {
        return fixture.owed();
    }
}
