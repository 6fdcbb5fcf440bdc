package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.service.sqs.SqsKeys.Counter;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Gives different receivers of one queue different candidates, so that they do not conflict. Only
/// a cache of the store: what it says is verified by the transaction that takes it, and a server
/// that begins with an empty one, or beside another server, is right too. It looks at what is
/// committed, durable or not: the transaction that takes a candidate is answered when both are.
///
/// The ready list is read once, forward, page by page. That passes nothing by: entries carry the
/// commit sequence number, so that one which appears later stands behind all that were seen. What a
/// failed transaction gives back is handed out again first. When its end was reached, what comes
/// behind that is told by the commits ([Arrivals]), and so is when the due list has to be read
/// again; the store is read only when more has come than is kept.
///
/// Due entries whose time has come and ready ones are handed out in turn: neither a message that
/// always fails nor a long queue can hold up the other. So are messages without a group and the
/// lanes of those with one ([Lanes]), and due entries of different groups. Noisy groups ([Shares])
/// get what others leave.
final class Backlog {

    /// Whether there is something to receive, and when there will be.
    ///
    /// @param gone the queue is deleted
    /// @param nextDueMillis the first time after now at which an entry is due, or `Long.MAX_VALUE`
    record Probe(boolean gone, boolean available, long nextDueMillis) {}

    /// What is in flight, as it was counted when so many due entries had been told.
    private record InFlight(long count, long toldCount) {}

    private final Store store;
    private final byte[] readyEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Candidate> ready = new ArrayDeque<>();
    private final DueList due;
    private final Set<ByteBuffer> handedOut = new HashSet<>();
    private final Shares shares = new Shares();
    private final Lanes lanes;
    private final Arrivals arrivals;
    private byte[] readyFrom;
    private long dueLookedMillis;
    private volatile InFlight inFlight = new InFlight(0, 0);
    private boolean dueTurn;
    private boolean laneTurn;

    Backlog(Store store, long queue, Arrivals arrivals) {
        this.store = store;
        this.arrivals = arrivals;
        this.readyFrom = SqsKeys.ready(queue);
        this.readyEnd = Bytes.prefixEnd(readyFrom);
        this.due = new DueList(handedOut, shares);
        this.lanes = new Lanes(store, queue, handedOut, shares);
    }

    /// Hands out candidates, of which at most `countMax` are for messages; empty when there is
    /// nothing to receive now. Each must be given to [#done] or [#giveBack].
    List<Candidate> take(Queue queue, int countMax, long nowMillis) {
        lock.lock();
        try {
            List<Candidate> taken = new ArrayList<>(countMax);
            fill(queue, nowMillis);
            int endCount = 0;
            while (taken.size() - endCount < countMax && endCount < SqsLimits.CLEANUP_PAGE) {
                Candidate candidate = next(nowMillis);
                if (candidate == null && !taken.isEmpty()) { // more may be there than was read
                    fill(queue, nowMillis);
                    candidate = next(nowMillis);
                }
                if (candidate == null) {
                    break;
                }
                handedOut.add(ByteBuffer.wrap(candidate.key()));
                taken.add(candidate);
                endCount += candidate.isEnd() ? 1 : 0;
            }
            for (Candidate end : lanes.ends(taken)) {
                handedOut.add(ByteBuffer.wrap(end.key()));
                taken.add(end);
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// These lanes were closed; to be told before their ends are done.
    void closed(List<Candidate> ends) {
        lock.lock();
        try {
            for (Candidate end : ends) {
                if (end.lane() != null) {
                    lanes.closed(end, end.lane());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// These were received, or are proven not to be there any more.
    void done(List<Candidate> candidates) {
        lock.lock();
        try {
            for (Candidate candidate : candidates) {
                handedOut.remove(ByteBuffer.wrap(candidate.key()));
                if (candidate.lane() != null) {
                    lanes.done(candidate, candidate.lane());
                }
                if (candidate.dueMillis() > 0) { // it was passed by, and may be due again at once
                    arrivals.dueFrom(candidate.dueMillis());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// These may still be there.
    void giveBack(List<Candidate> candidates) {
        lock.lock();
        try {
            for (Candidate candidate : candidates.reversed()) {
                handedOut.remove(ByteBuffer.wrap(candidate.key()));
                if (candidate.lane() != null) {
                    lanes.giveBack(candidate, candidate.lane());
                } else if (candidate.dueMillis() == 0) {
                    ready.addFirst(candidate);
                } else {
                    due.giveBack(candidate);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// A message of a standard queue was received.
    void began(MessageState state) {
        shares.began(state.group(), state.dueMillis(), state.receivedMillis());
    }

    /// A message of a standard queue that had been received, and had this state, is gone.
    void ended(MessageState state, long nowMillis) {
        shares.ended(state.group(), state.dueMillis(), nowMillis);
    }

    /// A message of a standard queue becomes visible at another time.
    void changed(MessageState before, MessageState after, long nowMillis) {
        shares.ended(before.group(), before.dueMillis(), nowMillis);
        shares.began(after.group(), after.dueMillis(), nowMillis);
    }

    /// How many messages are in flight at most, expired ones included.
    long inFlightCountMax() {
        InFlight counted = inFlight;
        long told = arrivals.dueCount() - counted.toldCount();
        return counted.count() + told * SqsLimits.RECEIVE_MESSAGES_MAX; // so many of one group
    }

    Arrivals arrivals() {
        return arrivals;
    }

    Probe probe(Queue queue, long nowMillis) {
        boolean available;
        lock.lock();
        try {
            fill(queue, nowMillis);
            available = !(ready.isEmpty() && due.isEmpty() && lanes.isEmpty());
        } finally {
            lock.unlock();
        }
        return store.peek(tx -> {
            Queue current = Queues.byName(tx, queue.accountId(), queue.region(), queue.name());
            boolean gone = current == null || current.number() != queue.number();
            try (Cursor cursor =
                    tx.range(
                            SqsKeys.dueFrom(queue, nowMillis + 1),
                            SqsKeys.dueEnd(queue),
                            Snapshot.Direction.FORWARD)) {
                long next = cursor.next() ? SqsKeys.reader(cursor.key()).uint64() : Long.MAX_VALUE;
                return new Probe(gone, available, next);
            }
        });
    }

    /// Reads under the lock: whoever else wants candidates of this queue needs the same page.
    private void fill(Queue queue, long nowMillis) {
        boolean mayBeDue = arrivals.dueMillis() <= nowMillis;
        if (due.isEmpty() ? mayBeDue || isMaybeFull() : isStuck(nowMillis)) {
            readDue(queue, nowMillis);
        }
        if (ready.isEmpty() && (lanes.isEmpty() || !lanes.isFull())) {
            readReady(queue);
        }
    }

    /// Whether so much came that what is in flight has to be counted again.
    private boolean isMaybeFull() {
        return inFlightCountMax() >= SqsLimits.IN_FLIGHT_MAX;
    }

    /// Whether the due entries that are there come only when others have nothing, and it is time to
    /// look for some that need not wait; what is there is still in the store.
    private boolean isStuck(long nowMillis) {
        return nowMillis - dueLookedMillis >= SqsLimits.DUE_LOOK_PAUSE.toMillis()
                && !due.hasQuiet(nowMillis);
    }

    /// The next candidate: due and ready ones in turn, among the latter those in lanes and others;
    /// of noisy groups when there is none of a quiet one.
    private @Nullable Candidate next(long nowMillis) {
        dueTurn = !dueTurn;
        Candidate quiet = dueTurn ? due.nextQuiet(nowMillis) : nextReady(nowMillis);
        if (quiet == null) {
            quiet = dueTurn ? nextReady(nowMillis) : due.nextQuiet(nowMillis);
        }
        if (quiet != null) {
            return quiet;
        }
        Candidate noisy = dueTurn ? due.nextLeast(nowMillis) : lanes.nextLeast(nowMillis);
        if (noisy == null) {
            noisy = dueTurn ? lanes.nextLeast(nowMillis) : due.nextLeast(nowMillis);
        }
        return noisy;
    }

    private @Nullable Candidate nextReady(long nowMillis) {
        laneTurn = !laneTurn || ready.isEmpty();
        Candidate inLane = laneTurn ? lanes.nextQuiet(nowMillis) : null;
        if (inLane == null && !ready.isEmpty()) {
            inLane = ready.removeFirst();
        }
        return inLane;
    }

    private void readReady(Queue queue) {
        List<Candidate> known = arrivals.takeReady();
        if (known != null) {
            listAll(queue, known);
            return;
        }
        arrivals.beginReady();
        if (store.peek(tx -> readReady(tx, queue))) {
            arrivals.endReady(readyFrom);
        }
    }

    /// What a fault leaves out is read again, from behind the last that was listed.
    private void listAll(Queue queue, List<Candidate> known) {
        boolean isListed = false;
        try {
            known.forEach(entry -> list(queue, entry.key(), entry.value()));
            isListed = true;
        } finally {
            if (!isListed) {
                arrivals.beginReady();
            }
        }
    }

    /// Returns whether that was the last page.
    private boolean readReady(Snapshot tx, Queue queue) {
        int count = 0;
        try (Cursor cursor = tx.range(readyFrom, readyEnd, Snapshot.Direction.FORWARD)) {
            while (ready.size() < SqsLimits.BACKLOG_PAGE && count < SqsLimits.OPENERS_PAGE) {
                if (!cursor.next()) {
                    return true;
                }
                count++;
                list(queue, cursor.key(), cursor.value());
            }
        }
        return false;
    }

    private void list(Queue queue, byte[] key, byte[] value) {
        if (value.length > 0 && !queue.fifo()) {
            lanes.open(key, value);
        } else {
            ready.addLast(new Candidate(key, value, 0));
        }
        readyFrom = Bytes.after(key);
    }

    private void readDue(Queue queue, long nowMillis) {
        due.clear();
        long told = arrivals.dueCount();
        arrivals.beginDue();
        long next = nowMillis; // also when it fails
        try {
            next = store.peek(tx -> readDue(tx, queue, nowMillis, told));
        } finally {
            arrivals.dueFrom(next);
        }
        dueLookedMillis = nowMillis;
    }

    /// Returns when the first may be due that was not read.
    private long readDue(Snapshot tx, Queue queue, long nowMillis, long told) {
        long count = Bytes.counter(tx.get(SqsKeys.counter(queue.number(), Counter.IN_FLIGHT)));
        inFlight = new InFlight(count, told);
        if (count == 0) {
            shares.clear();
        }
        long floor = Floor.millis(tx, queue.number());
        long end = Math.max(floor, nowMillis) + SqsLimits.DUE_LOOK_AHEAD.toMillis();
        try (Cursor cursor =
                tx.range(
                        SqsKeys.dueFrom(queue, floor),
                        SqsKeys.dueFrom(queue, end),
                        Snapshot.Direction.FORWARD)) {
            return Math.min(end, due.read(cursor, nowMillis));
        }
    }
}
