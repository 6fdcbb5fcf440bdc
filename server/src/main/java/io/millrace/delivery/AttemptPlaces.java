package io.millrace.delivery;

import io.millrace.delivery.DeliveryKeys.Lane;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Places for attempts under way, so that targets that hang delay none that do not.
///
/// An attempt begins in a quick place. When it takes longer than a moment it gives that up, whoever
/// waits takes it, and the attempt goes on; its target is *slow* from then on, and its next
/// attempts begin in slow places, until one of them is quick. A target that took very long *hangs*,
/// and has places of its own: what hangs waits for what hangs, and who was late once does not.
/// Targets of which nothing is known leave a part of the quick places to those that were quick.
/// When too many attempts became slow, the oldest of them is called off, and made again in a place
/// for what hangs. All places are served in the order of asking. Thread-safe.
final class AttemptPlaces {
    private final Semaphore quick = new Semaphore(DeliveryLimits.QUICK_ATTEMPTS, true);
    private final Semaphore unknown = new Semaphore(DeliveryLimits.UNKNOWN_ATTEMPTS, true);
    private final Semaphore slow = new Semaphore(DeliveryLimits.SLOW_ATTEMPTS, true);
    private final Semaphore hanging = new Semaphore(DeliveryLimits.HANGING_ATTEMPTS, true);
    private final Semaphore all = new Semaphore(DeliveryLimits.ATTEMPTS, true);
    private final Semaphore furtherQuick = shareOf(DeliveryLimits.QUICK_ATTEMPTS);
    private final Semaphore furtherUnknown = shareOf(DeliveryLimits.UNKNOWN_ATTEMPTS);
    private final Semaphore furtherSlow = shareOf(DeliveryLimits.SLOW_ATTEMPTS);
    private final Semaphore furtherHanging = shareOf(DeliveryLimits.HANGING_ATTEMPTS);
    private final Semaphore payloadBytes = new Semaphore(DeliveryLimits.PAYLOAD_BYTES, true);
    private final LinkedBlockingQueue<Place> begun = new LinkedBlockingQueue<>();
    private final LinkedHashSet<Place> becameSlow = new LinkedHashSet<>();
    private final LinkedHashMap<Lane, Tempo> known = new LinkedHashMap<>();
    private final long slowAfterNanos;
    private final LongSupplier nanoTime;

    AttemptPlaces(Duration slowAfter, LongSupplier nanoTime) {
        this.slowAfterNanos = slowAfter.toNanos();
        this.nanoTime = nanoTime;
    }

    private static Semaphore shareOf(int count) {
        return new Semaphore(count / DeliveryLimits.PARTS_FOR_FURTHER);
    }

    private enum Pace {
        UNKNOWN,
        QUICK,
        SLOW,
        HANGING
    }

    /// A target, as far as it concerns its places.
    static final class Tempo {
        private volatile Pace pace = Pace.UNKNOWN;
    }

    /// What is known of a lane's target.
    Tempo recall(Lane lane) {
        synchronized (known) {
            Tempo tempo = known.remove(lane);
            return tempo == null ? new Tempo() : tempo;
        }
    }

    /// Keeps what is known of a lane's target while the lane is closed; the oldest is forgotten.
    void remember(Lane lane, Tempo tempo) {
        if (tempo.pace == Pace.UNKNOWN) {
            return;
        }
        synchronized (known) {
            known.put(lane, tempo);
            if (known.size() > DeliveryLimits.KNOWN_TARGETS) {
                known.pollFirstEntry();
            }
        }
    }

    /// Waits for a place for an attempt at a target that has none under way.
    Place take(Tempo tempo) throws InterruptedException {
        Pace from = tempo.pace;
        places(from).acquire();
        if (!beginsQuickly(from)) {
            return new Place(tempo, from, null);
        }
        if (from == Pace.UNKNOWN) {
            acquireQuick();
        }
        try {
            if (!all.tryAcquire(0, TimeUnit.SECONDS)) { // in turn: each that waits calls off one
                callOffOldest();
                all.acquire();
            }
        } catch (InterruptedException e) {
            releaseQuick(from);
            throw e;
        }
        Place place = new Place(tempo, from, null);
        begun.add(place);
        return place;
    }

    /// Beside a place among the unknown.
    private void acquireQuick() throws InterruptedException {
        try {
            quick.acquire();
        } catch (InterruptedException e) {
            unknown.release();
            throw e;
        }
    }

    private void releaseQuick(Pace from) {
        quick.release();
        if (from == Pace.UNKNOWN) {
            unknown.release();
        }
    }

    /// Makes room for one, if an attempt that became slow is left.
    private void callOffOldest() {
        while (true) { // ends when there is none
            Place oldest;
            synchronized (becameSlow) {
                if (becameSlow.isEmpty()) {
                    return;
                }
                oldest = becameSlow.removeFirst();
            }
            if (oldest.callOff()) {
                return;
            }
        }
    }

    /// A place for a further attempt at a target that has one under way: null when there is none at
    /// once, or what is left is for targets that have none.
    @Nullable Place tryTake(Tempo tempo) throws InterruptedException {
        Pace from = tempo.pace;
        Semaphore share = further(from);
        if (!share.tryAcquire()) {
            return null;
        }
        Place place = isFree(from) ? new Place(tempo, from, share) : null;
        if (place == null) {
            share.release();
        } else if (place.quickly) {
            begun.add(place);
        }
        return place;
    }

    /// Takes one of the places when there is one, and nobody waits for it.
    private boolean isFree(Pace from) throws InterruptedException {
        if (!places(from).tryAcquire(0, TimeUnit.SECONDS)) {
            return false;
        }
        if (!beginsQuickly(from)) {
            return true;
        }
        if (from == Pace.UNKNOWN && !quick.tryAcquire(0, TimeUnit.SECONDS)) {
            unknown.release();
            return false;
        }
        if (!all.tryAcquire(0, TimeUnit.SECONDS)) {
            releaseQuick(from);
            return false;
        }
        return true;
    }

    private static boolean beginsQuickly(Pace pace) {
        return pace == Pace.QUICK || pace == Pace.UNKNOWN;
    }

    private Semaphore further(Pace pace) {
        return switch (pace) {
            case UNKNOWN -> furtherUnknown;
            case QUICK -> furtherQuick;
            case SLOW -> furtherSlow;
            case HANGING -> furtherHanging;
        };
    }

    private Semaphore places(Pace pace) {
        return switch (pace) {
            case UNKNOWN -> unknown;
            case QUICK -> quick;
            case SLOW -> slow;
            case HANGING -> hanging;
        };
    }

    /// Takes the quick place back from the oldest attempt when it becomes slow. All become slow
    /// after the same time, so they do in the order in which they began, and one thread that does
    /// this again and again can sleep until the oldest does. Those that have ended are passed over.
    void giveUpOldest() throws InterruptedException {
        Place oldest = begun.take();
        long left = oldest.slowAtNanos - nanoTime.getAsLong();
        if (left > 0 && !oldest.ended) {
            Thread.sleep(Duration.ofNanos(left));
        }
        oldest.becomeSlow();
    }

    /// One attempt's place, and room for its payload.
    final class Place {
        private final Tempo tempo;
        private final Pace from;
        private final @Nullable Semaphore share;
        private final long slowAtNanos = nanoTime.getAsLong() + slowAfterNanos;
        private boolean quickly;
        private boolean waits;
        private long quickUntilNanos = slowAtNanos;
        private int bytes;
        private @Nullable Thread worker;
        private boolean calledOff;
        private volatile boolean ended;

        /// @param share of further attempts, if it is one
        private Place(Tempo tempo, Pace from, @Nullable Semaphore share) {
            this.tempo = tempo;
            this.from = from;
            this.share = share;
            this.quickly = beginsQuickly(from);
        }

        /// Takes room for a payload; false when there is none at once.
        boolean tryHold(int length) throws InterruptedException {
            int counted = counted(length);
            if (counted > 0 && !payloadBytes.tryAcquire(counted, 0, TimeUnit.SECONDS)) { // in turn
                return false;
            }
            bytes = counted;
            return true;
        }

        /// Waits for room for a payload.
        void hold(int length) throws InterruptedException {
            int counted = counted(length);
            if (counted > 0) {
                waits(true);
                payloadBytes.acquire(counted);
                waits(false);
            }
            bytes = counted;
        }

        /// The time that it waits for room is not its target's.
        private synchronized void waits(boolean begins) {
            waits = begins;
            setMayBeCalledOff(!begins && !quickly && beginsQuickly(from));
            quickUntilNanos = nanoTime.getAsLong() + slowAfterNanos;
        }

        private static int counted(int length) {
            return length <= DeliveryLimits.PAYLOAD_BYTES_FREE
                    ? 0
                    : Math.min(length, DeliveryLimits.PAYLOAD_BYTES);
        }

        private synchronized void becomeSlow() {
            if (!ended && quickly) {
                quickly = false;
                if (!waits && tempo.pace != Pace.HANGING) {
                    tempo.pace = Pace.SLOW;
                }
                leaveQuick();
                setMayBeCalledOff(!waits);
            }
        }

        /// Who waits for room for its payload takes none of its target's time.
        private void setMayBeCalledOff(boolean may) {
            synchronized (becameSlow) {
                if (may) {
                    becameSlow.add(this);
                } else {
                    becameSlow.remove(this);
                }
            }
        }

        /// The attempt begins, in this thread.
        synchronized void begin() {
            worker = Thread.currentThread();
            if (calledOff) {
                worker.interrupt();
            }
        }

        /// Calls the attempt off, also one that has yet to begin; false when it has ended, or
        /// waits.
        private synchronized boolean callOff() {
            calledOff = !ended && !waits;
            if (calledOff && worker != null) {
                worker.interrupt();
            }
            return calledOff;
        }

        /// Whether the attempt's thread was interrupted to make room.
        synchronized boolean isCalledOff() {
            return calledOff;
        }

        /// Ends the attempt.
        synchronized void leave() {
            ended = true;
            worker = null; // which holds the payload, as long as this place is kept
            setMayBeCalledOff(false);
            tempo.pace = pace(nanoTime.getAsLong() - quickUntilNanos);
            if (bytes > 0) {
                payloadBytes.release(bytes);
            }
            if (!beginsQuickly(from)) {
                places(from).release();
                leaveShare();
                return;
            }
            if (quickly) {
                leaveQuick();
            }
            all.release();
        }

        private void leaveQuick() {
            releaseQuick(from);
            leaveShare();
        }

        private void leaveShare() {
            if (share != null) {
                share.release();
            }
        }

        private Pace pace(long lateNanos) {
            if (calledOff || lateNanos > (DeliveryLimits.HANGS_AFTER - 1) * slowAfterNanos) {
                return Pace.HANGING;
            }
            return lateNanos > 0 ? Pace.SLOW : Pace.QUICK;
        }
    }
}
