package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sqs.ListMessageMoveTasksRequest;
import io.millrace.api.sqs.ListMessageMoveTasksResultEntry;
import io.millrace.api.sqs.MessageAttributeValue;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SqsApi;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Redrives of some messages only.
class RedriveTest {
    private static final String PATH = "/_millrace/sqs/redrive";

    private final QueueFixture fixture = new QueueFixture();
    private final DeadLetters queues = new DeadLetters(fixture);
    private final PageCalls pages = PageCalls.unsigned(fixture);
    private String dead = "";
    private String destination = "";

    @BeforeEach
    void create() {
        dead = fixture.create("dead");
        queues.source("source", "dead");
        destination = fixture.create("destination");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"bodyPattern\": {\"type\": [\"order\"]}} | o1 o2",
                "{\"bodyPattern\": {\"total\": [{\"numeric\": [\">\", 10]}]}} | o2",
                "{\"attributePattern\": {\"retry\": [{\"numeric\": [\"<\", 3]}]}} | o1 plain",
                "{\"attributePattern\": {\"retry\": [{\"exists\": false}]}} | o2",
                "{\"attributePattern\": {\"tags\": [\"b\"]}} | plain",
                "{\"bodyContains\": \"not JSON\"} | plain",
                "{\"bodyContains\": \"o1\", \"bodyPattern\": {\"type\": [\"order\"]}} | o1",
                "{\"bodyPattern\": {\"type\": [\"none\"]}} | ''",
            })
    void movesWhatMatchesAndTellsBefore(String conditions, String expected) {
        send("{\"id\": \"o1\", \"type\": \"order\", \"total\": 5}", Map.of("retry", number("1")));
        send("{\"id\": \"o2\", \"type\": \"order\", \"total\": 50}", Map.of());
        send(
                "plain, not JSON",
                Map.of("retry", number("2.5"), "tags", value("String.Array", "[\"a\",\"b\"]")));
        int count = expected.isEmpty() ? 0 : expected.split(" ").length;

        JsonNode told = redrive(conditions, "\"dryRun\": true");
        assertThat(told.path("matched").asInt()).isEqualTo(count);
        assertThat(told.path("samples").size()).isEqualTo(count);
        assertThat(told.path("complete").asBoolean()).isTrue();
        assertThat(fixture.counts(dead)).isEqualTo("3 0 0");

        String handle = redrive(conditions, "\"dryRun\": false").path("taskHandle").asString();
        assertThat(list().taskHandle()).isEqualTo(handle);
        fixture.sqs.moveMessages();

        assertThat(list().status()).isEqualTo("COMPLETED");
        assertThat(list().approximateNumberOfMessagesMoved()).isEqualTo(count);
        assertThat(fixture.bodies(destination)).hasSize(count);
        for (String part : expected.isEmpty() ? new String[0] : expected.split(" ")) {
            fixture.clock.passSeconds(31);
            assertThat(fixture.bodies(destination)).anyMatch(body -> body.contains(part));
        }
        fixture.clock.passSeconds(31);
        assertThat(fixture.bodies(dead)).hasSize(3 - count);
    }

    @Test
    void findsTheFewAmongTheManyAndKeepsToItsRate() {
        for (int i = 0; i < 250; i++) {
            fixture.send(dead, i % 50 == 7 ? "{\"pick\": 1}" : "{\"pick\": 0}");
        }

        redrive("{\"bodyPattern\": {\"pick\": [1]}}", "\"maxPerSecond\": 1");
        for (int i = 0; i < 5; i++) {
            fixture.afterRestart().sqs.moveMessages();
            fixture.afterRestart().sqs.moveMessages();
            fixture.afterRestart().sqs.moveMessages();
            assertThat(fixture.counts(destination)).isEqualTo(i + 1 + " 0 0");
            fixture.clock.passSeconds(1);
        }
        fixture.sqs.moveMessages();
        fixture.sqs.moveMessages();

        assertThat(list().status()).isEqualTo("COMPLETED");
        assertThat(fixture.counts(dead)).isEqualTo("245 0 0");
    }

    @Test
    void takesMessagesOutOfTheMiddleOfAGroupUnlessItIsInFlight() {
        String fifo = fixture.createFifo("dead.fifo", Map.of());
        queues.fifoSource("source.fifo", "dead.fifo");
        fixture.sendFifo(fifo, "x1", "blocked", "1");
        fixture.sendFifo(fifo, "pick 1", "blocked", "2");
        fixture.receiveOne(fifo);
        fixture.sendFifo(fifo, "x2", "free", "3");
        fixture.sendFifo(fifo, "pick 2", "free", "4");
        String target = fixture.createFifo("target.fifo", Map.of());

        pages.post(
                PATH,
                """
                {"sourceArn": "%s", "destinationArn": "%s", "bodyContains": "pick"}
                """
                        .formatted(QueueFixture.arn("dead.fifo"), QueueFixture.arn("target.fifo")));
        fixture.sqs.moveMessages();

        assertThat(fixture.bodies(target)).containsExactly("pick 2");
        assertThat(fixture.bodies(fifo)).containsExactly("x2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"bodyPattern\": {\"a\": \"b\"}} | bodyPattern is not valid",
                "{\"bodyPatern\": {\"a\": [\"b\"]}} | There is no member bodyPatern.",
                "{\"maxPerSecond\": 501} | between 1 and 500",
                "{\"maxPerSecond\": \"1\"} | between 1 and 500",
            })
    void refusesWhatItDoesNotUnderstand(String conditions, String message) {
        assertThat(redrive(conditions, "\"dryRun\": true").path("message").asString())
                .contains(message);
        assertThat(pages.post(PATH, "no").path("message").asString()).contains("a JSON object");
        assertThat(pages.post(PATH, "{\"dryRun\": true}").path("message").asString())
                .contains("SourceArn");
        assertThat(redrive("{}", "\"dryRun\": \"yes\"").path("message").asString())
                .isEqualTo("dryRun must be true or false.");
    }

    @Test
    void refusesPatternsThatAreTooLong() {
        String pattern = "{\"a\": [{\"wildcard\": \"*" + "a*".repeat(2_100) + "\"}]}";
        for (String name : List.of("bodyPattern", "attributePattern")) {
            String conditions = "{\"" + name + "\": " + pattern + "}";

            assertThat(redrive(conditions, "\"dryRun\": true").path("message").asString())
                    .isEqualTo(name + " must not have more than 4096 characters.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"bodyContains\": null}", "{\"bodyContains\": \"\"}"})
    void movesNothingWithoutAConditionButCountsAll(String conditions) {
        send("a", Map.of());
        send("b", Map.of());

        assertThat(redrive(conditions, "\"dryRun\": true").path("matched").asInt()).isEqualTo(2);
        assertThat(redrive(conditions, "\"dryRun\": false").path("message").asString())
                .contains("must have a condition")
                .contains("StartMessageMoveTask");
        fixture.sqs.moveMessages();

        assertThat(fixture.counts(dead)).isEqualTo("2 0 0");
    }

    private JsonNode redrive(String conditions, String more) {
        String rest = conditions.substring(1, conditions.length() - 1).strip();
        return pages.post(
                PATH,
                """
                {"sourceArn": "%s", "destinationArn": "%s", %s%s%s}
                """
                        .formatted(
                                QueueFixture.arn("dead"),
                                QueueFixture.arn("destination"),
                                rest,
                                rest.isEmpty() ? "" : ", ",
                                more));
    }

    private ListMessageMoveTasksResultEntry list() {
        return Objects.requireNonNull(
                        fixture.call(
                                        SqsApi.LIST_MESSAGE_MOVE_TASKS,
                                        ListMessageMoveTasksRequest.builder()
                                                .sourceArn(QueueFixture.arn("dead"))
                                                .build())
                                .results())
                .getFirst();
    }

    private void send(String body, Map<String, MessageAttributeValue> attributes) {
        fixture.call(
                SqsApi.SEND_MESSAGE,
                SendMessageRequest.builder()
                        .queueUrl(dead)
                        .messageBody(body)
                        .messageAttributes(attributes)
                        .build());
    }

    private static MessageAttributeValue number(String value) {
        return value("Number", value);
    }

    private static MessageAttributeValue value(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }
}
