package io.millrace.service.pipes;

import io.millrace.engine.StoreException;
import io.millrace.engine.Watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes one thread that waits for several things: a change under any of some keys, or anyone who
/// rings. What rings while nobody waits is not lost. Each watch costs a parked virtual thread.
final class Bell implements AutoCloseable {
    private final Semaphore rung = new Semaphore(0);
    private final List<Thread> watchers = new ArrayList<>();

    /// Watches from now on.
    Bell(List<Watch> watches) {
        for (Watch watch : watches) {
            watchers.add(Thread.ofVirtual().name("pipe-bell").start(() -> follow(watch)));
        }
    }

    void ring() {
        if (rung.availablePermits() == 0) {
            rung.release();
        }
    }

    /// Waits until it is rung, or was since it was last waited for, or the time is over.
    void await(Duration timeout) throws InterruptedException {
        if (!timeout.isZero() && rung.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            rung.drainPermits();
        }
    }

    @Override
    public void close() {
        watchers.forEach(Thread::interrupt);
    }

    private void follow(Watch watch) {
        try (watch) {
            while (true) { // ends by interrupt, or with the store
                if (watch.await(PipesLimits.WAIT_MAX)) {
                    ring();
                }
            }
        } catch (InterruptedException _) { // close() asks to end
            Thread.currentThread().interrupt();
        } catch (StoreException _) {
            ring(); // whoever waits meets the same failure
        }
    }
}
