package io.millrace.service.sqs;

import io.millrace.delivery.Renderings;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.log.Log;
import io.millrace.pattern.Arn;
import io.millrace.service.sqs.MoveTasks.Active;
import io.millrace.storage.SetAside;
import io.millrace.storage.UnreadableException;
import io.millrace.storage.Worker;
import io.millrace.wire.Ids;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// Does the move tasks there are, a page of each in turn. Asleep until there is one, or until the
/// rate of one lets it go on; a cancellation wakes it.
final class MoveWorker implements AutoCloseable {
    private static final Log LOG = Log.of(MoveWorker.class);
    private static final Duration PAUSE_WITHOUT_TASKS = Duration.ofDays(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final int TASKS_PER_PASS_MAX = 1_000;

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final Ordinals ordinals;
    private final Enqueue enqueue;
    private final Renderings renderings;
    private final Worker worker;

    MoveWorker(
            Store store,
            InstantSource clock,
            Ids ids,
            Ordinals ordinals,
            Enqueue enqueue,
            Renderings renderings) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.ordinals = ordinals;
        this.enqueue = enqueue;
        this.renderings = renderings;
        this.worker = new Worker(store, "sqs-moves", SqsKeys.activeMoves(), this::step);
    }

    void start() {
        worker.start();
    }

    @Override
    public void close() {
        worker.close();
    }

    private void step(Watch changes) throws InterruptedException {
        Duration pause = pass();
        if (pause.isPositive()) {
            changes.await(pause);
        }
    }

    /// Does one page of each task that may go on.
    ///
    /// @return how long there is nothing to do
    Duration pass() {
        long next = Long.MAX_VALUE;
        for (Active active : store.read(tx -> MoveTasks.allActive(tx, TASKS_PER_PASS_MAX))) {
            try {
                next = Math.min(next, turn(active.task()));
            } catch (UnreadableException e) {
                SetAside.put(store, active.key(), active.value(), e);
            }
        }
        return next == Long.MAX_VALUE
                ? PAUSE_WITHOUT_TASKS
                : Duration.ofMillis(next - clock.millis());
    }

    /// Does a page of a task, unless it waits.
    ///
    /// @return when it goes on
    private long turn(MoveTask task) {
        long now = clock.millis();
        if (task.status() == MoveTask.Status.RUNNING && task.nextMillis() > now) {
            return task.nextMillis();
        }
        return step(task, now) ? 0 : now + PAUSE_AFTER_FAILURE.toMillis();
    }

    /// False when it failed.
    private boolean step(MoveTask task, long nowMillis) {
        try {
            MoveLook look = look(task, nowMillis);
            store.write(tx -> page(tx, task, look, nowMillis));
            return true;
        } catch (StoreException | UnreadableException e) {
            throw e;
        } catch (RuntimeException | Error e) { // such as want of memory
            LOG.error("A page of a move task failed", e, "source", task.sourceArn());
            return false;
        }
    }

    /// What is to end is ended without a look, which may be what fails.
    private MoveLook look(MoveTask task, long nowMillis) {
        if (task.status() != MoveTask.Status.RUNNING || MovePage.isTooLong(task, nowMillis)) {
            return new MoveLook(task.next(), List.of(), task.next(), false);
        }
        MoveFilter filter = task.filter();
        int countMax = filter == null ? task.pageCountMax() : SqsLimits.MOVE_PAGE;
        MoveLook look =
                store.read(tx ->
                        MoveLook.read(
                                tx, task.sourceNumber(), task.next(), task.startStamp(), countMax));
        return filter == null ? look : look.filtered(filter.compile(renderings));
    }

    private boolean page(Transaction tx, MoveTask task, MoveLook look, long nowMillis) {
        Queue source = Arn.parse(task.sourceArn()).map(arn -> Queues.byArn(tx, arn)).orElse(null);
        if (source == null || source.number() != task.sourceNumber()) {
            return false; // deleted meanwhile, with its tasks
        }
        new MovePage(tx, source, look, enqueue, ordinals, ids, nowMillis).move();
        return true;
    }
}
