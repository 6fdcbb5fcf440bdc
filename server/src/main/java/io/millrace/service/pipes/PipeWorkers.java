package io.millrace.service.pipes;

import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Watch;
import io.millrace.log.Log;
import io.millrace.storage.Worker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Runs pipes on this server: one virtual thread that sleeps until a pipe or a lease changes, takes
/// the leases of pipes that are at work and that nobody runs, and gives each a [PipeThread]. A
/// second thread tells other servers, when they ask, that this one lives.
final class PipeWorkers implements AutoCloseable {
    private static final Log LOG = Log.of(PipeWorkers.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final PipeSteps steps;
    private final Store store;
    private final Leases leases;
    private final Map<Long, PipeThread> running = new ConcurrentHashMap<>();
    private @Nullable Bell bell;
    private final Worker answering;
    private @Nullable Worker dispatcher;
    private boolean marked; // the dispatcher's

    PipeWorkers(PipeSteps steps, Leases leases) {
        this.steps = steps;
        this.store = steps.parts().store();
        this.leases = leases;
        this.answering = new Worker(store, "pipes-answers", leases.questions(), this::answer);
    }

    void start() {
        Bell changes =
                new Bell(
                        List.of(store.watch(PipesKeys.allWork()), store.watch(PipesKeys.leases())));
        bell = changes;
        Worker dispatching = new Worker(store, "pipes", _ -> dispatch(changes));
        dispatcher = dispatching;
        dispatching.start();
        answering.start();
    }

    void clockMoved() {
        running.values().forEach(PipeThread::clockMoved);
        Bell ringing = bell;
        if (ringing != null) {
            ringing.ring();
        }
    }

    /// Lets batches that are under way end, for a short time; what does not comes again.
    @Override
    public void close() {
        if (dispatcher != null) {
            dispatcher.close(); // first, so that it takes no lease that is given back
        }
        running.values().forEach(PipeThread::leave);
        try {
            for (PipeThread each : List.copyOf(running.values())) {
                each.join(CLOSE_PATIENCE);
            }
        } catch (InterruptedException _) { // the caller wants out
            Thread.currentThread().interrupt();
        }
        answering.close();
        if (bell != null) {
            bell.close();
        }
    }

    private void answer(Watch questions) throws InterruptedException {
        leases.answer();
        questions.await(PipesLimits.WAIT_MAX);
    }

    private void dispatch(Bell changes) throws InterruptedException {
        if (!marked) {
            StoredPipes.markWork(store);
            marked = true;
        }
        changes.await(dispatch() ? PipesLimits.WAIT_MAX : PipesLimits.ASK_PAUSE);
    }

    /// False when another server has pipes that are to be asked for again.
    private boolean dispatch() {
        boolean ours = true;
        for (StoredPipe pipe : store.read(tx -> StoredPipes.atWork(tx, running.keySet()))) {
            Leases.Lease lease = leases.take(pipe.number());
            if (lease == null) {
                ours = false;
            } else {
                PipeThread thread = new PipeThread(steps, pipe, lease, this::ended);
                running.put(pipe.number(), thread);
                start(thread);
            }
        }
        return ours;
    }

    private void start(PipeThread thread) {
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) { // for want of memory, which passes
                running.remove(thread.number(), thread);
            }
        }
    }

    /// Gives the lease back, which wakes whoever has something to do for the pipe meanwhile.
    private void ended(PipeThread thread) {
        running.remove(thread.number(), thread);
        try {
            leases.release(thread.number(), thread.lease());
        } catch (StoreException e) {
            LOG.info("Pipes ended with the store", "cause", e.getMessage());
        } catch (RuntimeException | Error e) { // such as want of memory
            LOG.error("A lease was not given back by our own fault", e);
            if (bell != null) {
                bell.ring(); // the lease is this server's, who takes the pipe up again
            }
        }
    }
}
