package io.millrace.delivery;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Places for attempts under way, so that targets that hang delay none that do not.
///
/// An attempt begins in a quick place. When it takes longer than a moment it gives that up, whoever
/// waits takes it, and the attempt goes on; its target is *slow* from then on, and its next
/// attempts begin in slow places, until one of them is quick. So what hangs waits for what hangs.
/// All places are served in the order of asking. Thread-safe.
final class AttemptPlaces {
    private final Semaphore quick = new Semaphore(DeliveryLimits.QUICK_ATTEMPTS, true);
    private final Semaphore slow = new Semaphore(DeliveryLimits.SLOW_ATTEMPTS, true);
    private final Semaphore all = new Semaphore(DeliveryLimits.ATTEMPTS, true);
    private final Semaphore payloadBytes = new Semaphore(DeliveryLimits.PAYLOAD_BYTES, true);
    private final LinkedBlockingQueue<Place> begun = new LinkedBlockingQueue<>();
    private final long slowAfterNanos;

    AttemptPlaces(Duration slowAfter) {
        this.slowAfterNanos = slowAfter.toNanos();
    }

    /// A target, as far as it concerns its places.
    static final class Tempo {
        private volatile boolean slow;
    }

    /// Waits for a place.
    Place take(Tempo tempo) throws InterruptedException {
        if (tempo.slow) {
            slow.acquire();
            return new Place(tempo, false);
        }
        quick.acquire();
        try {
            all.acquire();
        } catch (InterruptedException e) {
            quick.release();
            throw e;
        }
        Place place = new Place(tempo, true);
        begun.add(place);
        return place;
    }

    /// Whether what is left is for targets that have no attempt under way.
    boolean areScarce(Tempo tempo) {
        return tempo.slow
                ? slow.availablePermits()
                        <= DeliveryLimits.SLOW_ATTEMPTS / DeliveryLimits.PARTS_FOR_FIRSTS
                : quick.availablePermits()
                        <= DeliveryLimits.QUICK_ATTEMPTS / DeliveryLimits.PARTS_FOR_FIRSTS;
    }

    /// Takes quick places back from attempts that became slow, until it is interrupted. All become
    /// slow after the same time, so they do in the order in which they began, and one thread can
    /// sleep until the oldest does. Those that have ended are passed over.
    void watch() throws InterruptedException {
        while (true) { // ends by interrupt
            Place oldest = begun.take();
            long left = oldest.slowAtNanos - System.nanoTime();
            if (left > 0 && !oldest.ended) {
                Thread.sleep(Duration.ofNanos(left));
            }
            oldest.becomeSlow();
        }
    }

    /// One attempt's place, and room for its payload.
    final class Place {
        private final Tempo tempo;
        private final boolean first;
        private final long slowAtNanos = System.nanoTime() + slowAfterNanos;
        private boolean quickly;
        private boolean waits;
        private long quickUntilNanos = slowAtNanos;
        private int bytes;
        private volatile boolean ended;

        private Place(Tempo tempo, boolean quickly) {
            this.tempo = tempo;
            this.first = quickly;
            this.quickly = quickly;
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
            quickUntilNanos = System.nanoTime() + slowAfterNanos;
        }

        private static int counted(int length) {
            return length <= DeliveryLimits.PAYLOAD_BYTES_FREE
                    ? 0
                    : Math.min(length, DeliveryLimits.PAYLOAD_BYTES);
        }

        private synchronized void becomeSlow() {
            if (!ended && quickly) {
                quickly = false;
                tempo.slow |= !waits;
                quick.release();
            }
        }

        /// Ends the attempt.
        synchronized void leave() {
            ended = true;
            tempo.slow = System.nanoTime() - quickUntilNanos > 0;
            if (bytes > 0) {
                payloadBytes.release(bytes);
            }
            if (quickly) {
                quick.release();
            }
            if (first) {
                all.release();
            } else {
                slow.release();
            }
        }
    }
}
