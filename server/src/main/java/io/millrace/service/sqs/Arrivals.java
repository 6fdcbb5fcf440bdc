package io.millrace.service.sqs;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// What commits have added to a queue's lists since its [Backlog] read them, so that it reads the
/// store only for what it does not know. Told inside of the commits, whichever server makes them,
/// and each before a snapshot shows it: who says here that it begins to read, and then takes a
/// snapshot, misses nothing. Thread-safe.
final class Arrivals {
    private final AtomicInteger kept;
    private final Deque<Candidate> ready = new ArrayDeque<>();
    private boolean keepsReady;
    private boolean knowsReady;
    private long dueMillis;
    private long dueCount;

    /// @param kept how many entries all queues keep, for whoever bounds that
    Arrivals(AtomicInteger kept) {
        this.kept = kept;
    }

    /// An entry came to the end of the ready list.
    synchronized void ready(byte[] key, byte[] value) {
        if (keepsReady && ready.size() < SqsLimits.ARRIVALS_MAX) {
            ready.addLast(new Candidate(key, value, 0));
            kept.incrementAndGet();
        } else {
            forgetReady();
        }
    }

    /// An entry came to the due list.
    synchronized void due(long millis) {
        dueMillis = Math.min(dueMillis, millis);
        dueCount++;
    }

    /// Everything in the ready list behind what the backlog has read or was given, which has it
    /// from now on; null when that is not known and has to be read.
    synchronized @Nullable List<Candidate> takeReady() {
        if (!knowsReady) {
            return null;
        }
        List<Candidate> taken = new ArrayList<>(ready);
        clearReady();
        return taken;
    }

    /// The ready list is going to be read.
    synchronized void beginReady() {
        forgetReady();
        keepsReady = true;
    }

    /// The ready list was read to its end, and up to this key at least.
    synchronized void endReady(byte[] readUpTo) {
        while (!ready.isEmpty() && Arrays.compareUnsigned(ready.getFirst().key(), readUpTo) < 0) {
            ready.removeFirst();
            kept.decrementAndGet();
        }
        knowsReady = keepsReady;
    }

    /// Keeps nothing of the ready list until it is going to be read.
    synchronized void forgetReady() {
        clearReady();
        keepsReady = false;
        knowsReady = false;
    }

    private void clearReady() {
        kept.addAndGet(-ready.size());
        ready.clear();
    }

    /// Before when nothing is due that is not in the backlog.
    synchronized long dueMillis() {
        return dueMillis;
    }

    /// The due list is going to be read; [#dueFrom] tells what came of it.
    synchronized void beginDue() {
        dueMillis = Long.MAX_VALUE;
    }

    /// What is not in the backlog is due at this time at the earliest, or was told since.
    synchronized void dueFrom(long millis) {
        dueMillis = Math.min(dueMillis, millis);
    }

    /// How many due entries have come.
    synchronized long dueCount() {
        return dueCount;
    }
}
