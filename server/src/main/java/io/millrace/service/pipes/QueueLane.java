package io.millrace.service.pipes;

import io.millrace.api.pipes.PipeSourceSqsQueueParameters;
import io.millrace.delivery.QueueConsumer;
import io.millrace.delivery.QueueSource;
import io.millrace.delivery.QueueSource.Received;
import io.millrace.delivery.SourceException;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A consumer of a queue. A message is deleted in the transaction that delivers it, where its
/// target is in the store, so that it comes exactly once; where the target is called, after the
/// call.
///
/// What fails stays in flight until its visibility timeout is over; how often it comes again is for
/// the queue's redrive policy to say. In a FIFO queue nothing of a group is delivered behind what
/// failed of it.
final class QueueLane implements Lane {
    private final Run run;
    private final Store store;
    private final QueueSource queues;
    private final Arn queue;
    private final int batchSize;
    private final long windowMillis;
    private final QueueConsumer consumer = new QueueConsumer();
    private final Bell bell = new Bell(List.of());
    private final List<Received> held = new ArrayList<>();
    private long windowEndMillis;
    private long restUntilMillis;
    private int failureCount;
    private volatile boolean left;

    QueueLane(Run run) {
        this.run = run;
        this.store = run.parts().store();
        this.queues = run.parts().queues();
        this.queue = run.pipe().settings().sourceArn();
        PipeSourceSqsQueueParameters parameters = run.pipe().settings().queue();
        Integer size = parameters.batchSize();
        Integer window = parameters.maximumBatchingWindowInSeconds();
        this.batchSize = size == null ? PipesLimits.QUEUE_BATCH_DEFAULT : size;
        this.windowMillis = window == null ? 0 : window * 1000L;
    }

    @Override
    public boolean isFinished() {
        return false;
    }

    @Override
    public void leave() {
        left = true;
        consumer.leave();
        bell.ring();
    }

    @Override
    public void clockMoved() {
        bell.ring(); // a wait in the queue's own line is the queue's to wake
    }

    @Override
    public boolean turn(Duration patience) throws InterruptedException {
        long restMillis = restUntilMillis - nowMillis();
        if (restMillis > 0) {
            bell.await(min(patience, restMillis));
            return false;
        }
        try {
            if (!collect(patience)) {
                return false;
            }
        } catch (SourceException e) {
            Failure failure = Failure.ours("SourceFailed", e.reason());
            commit(tx -> {
                StoredPipes.putTrouble(tx, run.pipe(), failure.text());
                return null;
            });
            rest(failure, PipesLimits.SOURCE_PAUSE);
            return false;
        }
        List<Received> batch = List.copyOf(held);
        held.clear();
        move(batch);
        return true;
    }

    /// Whether there is a batch: a full one, or what came until its window was over.
    private boolean collect(Duration patience) {
        while (!left && held.size() < batchSize) {
            Duration wait = patience;
            if (!held.isEmpty()) {
                long windowLeft = windowEndMillis - nowMillis();
                if (windowLeft <= 0) {
                    break;
                }
                wait = min(patience, windowLeft);
            }
            List<Received> received = receive(wait);
            if (received.isEmpty() && (held.isEmpty() || (wait.isZero() && windowMillis > 0))) {
                return false;
            }
            if (held.isEmpty()) {
                windowEndMillis = nowMillis() + windowMillis;
            }
            held.addAll(received);
            if (windowMillis == 0) {
                break;
            }
        }
        return !left && !held.isEmpty();
    }

    private List<Received> receive(Duration patience) {
        int countMax = Math.min(batchSize - held.size(), PipesLimits.RECEIVE_MAX);
        return queues.receive(
                new QueueSource.Poll(
                        queue,
                        run.pipe().settings().roleArn(),
                        countMax,
                        patience,
                        Duration.ofMillis(windowMillis)),
                consumer);
    }

    private void move(List<Received> batch) throws InterruptedException {
        List<PipeEvent> events = new ArrayList<>();
        Map<Integer, PipeEvent> dropped = new HashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            PipeEvent event = SourceEvents.of(i, queue, batch.get(i));
            if (run.stages().passesFilter(event)) {
                events.add(event);
            } else {
                dropped.put(i, event);
            }
        }
        PipeLog log = run.log();
        if (events.isEmpty()) {
            commit(tx -> {
                drop(tx, batch, dropped);
                return null;
            });
            return;
        }
        log.started(events);
        Passage passage = run.stages().pass(events, log);
        settle(batch, dropped, passage, log);
    }

    private interface Body {
        @Nullable Failure run(Transaction tx);
    }

    private @Nullable Failure commit(Body body) {
        return store.<@Nullable Failure>write(tx -> {
            run.check(tx);
            return body.run(tx);
        });
    }

    private void settle(
            List<Received> batch, Map<Integer, PipeEvent> dropped, Passage passage, PipeLog log) {
        if (!passage.outputs().isEmpty()) {
            log.targetEntered(passage.outputs());
        }
        Failure failure;
        try {
            failure =
                    commit(tx -> {
                        drop(tx, batch, dropped);
                        Failure failed =
                                passage.enriched()
                                        ? deliverWhole(tx, batch, dropped, passage)
                                        : deliverEach(tx, batch, passage);
                        if (failed == null) {
                            end(tx, log, passage);
                        }
                        return failed;
                    });
        } catch (Undelivered e) {
            failure = e.failure();
        }
        if (failure == null) {
            failureCount = 0;
            return;
        }
        Failure told = failure;
        PipeLog ended = log.failed(told, !passage.enriched() && batch.size() > 1);
        commit(tx -> {
            ended.write(tx, run.parts().delivery());
            StoredPipes.putTrouble(tx, run.pipe(), told.text());
            return null;
        });
        rest(failure, PipesLimits.REST_MAX);
    }

    private void end(Transaction tx, PipeLog log, Passage passage) {
        StoredPipes.putTrouble(tx, run.pipe(), null);
        log.succeeded(!passage.outputs().isEmpty()).write(tx, run.parts().delivery());
    }

    /// Each message with its own end; tells the first failure.
    private @Nullable Failure deliverEach(Transaction tx, List<Received> batch, Passage passage) {
        Failure first = null;
        Set<String> stuck = new HashSet<>();
        Map<Integer, Output> outputs = new HashMap<>();
        passage.outputs().forEach(output -> outputs.put(output.event().index(), output));
        int at = 0;
        for (Output output : passage.outputs()) {
            Received message = batch.get(output.event().index());
            String group = message.orderedGroup();
            boolean called = at++ < passage.calledCount();
            if (!queues.isHeld(tx, queue, message.receiptHandle())
                    || (group != null && stuck.contains(group))) {
                continue;
            }
            Failure failure = null;
            if (run.stages().isInStore()) {
                failure = run.parts().delivery().deliver(tx, run.pipe(), output);
            } else if (!called) {
                failure = passage.failure();
            }
            if (failure == null) {
                queues.delete(tx, queue, message.receiptHandle());
                if (!run.stages().isInStore()) {
                    run.parts().trace().delivered(tx, run.pipe(), output.event(), "");
                }
                continue;
            }
            if (run.stages().isInStore() || failure.isOurs()) {
                run.parts().trace().failed(tx, run.pipe(), output.event().id(), failure);
            }
            first = first == null ? failure : first;
            if (group != null) {
                stuck.add(group);
            }
        }
        return first == null ? passage.failure() : first;
    }

    /// All outputs and all messages, or nothing.
    private @Nullable Failure deliverWhole(
            Transaction tx,
            List<Received> batch,
            Map<Integer, PipeEvent> dropped,
            Passage passage) {
        if (passage.failure() != null) {
            throw new Undelivered(passage.failure());
        }
        for (int i = 0; i < batch.size(); i++) {
            String handle = batch.get(i).receiptHandle();
            if (dropped.containsKey(i)) {
                continue;
            }
            if (!queues.isHeld(tx, queue, handle)) {
                throw new Undelivered(
                        Failure.ours(
                                "Timeout", "The message became visible before it got through."));
            }
            queues.delete(tx, queue, handle);
        }
        for (Output output : passage.outputs()) {
            Failure failure =
                    run.stages().isInStore()
                            ? run.parts().delivery().deliver(tx, run.pipe(), output)
                            : null;
            if (failure != null) {
                throw new Undelivered(failure);
            }
        }
        return null;
    }

    /// Deletes what the filters do not want.
    private void drop(Transaction tx, List<Received> batch, Map<Integer, PipeEvent> dropped) {
        dropped.forEach((index, event) -> {
            String handle = batch.get(index).receiptHandle();
            if (queues.isHeld(tx, queue, handle)) {
                queues.delete(tx, queue, handle);
                run.parts().trace().filtered(tx, run.pipe(), event);
            }
        });
    }

    private void rest(Failure failure, Duration max) {
        failureCount++;
        Duration rest = Backoff.after(failureCount, max, run.parts().random());
        Duration asked = failure.retryAfter();
        restUntilMillis =
                nowMillis() + Math.max(rest.toMillis(), asked == null ? 0 : asked.toMillis());
    }

    private long nowMillis() {
        return run.parts().clock().millis();
    }

    private static Duration min(Duration patience, long millis) {
        return patience.toMillis() <= millis ? patience : Duration.ofMillis(millis);
    }

    @Override
    public void close() {
        bell.close();
        if (!held.isEmpty()) {
            List<String> handles = held.stream().map(Received::receiptHandle).toList();
            held.clear();
            store.<@Nullable Void>write(tx -> {
                queues.release(tx, queue, handles);
                return null;
            });
        }
    }
}
