package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.CreateTopicInput;
import io.millrace.api.sns.DeleteTopicInput;
import io.millrace.api.sns.GetTopicAttributesInput;
import io.millrace.api.sns.ListSubscriptionsInput;
import io.millrace.api.sns.ListTopicsInput;
import io.millrace.api.sns.ListTopicsResponse;
import io.millrace.api.sns.SetTopicAttributesInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.Tag;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

final class TopicOperationsTest {
    private static final String ARN = "arn:aws:sns:us-east-1:000000000000:orders";

    private final SnsFixture fixture = new SnsFixture();

    @Test
    void createsATopicOnce() {
        assertThat(fixture.topic("orders")).isEqualTo(ARN);
        assertThat(fixture.topic("orders")).isEqualTo(ARN);

        assertThat(topics(null).topics()).hasSize(1);
    }

    @Test
    void findsATopicWhoseAttributesAreTheSame() {
        fixture.topic("orders", Map.of("DisplayName", "Orders"));

        assertThat(fixture.topic("orders", Map.of("DisplayName", "Orders"))).isEqualTo(ARN);
        assertThat(fixture.topic("orders")).isEqualTo(ARN);
        assertThat(fixture.topic("orders", Map.of("FifoTopic", "false"))).isEqualTo(ARN);
    }

    @Test
    void refusesATopicThatIsThereWithOtherAttributes() {
        fixture.topic("orders");

        ServiceException refusal = create("orders", Map.of("DisplayName", "Other"));

        assertThat(refusal.error().code()).isEqualTo("InvalidParameter");
        assertThat(refusal.message())
                .isEqualTo(
                        "Invalid parameter: Attributes Reason: Topic already exists with different"
                                + " attributes");
    }

    @Test
    void refusesATopicThatIsThereWithOtherTags() {
        fixture.topic("orders");

        ServiceException refusal =
                fixture.refusal(
                        SnsApi.CREATE_TOPIC,
                        CreateTopicInput.builder()
                                .name("orders")
                                .tags(List.of(Tag.builder().key("team").value("a").build()))
                                .build());

        assertThat(refusal.message())
                .isEqualTo(
                        "Invalid parameter: Tags Reason: Topic already exists with different tags");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "orders.fifo", "ä", "a.b"})
    void refusesANameThatIsNotOne(String name) {
        assertThat(create(name, Map.of()).message()).isEqualTo("Invalid parameter: Topic Name");
    }

    @Test
    void takesNamesOf256CharactersAndNoMore() {
        assertThat(fixture.topic("a".repeat(256))).endsWith("a".repeat(256));
        assertThat(create("a".repeat(257), Map.of()).message())
                .isEqualTo("Invalid parameter: Topic Name");
    }

    @Test
    void refusesAFifoTopicWithoutTheSuffix() {
        assertThat(create("orders", Map.of("FifoTopic", "true")).message())
                .startsWith("Invalid parameter: Fifo Topic names must end with .fifo");
    }

    @ParameterizedTest
    @CsvSource({
        "Nonsense, x, 'Attributes Reason: Unknown attribute Nonsense'",
        "SignatureVersion, 3, Attributes Reason: SignatureVersion",
        "TracingConfig, On, Attributes Reason: TracingConfig",
        "ContentBasedDeduplication, true, Attributes Reason: Content-based deduplication can only"
                + " be set for FIFO topics",
        "DeliveryPolicy, x, Attributes Reason: DeliveryPolicy: failed to parse JSON.",
        "Policy, x, Attributes Reason: Policy Error: null"
    })
    void refusesAttributesThatAreNotValid(String name, String value, String message) {
        assertThat(create("orders", Map.of(name, value)).message())
                .isEqualTo("Invalid parameter: " + message);
        assertThat(topics(null).topics()).isEmpty();
    }

    @Test
    void listsAHundredTopicsAPageInOrder() {
        for (int i = 0; i < 205; i++) {
            fixture.topic("topic-%03d".formatted(i));
        }

        List<String> arns = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String token = null;
        do {
            ListTopicsResponse page = topics(token);
            List<io.millrace.api.sns.Topic> topics = page.topics();
            assertThat(topics).isNotNull();
            sizes.add(topics.size());
            topics.forEach(topic -> arns.add(topic.topicArn()));
            token = page.nextToken();
        } while (token != null);

        assertThat(sizes).containsExactly(100, 100, 5);
        assertThat(arns).hasSize(205).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void listsOnlyTheCallersTopics() {
        fixture.topic("orders");

        assertThat(
                        fixture.call(
                                        SnsFixture.STRANGER,
                                        SnsApi.LIST_TOPICS,
                                        ListTopicsInput.builder().build())
                                .topics())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?", "b3JkZXJz"})
    void refusesATokenThatIsNotOurs(String token) {
        assertThat(
                        fixture.refusal(
                                        SnsApi.LIST_TOPICS,
                                        ListTopicsInput.builder().nextToken(token).build())
                                .message())
                .isEqualTo("Invalid parameter: NextToken");
    }

    @Test
    void deletesATopicAndItsSubscriptionsAndIsIdempotent() {
        fixture.topic("orders");
        for (int i = 0; i < 250; i++) {
            fixture.subscribeQueue(ARN, "queue-" + i, Map.of());
        }

        delete(ARN);
        delete(ARN);

        assertThat(topics(null).topics()).isEmpty();
        assertThat(
                        fixture.call(
                                        SnsApi.LIST_SUBSCRIPTIONS,
                                        ListSubscriptionsInput.builder().build())
                                .subscriptions())
                .isEmpty();
        assertThat(attributesRefusal(ARN).message()).isEqualTo("Topic does not exist");
    }

    @Test
    void aTopicMadeAgainHasNoneOfTheOldSubscriptions() {
        fixture.topic("orders");
        fixture.subscribeQueue(ARN, "archive", Map.of());
        delete(ARN);

        fixture.topic("orders");
        fixture.publish(ARN, "hello");

        assertThat(fixture.messages("archive")).isEmpty();
        assertThat(attributes(ARN)).containsEntry("SubscriptionsConfirmed", "0");
    }

    @Test
    void showsTheAttributesOfAFreshTopic() {
        fixture.topic("orders");

        assertThat(attributes(ARN))
                .containsOnlyKeys(
                        "Policy",
                        "Owner",
                        "SubscriptionsPending",
                        "TopicArn",
                        "EffectiveDeliveryPolicy",
                        "SubscriptionsConfirmed",
                        "DisplayName",
                        "SubscriptionsDeleted")
                .containsEntry("Owner", "000000000000")
                .containsEntry("TopicArn", ARN)
                .containsEntry(
                        "EffectiveDeliveryPolicy",
                        """
                        {"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,\
                        "maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,\
                        "numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},\
                        "disableSubscriptionOverrides":false,"defaultRequestPolicy":{\
                        "headerContentType":"text/plain; charset=UTF-8"}}}\
                        """);
        assertThat(attributes(ARN).get("Policy"))
                .contains("\"Resource\":\"" + ARN + "\"")
                .contains("{\"AWS:SourceOwner\":\"000000000000\"}");
    }

    @Test
    void showsTheAttributesOfAFifoTopic() {
        String arn = fixture.topic("orders.fifo", Map.of("FifoTopic", "true"));

        assertThat(attributes(arn))
                .containsEntry("FifoTopic", "true")
                .containsEntry("ContentBasedDeduplication", "false");
    }

    @Test
    void countsSubscriptions() {
        fixture.topic("orders");
        String first = fixture.subscribeQueue(ARN, "one", Map.of());
        fixture.subscribeQueue(ARN, "two", Map.of());
        fixture.subscribe(ARN, "http", "http://example.com/hook", Map.of());
        fixture.call(
                SnsApi.UNSUBSCRIBE,
                io.millrace.api.sns.UnsubscribeInput.builder().subscriptionArn(first).build());

        assertThat(attributes(ARN))
                .containsEntry("SubscriptionsConfirmed", "1")
                .containsEntry("SubscriptionsPending", "1")
                .containsEntry("SubscriptionsDeleted", "1");
    }

    @Test
    void setsAndRemovesAnAttribute() {
        fixture.topic("orders");

        set(ARN, "DisplayName", "Orders");
        set(ARN, "SignatureVersion", "2");

        assertThat(attributes(ARN))
                .containsEntry("DisplayName", "Orders")
                .containsEntry("SignatureVersion", "2");
        set(ARN, "DisplayName", "");
        assertThat(attributes(ARN)).containsEntry("DisplayName", "");
    }

    @ParameterizedTest
    @CsvSource({
        "FifoTopic, true, AttributeName",
        "Nonsense, x, AttributeName",
        "SignatureVersion, 0, SignatureVersion"
    })
    void refusesToSetWhatCannotBeSet(String name, String value, String message) {
        fixture.topic("orders");

        ServiceException refusal =
                fixture.refusal(
                        SnsApi.SET_TOPIC_ATTRIBUTES,
                        SetTopicAttributesInput.builder()
                                .topicArn(ARN)
                                .attributeName(name)
                                .attributeValue(value)
                                .build());

        assertThat(refusal.message()).isEqualTo("Invalid parameter: " + message);
    }

    @ParameterizedTest
    @CsvSource({
        "orders, 'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not"
                + " 1', 400",
        "arn:aws:sns:us-east-1, 'Invalid parameter: TopicArn Reason: An ARN must have at least 6"
                + " elements, not 4', 400",
        "arn:aws:sns:eu-west-1:000000000000:orders, Invalid parameter: TopicArn, 400",
        "arn:aws:sqs:us-east-1:000000000000:orders, Invalid parameter: TopicArn, 400",
        "arn:aws:sns:us-east-1:000000000000:other, Topic does not exist, 404"
    })
    void refusesAnArnThatIsNotATopic(String arn, String message, int status) {
        ServiceException refusal = attributesRefusal(arn);

        assertThat(refusal.message()).isEqualTo(message);
        assertThat(refusal.error().httpStatus()).isEqualTo(status);
    }

    @Test
    void refusesStrangers() {
        fixture.topic("orders");

        ServiceException refusal =
                fixture.refusal(
                        SnsFixture.STRANGER,
                        SnsApi.DELETE_TOPIC,
                        DeleteTopicInput.builder().topicArn(ARN).build());

        assertThat(refusal.error().code()).isEqualTo("AuthorizationError");
        assertThat(refusal.error().httpStatus()).isEqualTo(403);
        assertThat(topics(null).topics()).hasSize(1);
    }

    private ServiceException create(String name, Map<String, String> attributes) {
        return fixture.refusal(
                SnsApi.CREATE_TOPIC,
                CreateTopicInput.builder().name(name).attributes(attributes).build());
    }

    private void delete(String arn) {
        fixture.call(SnsApi.DELETE_TOPIC, DeleteTopicInput.builder().topicArn(arn).build());
    }

    private void set(String arn, String name, String value) {
        fixture.call(
                SnsApi.SET_TOPIC_ATTRIBUTES,
                SetTopicAttributesInput.builder()
                        .topicArn(arn)
                        .attributeName(name)
                        .attributeValue(value)
                        .build());
    }

    private ListTopicsResponse topics(@org.jspecify.annotations.Nullable String token) {
        return fixture.call(SnsApi.LIST_TOPICS, ListTopicsInput.builder().nextToken(token).build());
    }

    private Map<String, String> attributes(String arn) {
        Map<String, String> attributes =
                fixture.call(
                                SnsApi.GET_TOPIC_ATTRIBUTES,
                                GetTopicAttributesInput.builder().topicArn(arn).build())
                        .attributes();
        return attributes == null ? Map.of() : attributes;
    }

    private ServiceException attributesRefusal(String arn) {
        return fixture.refusal(
                SnsApi.GET_TOPIC_ATTRIBUTES,
                GetTopicAttributesInput.builder().topicArn(arn).build());
    }
}
