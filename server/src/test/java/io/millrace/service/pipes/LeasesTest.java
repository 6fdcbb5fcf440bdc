package io.millrace.service.pipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.pipes.PipeSourceDynamoDBStreamParameters;
import io.millrace.api.pipes.PipeSourceParameters;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// Servers that share a store.
final class LeasesTest {
    private final PipesFixture aws = new PipesFixture();
    private final Leases first = new Leases(aws.store, aws.db.clock(), "a");
    private final Leases second = new Leases(aws.store, aws.db.clock(), "b");

    @Test
    void oneServerHasIt() {
        assertThat(first.take(7)).isNotNull();

        assertThat(second.take(7)).isNull();
        assertThat(second.take(8)).isNotNull();
    }

    @Test
    void anOwnerThatAnswersKeepsIt() {
        first.take(7);
        for (int i = 0; i < 10; i++) {
            assertThat(second.take(7)).isNull();
            aws.db.clock().advance(Duration.ofSeconds(10));
            first.answer();
        }
        assertThat(second.take(7)).isNull();
    }

    @Test
    void anOwnerThatDoesNotAnswerLosesIt() {
        Leases.Lease lost = first.take(7);
        second.take(7);
        aws.db.clock().advance(PipesLimits.ANSWER_MAX);

        Leases.Lease taken = second.take(7);

        assertThat(taken).isNotNull();
        assertThat(lost).isNotNull();
        assertThatThrownBy(() -> check(lost)).isInstanceOf(Leases.LostException.class);
        check(taken);
        first.release(7, lost);
        check(taken);
    }

    private void check(Leases.Lease lease) {
        aws.store.<Boolean>read(tx -> {
            Leases.check(tx, 7, lease);
            return true;
        });
    }

    @Test
    void aServerThatComesBackTakesItsOwnAtOnceAndFencesItself() {
        Leases.Lease before = first.take(7);
        Leases.Lease after = new Leases(aws.store, aws.db.clock(), "a").take(7);

        assertThat(after).isNotNull();
        assertThat(before).isNotNull();
        check(after);
        assertThatThrownBy(() -> check(before)).isInstanceOf(Leases.LostException.class);
    }

    /// A server that was only slow goes on with a batch after another has taken the pipe.
    @Test
    void whatASlowServerDoesAfterItLostAPipeIsUndone() throws Exception {
        String stream = aws.table("tab");
        String out = aws.queue("out");
        aws.create(
                PipesFixture.pipe("p", stream, out)
                        .sourceParameters(
                                PipeSourceParameters.builder()
                                        .dynamoDBStreamParameters(
                                                PipeSourceDynamoDBStreamParameters.builder()
                                                        .startingPosition("TRIM_HORIZON")
                                                        .build())
                                        .build()));
        aws.settle();
        StoredPipe pipe = aws.store.read(StoredPipes::all).getFirst();
        Leases slow = new Leases(aws.store, aws.db.clock(), "first");
        Leases.Lease lease = slow.take(pipe.number());
        assertThat(lease).isNotNull();
        PipeSteps steps = aws.pipes.steps();
        Run run = steps.run(pipe, lease);
        aws.db.put("tab", "{'p': {'S': 'x'}, 's': {'N': '1'}}");
        try (Lane lane = steps.source(pipe).lane(run, 0)) {
            second.take(pipe.number());
            aws.db.clock().advance(PipesLimits.ANSWER_MAX);
            Leases.Lease taken = second.take(pipe.number());
            assertThat(taken).isNotNull();
            try (Lane other = steps.source(pipe).lane(steps.run(pipe, taken), 0)) {
                other.turn(Duration.ZERO);
            }

            assertThatThrownBy(() -> lane.turn(Duration.ZERO))
                    .isInstanceOf(Leases.LostException.class);
        }

        assertThat(aws.take("out")).hasSize(1);
    }
}
