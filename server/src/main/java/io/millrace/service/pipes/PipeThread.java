package io.millrace.service.pipes;

import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Watch;
import io.millrace.log.Log;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Runs one pipe on a virtual thread, as long as it is at work and the lease is ours: carries it
/// from state to state, and keeps a thread for each lane of its source while it runs.
final class PipeThread {
    private static final Log LOG = Log.of(PipeThread.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

    private final PipeSteps steps;
    private final Store store;
    private final Leases.Lease lease;
    private final Consumer<PipeThread> ended;
    private final StoredPipe pipe;
    private final Map<Integer, LaneThread> lanes = new HashMap<>();
    private final Thread thread;
    private volatile @Nullable Bell bell;
    private volatile boolean closing;

    /// @param ended is told at the end
    PipeThread(PipeSteps steps, StoredPipe pipe, Leases.Lease lease, Consumer<PipeThread> ended) {
        this.steps = steps;
        this.store = steps.parts().store();
        this.pipe = pipe;
        this.lease = lease;
        this.ended = ended;
        this.thread = Thread.ofVirtual().name("pipe").unstarted(this::work);
    }

    long number() {
        return pipe.number();
    }

    Leases.Lease lease() {
        return lease;
    }

    void start() {
        thread.start();
    }

    void clockMoved() {
        synchronized (lanes) {
            lanes.values().forEach(LaneThread::clockMoved);
        }
    }

    /// Ends it, without waiting.
    void leave() {
        closing = true;
        Bell ringing = bell;
        if (ringing != null) {
            ringing.ring();
        }
    }

    void join(Duration patience) throws InterruptedException {
        thread.join(patience);
    }

    private void work() {
        try {
            while (!closing) {
                StoredPipe current = steps.settle(pipe, lease);
                if (current == null || current.currentState() != PipeState.RUNNING) {
                    return;
                }
                run(steps.run(current, lease));
            }
        } catch (Leases.LostException _) {
            LOG.info("A pipe is run by another server now", "pipe", pipe.arn());
        } catch (InterruptedException _) { // the server ends
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.info("A pipe ended with the store", "cause", e.getMessage());
        } catch (RuntimeException | Error e) { // such as want of memory
            LOG.error("A pipe ended by our own fault", e, "pipe", pipe.arn());
            rest();
        } finally {
            ended.accept(this);
        }
    }

    /// Before the pipe is taken up again.
    private void rest() {
        try (Bell changes = new Bell(List.of())) {
            bell = changes;
            changes.await(closing ? Duration.ZERO : PipesLimits.FAULT_PAUSE);
        } catch (InterruptedException _) { // the server ends
            Thread.currentThread().interrupt();
        }
    }

    /// Until the pipe changes, or the lease is lost.
    private void run(Run run) throws InterruptedException {
        Source source = steps.source(run.pipe());
        List<Watch> watches = new ArrayList<>(source.watches(run));
        watches.add(store.watch(run.pipe().key()));
        watches.add(store.watch(PipesKeys.lease(pipe.number())));
        try (Bell changes = new Bell(watches)) {
            bell = changes;
            while (!closing && isCurrent(run)) {
                keepLanes(run, source, changes);
                changes.await(PipesLimits.WAIT_MAX);
            }
        } finally {
            endLanes();
        }
    }

    /// @throws Leases.LostException when the pipe is another server's now
    private boolean isCurrent(Run run) {
        return store.read(tx -> {
            run.check(tx);
            StoredPipe current = StoredPipes.current(tx, run.pipe());
            return current != null && current.generation() == run.pipe().generation();
        });
    }

    private void keepLanes(Run run, Source source, Bell changes) {
        List<Integer> wanted = source.lanes(run);
        synchronized (lanes) {
            for (int number : wanted) {
                if (!lanes.containsKey(number)) {
                    Lane lane = source.lane(run, number);
                    lanes.put(number, new LaneThread(run, lane, changes::ring));
                }
            }
        }
    }

    private void endLanes() throws InterruptedException {
        List<LaneThread> all;
        synchronized (lanes) {
            all = List.copyOf(lanes.values());
            lanes.clear();
        }
        all.forEach(LaneThread::leave);
        for (LaneThread lane : all) {
            if (!lane.join(CLOSE_PATIENCE)) {
                lane.interrupt();
                lane.join(CLOSE_PATIENCE);
            }
        }
    }
}
