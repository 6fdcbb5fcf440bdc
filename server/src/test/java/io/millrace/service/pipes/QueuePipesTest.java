package io.millrace.service.pipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.pipes.PipeEnrichmentParameters;
import io.millrace.api.pipes.PipeSourceParameters;
import io.millrace.api.pipes.PipeSourceSqsQueueParameters;
import io.millrace.api.pipes.PipeTargetHttpParameters;
import io.millrace.api.pipes.PipeTargetParameters;
import io.millrace.api.pipes.PipeTargetSqsQueueParameters;
import io.millrace.delivery.RemoteTarget.Reply;
import io.millrace.service.dynamodb.DynamoDbFixture;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Pipes whose source is a queue.
final class QueuePipesTest {
    private final PipesFixture aws = new PipesFixture();
    private final String in = aws.queue("in");
    private final String out = aws.queue("out");

    private static PipeTargetParameters template(String template) {
        return PipeTargetParameters.builder().inputTemplate(template).build();
    }

    private static PipeSourceParameters batch(int size, int windowSeconds) {
        return PipeSourceParameters.builder()
                .sqsQueueParameters(new PipeSourceSqsQueueParameters(size, windowSeconds))
                .build();
    }

    @Test
    void movesEachMessageOnceAsARecord() {
        aws.create(PipesFixture.pipe("p", in, out));
        aws.send("in", "hello", "{\"a\": 1}");

        aws.settle();

        List<String> moved = aws.take("out");
        assertThat(moved).hasSize(2);
        JsonNode record = DynamoDbFixture.json(moved.getFirst());
        assertThat(record.get("body").stringValue()).isEqualTo("hello");
        assertThat(record.get("eventSource").stringValue()).isEqualTo("aws:sqs");
        assertThat(record.get("eventSourceARN").stringValue()).isEqualTo(in);
        assertThat(record.get("awsRegion").stringValue()).isEqualTo("us-east-1");
        assertThat(record.get("md5OfBody").stringValue())
                .isEqualTo("5d41402abc4b2a76b9719d911017c592");
        assertThat(record.get("attributes").get("ApproximateReceiveCount").stringValue())
                .isEqualTo("1");
        assertThat(DynamoDbFixture.json(moved.getLast()).get("body").stringValue())
                .isEqualTo("{\"a\": 1}");
        aws.db.clock().advance(Duration.ofMinutes(5));
        aws.settle();
        assertThat(aws.take("in")).isEmpty();
        assertThat(aws.take("out")).isEmpty();
    }

    @Test
    void deletesWhatTheFiltersDoNotWant() {
        aws.create(
                PipesFixture.pipe("p", in, out)
                        .sourceParameters(
                                PipesFixture.filtered(
                                        "{\"body\": {\"city\": [\"Oslo\"]}}",
                                        "{\"body\": [\"plain\"]}"))
                        .targetParameters(template("<$.body>")));
        aws.send("in", "{\"city\": \"Oslo\"}", "{\"city\": \"Rome\"}", "plain", "other", "\"x\"");

        aws.settle();

        assertThat(aws.take("out")).containsExactlyInAnyOrder("{\"city\": \"Oslo\"}", "plain");
        aws.db.clock().advance(Duration.ofMinutes(5));
        assertThat(aws.take("in")).isEmpty();
    }

    @Test
    void leavesWhatTheTargetRefusesToTheQueuesRedrivePolicy() {
        String dead = aws.queue("dead");
        aws.queue(
                "redriving",
                Map.of(
                        "VisibilityTimeout",
                        "30",
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\"" + dead + "\",\"maxReceiveCount\":\"2\"}"));
        String source = "arn:aws:sqs:us-east-1:000000000000:redriving";
        aws.create(PipesFixture.pipe("p", source, out));
        aws.deleteQueue("out");
        aws.send("redriving", "a");

        aws.settle();
        assertThat(aws.describe("p").stateReason()).contains("NonExistentQueue");
        for (int i = 0; i < 3; i++) {
            aws.db.clock().advance(Duration.ofMinutes(1));
            aws.settle();
        }

        assertThat(aws.take("dead")).containsExactly("a");
    }

    @Test
    void deliversByItsRoleWhatTheQueuesPolicyDoesNotDeny() {
        String policy =
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"%s\",\"Principal\":"
                        + "{\"Service\":\"%s\"},\"Action\":\"sqs:SendMessage\","
                        + "\"Resource\":\"*\"}]}";
        String others =
                aws.queue(
                        "others", Map.of("Policy", policy.formatted("Allow", "sns.amazonaws.com")));
        String denying =
                aws.queue(
                        "denying",
                        Map.of("Policy", policy.formatted("Deny", "pipes.amazonaws.com")));
        aws.create(PipesFixture.pipe("p", in, others));
        aws.send("in", "a");
        aws.settle();
        assertThat(aws.take("others")).hasSize(1);
        aws.delete("p");
        aws.settle();

        aws.create(PipesFixture.pipe("q", in, denying));
        aws.send("in", "b");
        aws.settle();

        assertThat(aws.take("denying")).isEmpty();
        assertThat(aws.describe("q").stateReason()).contains("AccessDenied");
    }

    @Test
    void forgetsItsTroubleWhenABatchGetsThrough() {
        aws.create(PipesFixture.pipe("p", in, out));
        aws.deleteQueue("out");
        aws.send("in", "a");
        aws.settle();
        assertThat(aws.describe("p").stateReason()).isNotNull();

        aws.queue("out");
        aws.db.clock().advance(Duration.ofMinutes(1));
        aws.settle();

        assertThat(aws.take("out")).hasSize(1);
        assertThat(aws.describe("p").stateReason()).isNull();
    }

    @Test
    void keepsTheOrderOfGroupsAlsoWhenSomethingFails() {
        aws.queue("ordered.fifo");
        String fifo = aws.queue("target.fifo");
        aws.create(
                PipesFixture.pipe("p", "arn:aws:sqs:us-east-1:000000000000:ordered.fifo", fifo)
                        .targetParameters(
                                PipeTargetParameters.builder()
                                        .inputTemplate("<$.body.n>")
                                        .sqsQueueParameters(
                                                new PipeTargetSqsQueueParameters(
                                                        "$.attributes.MessageGroupId", "$.body.id"))
                                        .build()));
        aws.sendTo("ordered.fifo", "x", "{\"n\":1,\"id\":\"i1\"}", "{\"n\":2}");
        aws.sendTo("ordered.fifo", "x", "{\"n\":3,\"id\":\"i3\"}");
        aws.sendTo("ordered.fifo", "y", "{\"n\":7,\"id\":\"i7\"}");

        aws.settle(); // 2 of x has no id

        assertThat(aws.take("target.fifo")).containsExactlyInAnyOrder("1", "7");
    }

    @Test
    void waitsForAFullBatchOrTheWindowsEnd() {
        aws.create(
                PipesFixture.pipe("p", in, out)
                        .sourceParameters(batch(3, 60))
                        .targetParameters(template("<$.body>")));
        aws.send("in", "a", "b");
        aws.settle();
        assertThat(aws.take("out")).isEmpty();

        aws.send("in", "c");
        aws.settle();
        assertThat(aws.take("out")).containsExactlyInAnyOrder("a", "b", "c");

        aws.send("in", "d");
        aws.settle();
        assertThat(aws.take("out")).isEmpty();
        aws.db.clock().advance(Duration.ofSeconds(61));
        aws.settle();
        assertThat(aws.take("out")).containsExactly("d");
    }

    @Test
    void callsAnApiDestinationWithParametersOfTheEvent() {
        aws.create(
                PipesFixture.pipe("p", in, PipesFixture.DESTINATION)
                        .sourceParameters(batch(1, 0))
                        .targetParameters(
                                PipeTargetParameters.builder()
                                        .inputTemplate("{\"id\": <$.body.id>}")
                                        .httpParameters(
                                                new PipeTargetHttpParameters(
                                                        List.of("$.body.id"),
                                                        Map.of("X-Name", "$.body.name"),
                                                        Map.of("fixed", "yes")))
                                        .build()));
        aws.send("in", "{\"id\": 7, \"name\": \"n\"}");

        aws.settle();

        assertThat(aws.calls).hasSize(1);
        assertThat(aws.calls.getFirst().body()).isEqualTo("{\"id\": 7}");
        assertThat(aws.calls.getFirst().pathValues()).containsExactly("7");
        assertThat(aws.calls.getFirst().headers()).containsEntry("X-Name", "n");
        assertThat(aws.calls.getFirst().query()).containsEntry("fixed", "yes");
        aws.db.clock().advance(Duration.ofMinutes(1));
        aws.settle();
        assertThat(aws.calls).hasSize(1);
    }

    @Test
    void callsAgainWhenTheDestinationRefused() {
        aws.create(
                PipesFixture.pipe("p", in, PipesFixture.DESTINATION).sourceParameters(batch(1, 0)));
        aws.replies.add(new Reply.Refused("SERVER_ERROR", "503", true, Duration.ofSeconds(20)));
        aws.send("in", "a");

        aws.settle();
        assertThat(aws.describe("p").stateReason()).isEqualTo("SERVER_ERROR: 503");
        aws.db.clock().advance(Duration.ofMinutes(1));
        aws.settle();

        assertThat(aws.calls).hasSize(2);
        assertThat(aws.describe("p").stateReason()).isNull();
    }

    @Test
    void deliversWhatTheEnrichmentAnswered() {
        aws.create(
                PipesFixture.pipe("p", in, out)
                        .enrichment(PipesFixture.DESTINATION)
                        .enrichmentParameters(
                                PipeEnrichmentParameters.builder()
                                        .inputTemplate("{\"ask\": <$.body>}")
                                        .build())
                        .targetParameters(template("{\"got\": <$.v>}")));
        aws.replies.add(new Reply.Answered(200, "[{\"v\": 1}, {\"v\": [2, \",]\"]}]"));
        aws.replies.add(new Reply.Answered(200, "{\"v\": \"one\"}"));
        for (String empty : List.of("", "\"\"", "{}", "[]", " { } ")) {
            aws.replies.add(new Reply.Answered(200, empty));
        }
        aws.send("in", "a", "b", "c", "d", "e", "f", "g");

        aws.settle();

        assertThat(aws.calls.getFirst().body()).isEqualTo("{\"ask\": \"a\"}");
        assertThat(aws.calls).hasSize(7);
        assertThat(aws.take("out"))
                .containsExactlyInAnyOrder(
                        "{\"got\": 1}", "{\"got\": [2, \",]\"]}", "{\"got\": \"one\"}");
        aws.db.clock().advance(Duration.ofMinutes(1));
        assertThat(aws.take("in")).isEmpty();
    }

    @Test
    void deliversNothingOfABatchOfWhichTheEnrichmentFailed() {
        aws.create(PipesFixture.pipe("p", in, out).enrichment(PipesFixture.DESTINATION));
        aws.replies.add(new Reply.Refused("CLIENT_ERROR", "404", false, null));
        aws.replies.add(new Reply.Answered(200, "ok"));
        aws.send("in", "a");

        aws.settle();
        assertThat(aws.take("out")).isEmpty();
        aws.db.clock().advance(Duration.ofMinutes(1));
        aws.settle();

        assertThat(aws.take("out")).containsExactly("ok");
    }

    @Test
    void takesUpAfterARestartWhatWasInFlight() {
        aws.create(PipesFixture.pipe("p", in, out).sourceParameters(batch(5, 100)));
        aws.send("in", "a", "b");
        aws.settle(); // both are held in memory, for the window

        aws.restart();
        aws.settle();
        assertThat(aws.take("out")).isEmpty();
        aws.db.clock().advance(Duration.ofMinutes(5));
        aws.settle();
        aws.db.clock().advance(Duration.ofSeconds(101));
        aws.settle();

        assertThat(aws.take("out")).hasSize(2);
    }
}
