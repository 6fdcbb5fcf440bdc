package io.millrace.service.pipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;
import io.millrace.api.pipes.PipeSourceDynamoDBStreamParameters;
import io.millrace.api.pipes.PipeSourceParameters;
import io.millrace.api.pipes.PipeTargetParameters;
import io.millrace.engine.Bytes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;

/// Pipes as servers run them, on threads of their own: what comes wakes them.
@Timeout(60)
final class PipeWorkersTest {
    private final PipesFixture aws = new PipesFixture();
    private final String in = aws.queue("in");
    private final String out = aws.queue("out");

    private void createBoth() {
        aws.create(
                PipesFixture.pipe("queue", in, out)
                        .targetParameters(
                                PipeTargetParameters.builder().inputTemplate("<$.body>").build()));
        aws.create(
                PipesFixture.pipe("table", aws.table("tab"), out)
                        .sourceParameters(
                                PipeSourceParameters.builder()
                                        .dynamoDBStreamParameters(
                                                PipeSourceDynamoDBStreamParameters.builder()
                                                        .startingPosition("TRIM_HORIZON")
                                                        .build())
                                        .build())
                        .targetParameters(
                                PipeTargetParameters.builder()
                                        .inputTemplate("<$.dynamodb.Keys.p.S>")
                                        .build()));
    }

    private void put(String name) {
        aws.db.put("tab", "{'p': {'S': '" + name + "'}, 's': {'N': '1'}}");
    }

    @Test
    void wakesWhenSomethingComes() {
        try (Pipes pipes = aws.pipes("only")) {
            pipes.start();
            createBoth();

            aws.send("in", "first");
            assertThat(aws.await("out")).isEqualTo("first");
            put("second");
            assertThat(aws.await("out")).isEqualTo("second");
            aws.db.rollShards();
            put("third");
            assertThat(aws.await("out")).isEqualTo("third");
            aws.send("in", "fourth");
            assertThat(aws.await("out")).isEqualTo("fourth");
        }
    }

    @Test
    void takesUpThePipesOfAStoreWithoutMarks() {
        createBoth();
        aws.store.<Boolean>write(tx -> {
            tx.deleteRange(PipesKeys.allWork(), Bytes.prefixEnd(PipesKeys.allWork()));
            return true;
        });
        try (Pipes pipes = aws.pipes("only")) {
            pipes.start();

            aws.send("in", "first");
            assertThat(aws.await("out")).isEqualTo("first");
        }
    }

    @Test
    void anotherServerTakesOverWhenOneEnds() {
        Pipes first = aws.pipes("a");
        first.start();
        createBoth();
        aws.send("in", "1");
        assertThat(aws.await("out")).isEqualTo("1");
        try (Pipes second = aws.pipes("b")) {
            second.start();
            first.close();

            aws.send("in", "2");
            assertThat(aws.await("out")).isEqualTo("2");
            put("3");
            assertThat(aws.await("out")).isEqualTo("3");
        }
    }

    @Test
    void wantOfMemoryDoesNotEndALane() {
        aws.echoing = true;
        aws.faults.set(1);
        aws.create(PipesFixture.pipe("queue", in, out).enrichment(PipesFixture.DESTINATION));
        try (Pipes pipes = aws.pipes("only")) {
            pipes.start();
            aws.send("in", "first");
            Eventually.holds("the fault", () -> aws.faults.get() == 0);

            aws.db.clock().advance(Duration.ofMinutes(1)); // the message is received again
            pipes.clockMoved();

            assertThat(aws.await("out")).contains("first");
        }
    }
}
