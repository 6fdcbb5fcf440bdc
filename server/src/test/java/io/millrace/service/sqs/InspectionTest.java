package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.Message;
import io.millrace.http.Response;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Messages without receiving them, in LocalStack's form and in ours.
class InspectionTest {
    private static final String LOCAL = "/_aws/sqs/messages";
    private static final String OURS = "/_millrace/sqs/messages";

    private final QueueFixture fixture = new QueueFixture();
    private final PageCalls pages = PageCalls.unsigned(fixture);

    @Test
    void showsMessagesAsAReceiveWouldAndCountsNone() {
        String url = fixture.create("q");
        fixture.send(url, "m1");
        fixture.send(url, "m2");

        for (int i = 0; i < 3; i++) {
            JsonNode messages = shown(pages.json(LOCAL + "?QueueUrl=" + url));
            assertThat(messages.size()).isEqualTo(2);
            assertThat(messages.get(0).path("Body").asString()).isEqualTo("m1");
            assertThat(attribute(messages.get(0), "ApproximateReceiveCount")).isEqualTo("0");
        }

        assertThat(fixture.receiveOne(url).attributes())
                .containsEntry("ApproximateReceiveCount", "1");
    }

    @Test
    void showsWhatIsInFlightOrDelayedWhenAsked() {
        String url = fixture.create("q");
        fixture.send(url, "m1");
        fixture.send(url, "m2");
        fixture.sendDelayed(url, "m3", 10);
        fixture.receiveOne(url);
        String path = LOCAL + "/us-east-1/000000000000/q";

        JsonNode only = shown(pages.json(path));
        assertThat(only.path("Body").asString()).isEqualTo("m2");
        JsonNode all = shown(pages.json(path + "?ShowInvisible=true&ShowDelayed=True"));
        assertThat(all.size()).isEqualTo(3);
        assertThat(attribute(all.get(0), "IsVisible")).isEqualTo("false");
        assertThat(attribute(all.get(0), "ApproximateReceiveCount")).isEqualTo("1");
        assertThat(attribute(all.get(1), "IsVisible")).isEqualTo("true");
        assertThat(attribute(all.get(2), "IsDelayed")).isEqualTo("true");
    }

    @Test
    void speaksXmlAndJsonProtocolsAndNoOtherAction() {
        String url = fixture.create("q");
        fixture.send(url, "m1");

        Response xml = pages.send("GET", LOCAL + "?QueueUrl=" + url, Map.of(), "");
        assertThat(text(xml))
                .contains("<ReceiveMessageResult><Message><MessageId>")
                .contains("<Name>IsVisible</Name><Value>true</Value>");
        Response form =
                pages.send("POST", LOCAL, Map.of(), "Action=ReceiveMessage&QueueUrl=" + url);
        assertThat(text(form)).contains("<Body>m1</Body>");
        Map<String, String> target = Map.of("x-amz-target", "AmazonSQS.ReceiveMessage");
        Response json = pages.send("POST", LOCAL + "/", target, "{\"QueueUrl\": \"" + url + "\"}");
        assertThat(text(json)).startsWith("{\"Messages\":[{").contains("\"Body\":\"m1\"");
        Response refused = pages.send("POST", LOCAL, Map.of(), "Action=SendMessage");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(text(refused)).contains("<Code>InvalidRequest</Code>");
        Assertions.assertThatThrownBy(() ->
                        pages.send(
                                "POST",
                                LOCAL,
                                Map.of("x-amz-target", "AmazonSQS.SendMessage"),
                                "{}"))
                .isInstanceOf(ServiceException.class)
                .hasMessage("This endpoint only accepts ReceiveMessage calls");
        assertThat(fixture.counts(url)).isEqualTo("1 0 0");
    }

    @Test
    void tellsThatThereIsNoSuchQueue() {
        JsonNode json = pages.json(LOCAL);
        assertThat(json.path("ErrorResponse").path("Error").path("Code").asString())
                .isEqualTo("AWS.SimpleQueueService.NonExistentQueue");
        assertThat(pages.json(OURS + "?queue=none").path("code").asString())
                .isEqualTo("AWS.SimpleQueueService.NonExistentQueue");
        Response nonsense = pages.send("GET", LOCAL + "?QueueUrl=http://h/none", Map.of(), "");
        assertThat(nonsense.status()).isEqualTo(404);
        assertThat(text(nonsense)).contains("<Code>InvalidAddress</Code>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=0|limit must be a number from 1 to 1000.",
                "limit=1001|limit must be a number from 1 to 1000.",
                "limit=x|limit must be a number from 1 to 1000.",
                "state=lost|state must be one of visible, delayed, in flight, blocked.",
                "next=x|next is not one that a page told.",
            })
    void refusesWhatItCannotShow(String parameter, String message) {
        fixture.create("q");

        JsonNode refusal = pages.json(OURS + "?queue=q&" + parameter);

        assertThat(refusal.path("code").asString()).isEqualTo("InvalidParameterValue");
        assertThat(refusal.path("message").asString()).isEqualTo(message);
    }

    @Test
    void tellsEverythingAboutAMessage() {
        String dead = fixture.create("dead");
        DeadLetters queues = new DeadLetters(fixture);
        String source = queues.source("source", "dead");
        fixture.send(source, "poison");
        fixture.clock.passSeconds(5);
        queues.fail(source);
        Message received = fixture.receiveOne(dead);
        fixture.clock.passSeconds(10);

        JsonNode told = pages.json(OURS + "?queue=" + QueueFixture.arn("dead"));

        assertThat(told.path("inFlight").asInt()).isEqualTo(1);
        assertThat(told.path("next").isNull()).isTrue();
        JsonNode message = told.path("messages").get(0);
        assertThat(message.path("messageId").asString()).isEqualTo(received.messageId());
        assertThat(message.path("state").asString()).isEqualTo("in flight");
        assertThat(message.path("untilMillis").asLong()).isEqualTo(fixture.clock.millis() + 20_000);
        assertThat(message.path("ageSeconds").asInt()).isEqualTo(15);
        assertThat(message.path("receiveCount").asInt()).isEqualTo(2);
        assertThat(message.path("deadLetterSource").asString())
                .isEqualTo(QueueFixture.arn("source"));
        assertThat(message.path("body").asString()).isEqualTo("poison");
    }

    @Test
    void tellsStrangersByTheStatusThatTheyMayNot() {
        fixture.create("q");
        Caller stranger =
                new Caller(
                        "111122223333",
                        "us-east-1",
                        "arn:aws:iam::111122223333:user/stranger",
                        "AIDASTRANGER",
                        "request",
                        "http://localhost:4566");

        Response response =
                new PageCalls(fixture, stranger)
                        .send("GET", OURS + "?queue=" + QueueFixture.arn("q"), Map.of(), "");

        assertThat(response.status()).isEqualTo(403);
        assertThat(text(response)).contains("AccessDenied");
    }

    @Test
    void goesThroughAQueuePageByPage() {
        String url = fixture.create("q");
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            fixture.send(url, "m" + i);
            sent.add("m" + i);
        }

        List<String> seen = new ArrayList<>();
        String next = "";
        for (int i = 0; i < 3; i++) {
            JsonNode page = pages.json(OURS + "?queue=q&limit=10&next=" + next);
            page.path("messages").forEach(message -> seen.add(message.path("body").asString()));
            next = page.path("next").asString("");
        }

        assertThat(seen).isEqualTo(sent);
        assertThat(next).isEmpty();
    }

    @Test
    void tellsWhatWaitsBehindAGroupInFlight() {
        String url = fixture.createFifo("q.fifo", Map.of());
        fixture.sendFifo(url, "a1", "a", "1");
        fixture.sendFifo(url, "a2", "a", "2");
        fixture.sendFifo(url, "b1", "b", "3");
        fixture.receiveOne(url);

        List<String> states = new ArrayList<>();
        pages.json(OURS + "?queue=q.fifo")
                .path("messages")
                .forEach(message -> states.add(message.path("state").asString()));

        assertThat(states).containsExactly("in flight", "blocked", "visible");
        assertThat(pages.json(OURS + "?queue=q.fifo&state=blocked").path("messages").size())
                .isEqualTo(1);
    }

    private static JsonNode shown(JsonNode document) {
        return document.path("ReceiveMessageResponse").path("ReceiveMessageResult").path("Message");
    }

    private static String attribute(JsonNode message, String name) {
        for (JsonNode attribute : message.path("Attribute")) {
            if (attribute.path("Name").asString().equals(name)) {
                return attribute.path("Value").asString();
            }
        }
        return "";
    }

    private static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
