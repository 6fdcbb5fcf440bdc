package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;
import io.millrace.Unreadable;
import io.millrace.engine.Bytes;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.service.dynamodb.TableJobs.Handler;
import io.millrace.service.dynamodb.TableJobs.Job;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class TableJobsTest {
    private static final byte[] COUNTER = {0x01, 0x01};

    /// Counts down from the state's number, adding one to a counter for each step.
    private static Handler countdown(Store store) {
        return job ->
                store.write(tx -> {
                    byte[] state = TableJobs.state(tx, job.kind(), job.id());
                    if (state == null) {
                        return true;
                    }
                    tx.add(COUNTER, 1);
                    if (state[0] == 1) {
                        TableJobs.remove(tx, job.kind(), job.id());
                    } else {
                        TableJobs.put(
                                tx,
                                new Job(job.kind(), job.id(), new byte[] {(byte) (state[0] - 1)}));
                    }
                    return true;
                });
    }

    private static void add(Store store, String kind, String id, int steps) {
        store.write(tx -> {
            TableJobs.put(tx, new Job(kind, id, new byte[] {(byte) steps}));
            return true;
        });
    }

    private static long counted(Store store) {
        return store.read(tx -> Bytes.counter(tx.get(COUNTER)));
    }

    @Test
    void doesEveryStepOfEveryJobAndForgetsIt() {
        Store store = new MemoryStore();
        add(store, "count", "a", 3);
        add(store, "count", "b", 2);
        TableJobs jobs = new TableJobs(store, Map.of("count", countdown(store)));

        jobs.pass();
        long afterOnePass = counted(store);
        jobs.finish();

        assertThat(afterOnePass).isEqualTo(2);
        assertThat(counted(store)).isEqualTo(5);
        boolean left = store.read(tx -> TableJobs.state(tx, "count", "a") != null);
        assertThat(left).isFalse();
    }

    @Test
    void isWokenByANewJobAndGoesOnAfterAFailure() throws InterruptedException {
        Store store = new MemoryStore();
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        Handler failing =
                job -> {
                    if (runs.incrementAndGet() == 1) {
                        throw new IllegalStateException("the first time fails");
                    }
                    store.write(tx -> {
                        TableJobs.remove(tx, job.kind(), job.id());
                        return true;
                    });
                    done.countDown();
                };
        try (TableJobs jobs = new TableJobs(store, Map.of("fail", failing))) {
            jobs.start();

            add(store, "fail", "a", 1);
            done.await();
        }

        assertThat(runs).hasValue(2);
    }

    /// Fails when a pass ends with the first fault: then "b" never has its turn.
    @Test
    @Timeout(60)
    void wantOfMemoryForOneJobDoesNotHoldUpTheOthers() throws InterruptedException {
        Store store = new MemoryStore();
        add(store, "fail", "a", 1);
        add(store, "fail", "b", 1);
        CountDownLatch reached = new CountDownLatch(1);
        Handler failing =
                job -> {
                    if (job.id().equals("b")) {
                        reached.countDown();
                    }
                    throw new InternalError("planted");
                };
        try (TableJobs jobs = new TableJobs(store, Map.of("fail", failing))) {
            jobs.start();

            reached.await();
        }
    }

    @Test
    @Timeout(60)
    void aJobOfAKindThatOnlyNewerVersionsKnowIsSetAside() {
        Store store = new MemoryStore();
        add(store, "newer", "a", 1);
        try (TableJobs jobs = new TableJobs(store, Map.of())) {
            jobs.start();
            Eventually.holds("it is set aside", () -> !Unreadable.setAside(store).isEmpty());
        }

        assertThat(Unreadable.setAside(store)).containsExactly(DynamoDbKeys.job("newer", "a"));
    }
}
