package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ForwardingStore;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/// Crashes at every possible transaction of a move task, before and after its commit: each message
/// ends in exactly one queue, once, and in order.
///
/// Seen to fail with a page that adds and removes in two transactions (messages come twice), and
/// with the task's progress in a transaction of its own (it counts too few).
class MoveTaskCrashTest {

    private static final int MESSAGES = 230;

    /// A store whose power fails at times: the transaction is lost, or its answer is.
    private static final class Failing implements ForwardingStore {
        private final Store store;
        private final Random random;
        private boolean armed;

        private Failing(Store store, long seed) {
            this.store = store;
            this.random = new Random(seed);
        }

        @Override
        public <T extends @Nullable Object> T read(Function<? super Snapshot, ? extends T> body) {
            return store.<T>read(body);
        }

        @Override
        public <T extends @Nullable Object> Committed<T> commit(
                Function<? super Transaction, ? extends T> body) {
            int chance = armed ? random.nextInt(3) : 2;
            if (chance == 0) {
                throw new StoreException("the power failed before the commit");
            }
            Committed<T> committed = store.<T>commit(body);
            if (chance == 1) {
                throw new StoreException("the power failed after the commit");
            }
            return committed;
        }

        @Override
        public Store store() {
            return store;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyMessageIsMovedOnceWhereverThePowerFails(long seed) {
        boolean fifo = seed % 2 == 0;
        String suffix = fifo ? ".fifo" : "";
        Failing store = new Failing(new MemoryStore(), seed);
        QueueFixture fixture = new QueueFixture(store, true);
        DeadLetters queues = new DeadLetters(fixture);
        String dead = fifo ? fixture.createFifo("dead.fifo", Map.of()) : fixture.create("dead");
        String source =
                fifo
                        ? queues.fifoSource("source.fifo", "dead.fifo")
                        : queues.source("source", "dead");
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            String body = "m" + i;
            sent.add(body);
            if (fifo) {
                fixture.sendFifo(dead, body, "g" + i % 3, body);
            } else {
                fixture.send(dead, body);
            }
        }
        queues.start("dead" + suffix, "source" + suffix, 500);

        store.armed = true;
        int crashCount = crashUntilMoved(fixture, dead);
        store.armed = false;

        assertThat(crashCount).as("crashes of seed " + seed).isPositive();
        assertThat(fixture.counts(source)).isEqualTo(MESSAGES + " 0 0");
        List<String> moved = queues.drain(source);
        if (fifo) {
            for (int group = 0; group < 3; group++) {
                String name = "g" + group;
                assertThat(ofGroup(moved, name)).isEqualTo(ofGroup(sent, name));
            }
            Collections.sort(moved);
            Collections.sort(sent);
        }
        assertThat(moved).isEqualTo(sent);
        MoveTask task =
                store.<List<MoveTask>>read(tx ->
                                MoveTasks.latest(
                                        tx,
                                        MoveTasks.queue(
                                                tx, "SourceArn", QueueFixture.arn("dead" + suffix)),
                                        1))
                        .getFirst();
        assertThat(task.status()).isEqualTo(MoveTask.Status.COMPLETED);
        assertThat(task.movedCount()).isEqualTo(MESSAGES);
    }

    /// Each crash is followed by a restart, which knows only what is in the store.
    private static int crashUntilMoved(QueueFixture fixture, String dead) {
        int crashCount = 0;
        QueueFixture running = fixture.afterRestart();
        for (int i = 0; i < 100; i++) {
            try {
                running.sqs.moveMessages();
            } catch (StoreException _) {
                crashCount++;
                running = fixture.afterRestart();
            }
            fixture.clock.passSeconds(1);
        }
        assertThat(fixture.counts(dead)).isEqualTo("0 0 0");
        return crashCount;
    }

    private static List<String> ofGroup(List<String> bodies, String group) {
        return bodies.stream()
                .filter(body -> ("g" + Integer.parseInt(body.substring(1)) % 3).equals(group))
                .toList();
    }
}
