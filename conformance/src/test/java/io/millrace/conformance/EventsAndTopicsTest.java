package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.eventbridge.model.InputTransformer;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Map;

/// EventBridge and SNS through the AWS SDK for Java v2: who is meant is told, in the promised form,
/// and nobody else.
@ExtendWith(MillraceExtension.class)
final class EventsAndTopicsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Clients aws;

    EventsAndTopicsTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void routesAnEventToTheRulesThatMatch() {
        String big = createQueue("big");
        String other = createQueue("other");
        aws.events.createEventBus(request -> request.name("shop"));
        rule("shop", "big", "{\"detail\":{\"amount\":[{\"numeric\":[\">\",100]}]}}", target("big"));
        rule("shop", "other", "{\"source\":[\"else\"]}", target("other"));

        PutEventsResponse put = putEvent("shop", "{\"amount\":100.5}");
        putEvent("shop", "{\"amount\":100}");

        assertThat(put.failedEntryCount()).isZero();
        JsonNode event = JSON.readTree(receiveOnly(big).body());
        assertThat(event.path("id").asString()).isEqualTo(put.entries().getFirst().eventId());
        assertThat(event.path("version").asString()).isEqualTo("0");
        assertThat(event.path("source").asString()).isEqualTo("test");
        assertThat(event.path("detail-type").asString()).isEqualTo("Thing");
        assertThat(event.path("account").asString()).isEqualTo(aws.account());
        assertThat(event.path("region").asString()).isEqualTo("us-east-1");
        assertThat(event.path("detail").path("amount").asDouble()).isEqualTo(100.5);
        assertThat(receive(other)).isEmpty();
    }

    @Test
    void transformsWhatATargetGets() {
        String queue = createQueue("q");
        aws.events.putRule(request -> request.name("r").eventPattern("{\"source\":[\"test\"]}"));
        aws.events.putTargets(request ->
                request.rule("r")
                        .targets(
                                Target.builder()
                                        .id("t")
                                        .arn(arn("sqs", "q"))
                                        .inputTransformer(
                                                InputTransformer.builder()
                                                        .inputPathsMap(
                                                                Map.of("who", "$.detail.name"))
                                                        .inputTemplate(
                                                                "{\"greeting\":\"hello <who>\"}")
                                                        .build())
                                        .build()));

        putEvent("default", "{\"name\":\"Ann\"}");

        assertThat(receiveOnly(queue).body()).isEqualTo("{\"greeting\":\"hello Ann\"}");
    }

    @Test
    void tellsWhetherAPatternMatches() {
        String event =
                """
                {"id":"1","account":"123456789012","source":"s","time":"2026-01-01T00:00:00Z",
                "region":"us-east-1","resources":[],"detail-type":"t","detail":{"a":"xyz"}}\
                """;

        assertThat(
                        aws.events
                                .testEventPattern(request ->
                                        request.event(event)
                                                .eventPattern(
                                                        "{\"detail\":{\"a\":[{\"prefix\":\"x\"}]}}"))
                                .result())
                .isTrue();
        assertThatThrownBy(() ->
                        aws.events.testEventPattern(
                                request -> request.event(event).eventPattern("{\"a\":1}")))
                .isInstanceOf(InvalidEventPatternException.class)
                .hasMessageContaining("Event pattern is not valid");
    }

    @Test
    void publishesInAnEnvelopeAndRawAndByFilter() {
        String enveloped = createQueue("enveloped");
        String raw = createQueue("raw");
        String filtered = createQueue("filtered");
        String topic = aws.sns.createTopic(request -> request.name("t")).topicArn();
        subscribe(topic, "enveloped", Map.of());
        subscribe(topic, "raw", Map.of("RawMessageDelivery", "true"));
        subscribe(topic, "filtered", Map.of("FilterPolicy", "{\"kind\":[\"b\"]}"));

        publish(topic, "first", "a");
        publish(topic, "second", "b");

        assertThat(receive(raw)).extracting(Message::body).containsExactly("first", "second");
        assertThat(receive(enveloped))
                .extracting(message -> JSON.readTree(message.body()))
                .allSatisfy(envelope -> {
                    assertThat(envelope.path("Type").asString()).isEqualTo("Notification");
                    assertThat(envelope.path("TopicArn").asString()).isEqualTo(topic);
                    assertThat(envelope.path("Signature").asString()).isNotEmpty();
                })
                .extracting(envelope -> envelope.path("Message").asString())
                .containsExactly("first", "second");
        assertThat(receive(filtered))
                .extracting(message -> JSON.readTree(message.body()).path("Message").asString())
                .containsExactly("second");
    }

    @Test
    void publishesABatchAndRefusesAnAbsentTopic() {
        String queue = createQueue("q");
        String topic = aws.sns.createTopic(request -> request.name("t")).topicArn();
        subscribe(topic, "q", Map.of("RawMessageDelivery", "true"));

        aws.sns.publishBatch(request ->
                request.topicArn(topic)
                        .publishBatchRequestEntries(
                                PublishBatchRequestEntry.builder().id("1").message("one").build(),
                                PublishBatchRequestEntry.builder().id("2").message("two").build()));

        assertThat(receive(queue)).extracting(Message::body).containsExactly("one", "two");
        assertThatThrownBy(() ->
                        aws.sns.publish(
                                request -> request.topicArn(arn("sns", "absent")).message("x")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("Topic does not exist");
    }

    @Test
    void sendsAnEventThroughATopic() {
        String queue = createQueue("q");
        String topic = aws.sns.createTopic(request -> request.name("t")).topicArn();
        subscribe(topic, "q", Map.of("RawMessageDelivery", "true"));
        rule(
                "default",
                "r",
                "{\"source\":[\"test\"]}",
                Target.builder().id("t").arn(topic).build());

        putEvent("default", "{\"a\":1}");

        assertThat(JSON.readTree(receiveOnly(queue).body()).path("detail").path("a").asInt())
                .isEqualTo(1);
    }

    @Test
    void refusesABadEntryAndTakesTheOthers() {
        PutEventsResponse response =
                aws.events.putEvents(request ->
                        request.entries(
                                PutEventsRequestEntry.builder()
                                        .source("test")
                                        .detailType("t")
                                        .detail("{}")
                                        .build(),
                                PutEventsRequestEntry.builder()
                                        .source("test")
                                        .detailType("t")
                                        .detail("not json")
                                        .build()));

        assertThat(response.failedEntryCount()).isEqualTo(1);
        assertThat(response.entries().get(0).eventId()).isNotEmpty();
        assertThat(response.entries().get(1).errorCode()).isEqualTo("MalformedDetail");
    }

    private void rule(String bus, String name, String pattern, Target target) {
        aws.events.putRule(request -> request.eventBusName(bus).name(name).eventPattern(pattern));
        aws.events.putTargets(request -> request.eventBusName(bus).rule(name).targets(target));
    }

    private Target target(String queue) {
        return Target.builder().id(queue).arn(arn("sqs", queue)).build();
    }

    private PutEventsResponse putEvent(String bus, String detail) {
        return aws.events.putEvents(request ->
                request.entries(
                        PutEventsRequestEntry.builder()
                                .eventBusName(bus)
                                .source("test")
                                .detailType("Thing")
                                .detail(detail)
                                .build()));
    }

    private void subscribe(String topic, String queue, Map<String, String> attributes) {
        aws.sns.subscribe(request ->
                request.topicArn(topic)
                        .protocol("sqs")
                        .endpoint(arn("sqs", queue))
                        .attributes(attributes));
    }

    private void publish(String topic, String message, String kind) {
        aws.sns.publish(request ->
                request.topicArn(topic)
                        .message(message)
                        .messageAttributes(
                                Map.of(
                                        "kind",
                                        MessageAttributeValue.builder()
                                                .dataType("String")
                                                .stringValue(kind)
                                                .build())));
    }

    private String createQueue(String name) {
        return aws.sqs.createQueue(request -> request.queueName(name)).queueUrl();
    }

    private String arn(String service, String name) {
        return "arn:aws:" + service + ":us-east-1:" + aws.account() + ":" + name;
    }

    private List<Message> receive(String queue) {
        return aws.sqs
                .receiveMessage(request -> request.queueUrl(queue).maxNumberOfMessages(10))
                .messages();
    }

    private Message receiveOnly(String queue) {
        List<Message> messages = receive(queue);
        assertThat(messages).hasSize(1);
        return messages.getFirst();
    }
}
