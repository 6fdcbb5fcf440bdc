package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.sns.model.AuthorizationErrorException;
import software.amazon.awssdk.services.sns.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sns.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.TooManyEntriesInBatchRequestException;
import software.amazon.awssdk.services.sns.model.Topic;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// Topics, their policies and filters with the SDK for Java. AWS lets other accounts do only what a
/// topic's policy allows, delivers a message to the subscriptions whose filter policy matches, and
/// words its refusals as these tests have them.
@ExtendWith(MillraceExtension.class)
@Timeout(60)
final class SnsTest {
    private final Clients aws;
    private final Clients other;

    SnsTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
        this.other = new Clients(server.endpoint(), server.freshAccount());
    }

    @AfterEach
    void close() {
        aws.close();
        other.close();
    }

    @Test
    void anotherAccountPublishesAsLongAsThePolicyAllowsIt() {
        String topic = topic("shared");
        assertThatThrownBy(() -> publishByOther(topic))
                .isInstanceOf(AuthorizationErrorException.class)
                .hasMessageContaining(
                        "is not authorized to perform: SNS:Publish on resource: "
                                + topic
                                + " because no resource-based policy allows the SNS:Publish"
                                + " action");

        aws.sns.addPermission(request ->
                request.topicArn(topic)
                        .label("publishers")
                        .awsAccountIds(other.account())
                        .actionNames("Publish"));
        publishByOther(topic);
        assertThat(policy(topic)).contains("publishers", "arn:aws:iam::" + other.account());
        assertThatThrownBy(() -> other.sns.getTopicAttributes(request -> request.topicArn(topic)))
                .isInstanceOf(AuthorizationErrorException.class);

        aws.sns.removePermission(request -> request.topicArn(topic).label("publishers"));
        assertThatThrownBy(() -> publishByOther(topic))
                .isInstanceOf(AuthorizationErrorException.class);
    }

    @Test
    void anotherAccountsQueueSubscribesAndReceives() {
        String topic = topic("shared");
        aws.sns.addPermission(request ->
                request.topicArn(topic)
                        .label("subscribers")
                        .awsAccountIds(other.account())
                        .actionNames("Subscribe", "Receive"));
        String queue = queue(other, "theirs");
        other.sqs.setQueueAttributes(request ->
                request.queueUrl(queue)
                        .attributes(
                                Map.of(
                                        QueueAttributeName.POLICY,
                                        """
                                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
                                         "Principal":{"Service":"sns.amazonaws.com"},
                                         "Action":"sqs:SendMessage","Resource":"%s",
                                         "Condition":{"ArnEquals":{"aws:SourceArn":"%s"}}}]}
                                        """
                                                .formatted(arn(other, queue), topic))));
        subscribe(other, topic, queue, Map.of("RawMessageDelivery", "true"));

        aws.sns.publish(request -> request.topicArn(topic).message("hello"));

        assertThat(bodies(other, queue)).containsExactly("hello");
    }

    @Test
    void deliversWhatTheFilterPolicyWantsFromTheNextPublishOn() {
        String topic = topic("filtered");
        String queue = queue(aws, "filtered");
        String subscription =
                subscribe(
                        aws,
                        topic,
                        queue,
                        Map.of(
                                "RawMessageDelivery",
                                "true",
                                "FilterPolicy",
                                """
                                {"kind":[{"prefix":"order-"}],"price":[{"numeric":[">=",10]}]}
                                """));
        publish(topic, "small", "order-a", "9.99");
        publish(topic, "large", "order-a", "10.0");
        publish(topic, "other", "invoice", "10.0");

        set(subscription, "FilterPolicyScope", "MessageBody");
        set(subscription, "FilterPolicy", "{\"lines\":{\"sku\":[\"a\"],\"count\":[2]}}");
        publish(topic, "{\"lines\":[{\"sku\":\"a\",\"count\":1},{\"sku\":\"b\",\"count\":2}]}");
        publish(topic, "{\"lines\":[{\"sku\":\"a\",\"count\":2}]}");
        set(subscription, "FilterPolicy", "");
        publish(topic, "everything");

        assertThat(bodies(aws, queue))
                .containsExactlyInAnyOrder(
                        "large", "{\"lines\":[{\"sku\":\"a\",\"count\":2}]}", "everything");
    }

    @Test
    void refusesFilterPoliciesInTheWordsOfTheService() {
        String topic = topic("filtered");
        String queue = arn(aws, queue(aws, "filtered"));

        assertRefused(
                topic,
                queue,
                "{\"a\":[1],\"b\":[1],\"c\":[1],\"d\":[1],\"e\":[1],\"f\":[1]}",
                "FilterPolicy: Filter policy can not have more than 5 keys");
        assertRefused(
                topic,
                queue,
                "{\"a\":" + IntStream.range(0, 151).boxed().toList() + "}",
                "FilterPolicy: Filter policy is too complex");
        assertRefused(
                topic,
                queue,
                "{\"a\":{\"b\":[1]}}",
                "Filter policy scope MessageAttributes does not support nested filter policy");
    }

    private void assertRefused(String topic, String queue, String policy, String message) {
        assertThatThrownBy(() ->
                        aws.sns.subscribe(request ->
                                request.topicArn(topic)
                                        .protocol("sqs")
                                        .endpoint(queue)
                                        .attributes(Map.of("FilterPolicy", policy))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Invalid parameter: Attributes Reason: " + message);
    }

    @Test
    void refusesBatchesByTheirShapeAndSize() {
        String topic = topic("batches");

        assertThatThrownBy(() -> batch(topic, "same", "same"))
                .isInstanceOf(BatchEntryIdsNotDistinctException.class);
        assertThatThrownBy(() -> batch(topic)).isInstanceOf(EmptyBatchRequestException.class);
        assertThatThrownBy(() ->
                        batch(
                                topic,
                                IntStream.range(0, 11)
                                        .mapToObj(i -> "id-" + i)
                                        .toArray(String[]::new)))
                .isInstanceOf(TooManyEntriesInBatchRequestException.class);
        assertThatThrownBy(() ->
                        aws.sns.publish(request ->
                                request.topicArn(topic).message("x".repeat(256 * 1024 + 1))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Invalid parameter: Message too long");
    }

    @Test
    void makesATopicOnceAndRefusesOneThatDiffers() {
        Map<String, String> attributes = Map.of("DisplayName", "Orders");
        List<Tag> tags = List.of(Tag.builder().key("team").value("shop").build());
        String topic =
                aws.sns
                        .createTopic(
                                request -> request.name("once").attributes(attributes).tags(tags))
                        .topicArn();

        assertThat(topic("once")).isEqualTo(topic);
        assertThatThrownBy(() ->
                        aws.sns.createTopic(request ->
                                request.name("once").attributes(Map.of("DisplayName", "Bills"))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Topic already exists with different attributes");
        assertThat(aws.sns.listTagsForResource(request -> request.resourceArn(topic)).tags())
                .isEqualTo(tags);
    }

    @Test
    void listsInPagesOfAHundred() {
        for (int i = 0; i < 105; i++) {
            topic("topic-%03d".formatted(i));
        }

        assertThat(aws.sns.listTopics().topics()).hasSize(100);
        assertThat(aws.sns.listTopicsPaginator().topics().stream().map(Topic::topicArn))
                .hasSize(105)
                .doesNotHaveDuplicates();
        assertThatThrownBy(() -> aws.sns.listTopics(request -> request.nextToken("?")))
                .isInstanceOf(InvalidParameterException.class);
    }

    private String topic(String name) {
        return aws.sns.createTopic(request -> request.name(name)).topicArn();
    }

    private static String queue(Clients clients, String name) {
        return clients.sqs.createQueue(request -> request.queueName(name)).queueUrl();
    }

    private static String arn(Clients clients, String queueUrl) {
        return Objects.requireNonNull(
                clients.sqs
                        .getQueueAttributes(request ->
                                request.queueUrl(queueUrl)
                                        .attributeNames(QueueAttributeName.QUEUE_ARN))
                        .attributes()
                        .get(QueueAttributeName.QUEUE_ARN));
    }

    private static String subscribe(
            Clients clients, String topic, String queueUrl, Map<String, String> attributes) {
        return clients.sns
                .subscribe(request ->
                        request.topicArn(topic)
                                .protocol("sqs")
                                .endpoint(arn(clients, queueUrl))
                                .attributes(attributes))
                .subscriptionArn();
    }

    private void set(String subscription, String name, String value) {
        aws.sns.setSubscriptionAttributes(request ->
                request.subscriptionArn(subscription).attributeName(name).attributeValue(value));
    }

    private String policy(String topic) {
        return Objects.requireNonNull(
                aws.sns
                        .getTopicAttributes(request -> request.topicArn(topic))
                        .attributes()
                        .get("Policy"));
    }

    private void publishByOther(String topic) {
        other.sns.publish(request -> request.topicArn(topic).message("hello"));
    }

    private void publish(String topic, String message) {
        aws.sns.publish(request -> request.topicArn(topic).message(message));
    }

    private void publish(String topic, String message, String kind, String price) {
        aws.sns.publish(request ->
                request.topicArn(topic)
                        .message(message)
                        .messageAttributes(
                                Map.of(
                                        "kind",
                                        attribute("String.Array", "[\"" + kind + "\",1]"),
                                        "price",
                                        attribute("Number", price))));
    }

    private static MessageAttributeValue attribute(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }

    private void batch(String topic, String... ids) {
        List<PublishBatchRequestEntry> entries =
                List.of(ids).stream()
                        .map(id -> PublishBatchRequestEntry.builder().id(id).message("m").build())
                        .toList();
        aws.sns.publishBatch(
                request -> request.topicArn(topic).publishBatchRequestEntries(entries));
    }

    private static List<String> bodies(Clients clients, String queueUrl) {
        return clients
                .sqs
                .receiveMessage(request -> request.queueUrl(queueUrl).maxNumberOfMessages(10))
                .messages()
                .stream()
                .map(Message::body)
                .toList();
    }
}
