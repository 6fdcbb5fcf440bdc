package io.millrace.service.pipes;

import io.millrace.engine.StoreException;
import io.millrace.log.Log;

import java.time.Duration;
import java.util.List;

/// Takes batch after batch of one lane through a pipe, on a virtual thread.
final class LaneThread {
    private static final Log LOG = Log.of(LaneThread.class);

    private final Run run;
    private final Lane lane;
    private final Bell faults = new Bell(List.of());
    private final Runnable ended;
    private final Thread thread;
    private volatile boolean leaving;

    /// @param ended is told when the lane is finished, or cannot go on
    LaneThread(Run run, Lane lane, Runnable ended) {
        this.run = run;
        this.lane = lane;
        this.ended = ended;
        this.thread = Thread.ofVirtual().name("pipe-lane").start(this::work);
    }

    void clockMoved() {
        lane.clockMoved();
        faults.ring();
    }

    /// Ends it when the batch that is under way is through.
    void leave() {
        leaving = true;
        lane.leave();
        faults.ring();
    }

    /// Cuts calls off that are under way: what they were for comes again.
    void interrupt() {
        thread.interrupt();
    }

    boolean join(Duration patience) throws InterruptedException {
        return thread.join(patience);
    }

    private void work() {
        try (lane) {
            while (!leaving && !lane.isFinished()) {
                turn();
            }
        } catch (Leases.LostException _) {
            LOG.info("A pipe is run by another server now", "pipe", run.pipe().arn());
        } catch (InterruptedException _) { // asked to end
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.info("A pipe ended with the store", "cause", e.getMessage());
        } finally {
            ended.run();
        }
    }

    private void turn() throws InterruptedException {
        try {
            lane.turn(PipesLimits.WAIT_MAX);
        } catch (Leases.LostException | StoreException e) {
            throw e;
        } catch (RuntimeException | Error e) { // such as want of memory
            LOG.error("A batch of a pipe failed by our own fault", e, "pipe", run.pipe().arn());
            faults.await(PipesLimits.FAULT_PAUSE);
        }
    }
}
