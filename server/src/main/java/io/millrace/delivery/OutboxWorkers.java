package io.millrace.delivery;

import io.millrace.delivery.DeliveryKeys.Due;
import io.millrace.delivery.DeliveryKeys.Lane;
import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.engine.Bytes;
import io.millrace.engine.StoreException;
import io.millrace.engine.Watch;
import io.millrace.log.Log;
import io.millrace.storage.Worker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/// Carries out an outbox: a dispatcher for each shard, which sleeps until a lane opens; a runner
/// for each open lane, which sleeps until its next job is due; an attempt on its own virtual
/// thread. A lane knows nothing of others, and slow targets wait for slow ones ([AttemptPlaces]),
/// so that a slow target delays nobody else. An idle outbox costs parked virtual threads.
///
/// What fails by our own fault is logged and tried again after a pause: a job that cannot be read
/// or settled waits, and delays none but those behind it in an ordered lane.
public final class OutboxWorkers implements AutoCloseable {
    private static final Log LOG = Log.of(OutboxWorkers.class);

    private final Outbox outbox;
    private final Duration faultPause;
    private final List<Worker> dispatchers = new ArrayList<>();
    private final Set<Lane> running = ConcurrentHashMap.newKeySet();
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final AttemptPlaces places;
    private volatile boolean closing;

    public OutboxWorkers(Outbox outbox) {
        this(outbox, DeliveryLimits.SLOW_AFTER, Worker.FAULT_PAUSE);
    }

    OutboxWorkers(Outbox outbox, Duration slowAfter, Duration faultPause) {
        this.outbox = outbox;
        this.places = new AttemptPlaces(slowAfter, System::nanoTime);
        this.faultPause = faultPause;
    }

    /// Takes up what is owed, also from before a restart.
    public void start() {
        dispatchers.add(new Worker(outbox.store(), "outbox-places", _ -> places.giveUpOldest()));
        for (int shard = 0; shard < 2 * DeliveryKeys.SHARD_COUNT; shard++) {
            int dispatched = shard;
            dispatchers.add(
                    new Worker(
                            outbox.store(),
                            "outbox-shard-" + shard,
                            DeliveryKeys.lanes(shard),
                            lanes -> dispatch(dispatched, lanes),
                            faultPause));
        }
        dispatchers.forEach(Worker::start);
    }

    /// Lets the lanes that wait for a time look at the clock again.
    public void clockMoved() {
        for (Lane lane : running) {
            outbox.store()
                    .write(tx -> {
                        // nothing is there, but the range is the lane's: that wakes its watch
                        byte[] end = Bytes.prefixEnd(DeliveryKeys.dues(lane));
                        tx.deleteRange(DeliveryKeys.duesFrom(lane, Long.MAX_VALUE), end);
                        return lane;
                    });
        }
    }

    /// Interrupts attempts that are under way; they are made again after the next start.
    @Override
    public void close() {
        closing = true;
        dispatchers.forEach(Worker::close);
        workers.forEach(Thread::interrupt);
        for (Thread thread : workers) {
            try {
                thread.join(Duration.ofSeconds(5));
            } catch (InterruptedException _) { // the caller wants out
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (InterruptedException _) { // close() asks to end
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            if (!closing) {
                LOG.error("The outbox stopped: the store failed", e);
            }
        }
    }

    /// Does work in a thread of its own.
    ///
    /// @param undo when there is no thread to be had, for want of memory
    private void worker(String name, Work work, Runnable undo) {
        try {
            start(name, work);
        } catch (RuntimeException | Error e) {
            undo.run();
            throw e;
        }
    }

    private void start(String name, Work work) {
        Thread thread =
                Thread.ofVirtual()
                        .name(name)
                        .unstarted(() -> {
                            try {
                                guarded(work);
                            } finally {
                                workers.remove(Thread.currentThread());
                            }
                        });
        workers.add(thread);
        try {
            thread.start();
        } catch (RuntimeException | Error e) {
            workers.remove(thread);
            throw e;
        }
    }

    private void dispatch(int shard, Watch lanes) throws InterruptedException {
        for (Lane lane : outbox.lanes(shard)) {
            open(lane);
        }
        lanes.await(DeliveryLimits.WAIT_MAX);
    }

    private void open(Lane lane) {
        if (running.add(lane)) {
            worker("outbox-lane", () -> new Runner(lane).run(), () -> running.remove(lane));
        }
    }

    /// Runs one lane until it is empty for a while.
    ///
    /// What ends an attempt writes to the lane, which wakes this runner's watch; so the attempt's
    /// slot is free before that write, and an entry is kept from being taken twice until after it.
    private final class Runner {
        /// A job of an ordered lane that is under way, as it was when its attempt began.
        private record Standing(Due due, Outbox.State state) {}

        private final Lane lane;
        private final AttemptPlaces.Tempo tempo;
        private final Semaphore slots = new Semaphore(DeliveryLimits.ATTEMPTS_PER_TARGET);
        private final Set<Due> underWay = ConcurrentHashMap.newKeySet();
        private long fromMillis;
        private long nextSlotMillis;
        private @Nullable Due head; // of an ordered lane, where nothing older can come
        private final AtomicReference<@Nullable Standing> current = new AtomicReference<>();

        Runner(Lane lane) {
            this.lane = lane;
            this.tempo = places.recall(lane);
        }

        void run() throws InterruptedException {
            try (Watch watch = outbox.store().watch(DeliveryKeys.dues(lane))) {
                boolean more = true;
                while (more && !closing) {
                    more = turn(watch);
                }
            } finally {
                places.remember(lane, tempo);
                running.remove(lane);
            }
            if (!closing) {
                reopen();
            }
        }

        /// False when the lane is empty, and closed.
        private boolean turn(Watch watch) throws InterruptedException {
            try {
                Duration wait = lane.isOrdered() ? startFirst() : startDue();
                return watch.await(wait) || !underWay.isEmpty() || !outbox.close(lane);
            } catch (StoreException e) {
                throw e;
            } catch (RuntimeException | Error e) { // such as want of memory
                LOG.error("A lane of the outbox failed by our own fault", e, "lane", lane);
                Worker.pause(outbox.store(), faultPause);
                return true;
            }
        }

        /// A job that came between the lane's end and its leaving `running` woke nobody.
        private void reopen() {
            if (outbox.lanes(lane.shard()).contains(lane)) {
                open(lane);
            }
        }

        /// Starts an attempt for each job that is due, as far as there are slots; tells how long to
        /// wait for the next one.
        private Duration startDue() throws InterruptedException {
            long nowMillis = outbox.clock().millis();
            int countMax = underWay.size() + DeliveryLimits.ATTEMPTS_PER_TARGET + 1;
            List<Due> next = outbox.next(lane, fromMillis, countMax);
            skipPast(next, nowMillis);
            for (Due due : next) {
                if (due.dueMillis() > nowMillis) {
                    return Duration.ofMillis(due.dueMillis() - nowMillis);
                }
                if (underWay.contains(due)) {
                    continue;
                }
                if (nextSlotMillis > nowMillis) {
                    return Duration.ofMillis(nextSlotMillis - nowMillis);
                }
                AttemptPlaces.Place place = nextPlace();
                if (place == null) {
                    return DeliveryLimits.WAIT_MAX; // the end of an attempt of this lane wakes it
                }
                start(due, place, nowMillis);
            }
            return next.isEmpty() ? DeliveryLimits.LANE_LINGER : DeliveryLimits.WAIT_MAX;
        }

        /// A slot and a place for another attempt; null when an attempt under way has to end first.
        private AttemptPlaces.@Nullable Place nextPlace() throws InterruptedException {
            boolean isFirst = slots.availablePermits() == DeliveryLimits.ATTEMPTS_PER_TARGET;
            if (!slots.tryAcquire()) {
                return null;
            }
            AttemptPlaces.Place place = isFirst ? places.take(tempo) : places.tryTake(tempo);
            if (place == null) {
                slots.release();
            }
            return place;
        }

        /// In an ordered lane: starts an attempt for the first job, unless that is under way or
        /// waits for its retry; tells how long to wait.
        private Duration startFirst() throws InterruptedException {
            Due first = outbox.first(lane, head).orElse(null);
            if (first == null && head != null) { // a failed job may have been sent again
                first = outbox.first(lane, null).orElse(null);
            }
            head = first;
            if (first == null) {
                return DeliveryLimits.LANE_LINGER;
            }
            Outbox.State state = outbox.state(first).orElse(null);
            boolean isUnderWay = state != null && new Standing(first, state).equals(current.get());
            if (state == null || isUnderWay) { // its end writes to the lane, which wakes this watch
                return DeliveryLimits.WAIT_MAX;
            }
            long nowMillis = outbox.clock().millis();
            Long notBeforeMillis = state.notBeforeMillis();
            long dueMillis =
                    Math.max(nextSlotMillis, notBeforeMillis == null ? 0 : notBeforeMillis);
            if (dueMillis > nowMillis) {
                return Duration.ofMillis(dueMillis - nowMillis);
            }
            slots.acquire();
            current.set(new Standing(first, state));
            start(first, places.take(tempo), nowMillis);
            return DeliveryLimits.WAIT_MAX;
        }

        /// Keeps the next reading off what was delivered long ago. After a jump of the clock to the
        /// past, jobs may be due before that point: an empty reading starts over.
        private void skipPast(List<Due> next, long nowMillis) {
            long settledMillis = nowMillis - DeliveryLimits.COMMIT_DELAY.toMillis();
            fromMillis =
                    next.isEmpty()
                            ? 0
                            : Math.max(0, Math.min(next.getFirst().dueMillis(), settledMillis));
        }

        /// @param place taken before the payload is in memory
        private void start(Due due, AttemptPlaces.Place place, long nowMillis)
                throws InterruptedException {
            underWay.add(due);
            Optional<Outbox.DueJob> job = loadOrLeave(due, place);
            if (job.isPresent()) {
                pace(job.get().job().policy(), nowMillis);
                worker(
                        "outbox-attempt",
                        () -> attempt(job.get(), place),
                        () -> {
                            place.leave();
                            slots.release();
                            leave(due, new Standing(due, job.get().state()));
                        });
            }
        }

        /// The job; where there is none, or it cannot be read, its attempt has ended.
        private Optional<Outbox.DueJob> loadOrLeave(Due due, AttemptPlaces.Place place)
                throws InterruptedException {
            Throwable fault = null;
            try {
                Optional<Outbox.DueJob> job = load(due, place);
                if (job.isPresent()) {
                    return job;
                }
            } catch (StoreException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                fault = e;
            }
            place.leave();
            slots.release();
            try {
                if (fault != null) {
                    LOG.error("A job cannot be read, and waits", fault, "job", due);
                    insist(() -> outbox.postpone(due, faultPause));
                }
            } finally {
                leave(due, current.get());
            }
            return Optional.empty();
        }

        /// Writes what wakes this runner, which would else wait for long: again after each fault.
        private void insist(Runnable write) throws InterruptedException {
            boolean written = false;
            while (!written) { // ends with the fault, or with the store
                try {
                    write.run();
                    written = true;
                } catch (StoreException e) {
                    throw e;
                } catch (RuntimeException | Error e) { // such as want of memory
                    LOG.error("What becomes of a job cannot be written", e, "lane", lane);
                    Worker.pause(outbox.store(), faultPause);
                }
            }
        }

        /// The job, when there is room for its payload; while it waits for room it is not held.
        private Optional<Outbox.DueJob> load(Due due, AttemptPlaces.Place place)
                throws InterruptedException {
            Optional<Outbox.DueJob> job = outbox.load(due);
            int length = job.map(found -> found.job().payload().length).orElse(0);
            if (place.tryHold(length)) {
                return job;
            }
            place.hold(length); // the job is garbage meanwhile
            return outbox.load(due);
        }

        private void pace(RetryPolicy policy, long nowMillis) {
            Double perSecond = policy.attemptsPerSecond();
            if (perSecond != null && perSecond > 0) {
                nextSlotMillis = nowMillis + Math.round(1000 / perSecond);
            }
        }

        private void attempt(Outbox.DueJob job, AttemptPlaces.Place place)
                throws InterruptedException {
            boolean calledOff = false;
            try {
                Attempt attempt;
                try {
                    attempt = tryIn(place, job);
                    calledOff = attempt == null;
                } finally {
                    if (!calledOff) {
                        slots.release();
                    }
                }
                if (attempt != null) {
                    outbox.settle(job, attempt);
                }
            } catch (StoreException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                LOG.error("An attempt's end cannot be written", e, "job", job.due());
                insist(() -> outbox.settleFault(job, e, faultPause));
            } finally {
                if (!calledOff) {
                    leave(job.due(), new Standing(job.due(), job.state()));
                }
            }
            if (calledOff && !closing) { // in another thread, that does not hold the payload
                Due due = job.due();
                Standing standing = new Standing(due, job.state());
                worker(
                        "outbox-attempt",
                        () -> attemptAgain(due),
                        () -> {
                            slots.release();
                            leave(due, standing);
                        });
            }
        }

        private void attemptAgain(Due due) throws InterruptedException {
            AttemptPlaces.Place place = places.take(tempo);
            Optional<Outbox.DueJob> job = loadOrLeave(due, place);
            if (job.isPresent()) {
                attempt(job.get(), place);
            }
        }

        private void leave(Due due, @Nullable Standing done) {
            underWay.remove(due);
            current.updateAndGet(running -> Objects.equals(done, running) ? null : running);
        }

        /// Tries once; null when that was called off, and did not succeed before.
        private @Nullable Attempt tryIn(AttemptPlaces.Place place, Outbox.DueJob job)
                throws InterruptedException {
            Attempt attempt = null;
            try {
                place.begin();
                attempt = outbox.attempt(job);
            } catch (InterruptedException e) {
                if (closing || !place.isCalledOff()) {
                    throw e;
                }
            } finally {
                place.leave();
            }
            if (place.isCalledOff()) {
                Thread.interrupted(); // it may have ended just before
                return attempt instanceof Attempt.Delivered ? attempt : null;
            }
            return attempt;
        }
    }
}
