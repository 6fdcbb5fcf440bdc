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
/// failed transaction gives back is handed out again first.
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

    private final Store store;
    private final byte[] readyEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Candidate> ready = new ArrayDeque<>();
    private final DueList due;
    private final Set<ByteBuffer> handedOut = new HashSet<>();
    private final Shares shares = new Shares();
    private final Lanes lanes;
    private byte[] readyFrom;
    private long dueReadMillis = -1;
    private long dueLookedMillis;
    private volatile long inFlightCount;
    private boolean dueTurn;
    private boolean laneTurn;

    Backlog(Store store, long queue) {
        this.store = store;
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
            }
            dueReadMillis = -1; // they may be due again at once
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

    /// How many messages were in flight when the due list was last read, expired ones included.
    long inFlightCount() {
        return inFlightCount;
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
        if (due.isEmpty() ? dueReadMillis != nowMillis || ready.isEmpty() : isStuck(nowMillis)) {
            due.clear();
            store.peek(tx -> readDue(tx, queue, nowMillis));
            dueReadMillis = nowMillis;
            dueLookedMillis = nowMillis;
        }
        if (ready.isEmpty() && (lanes.isEmpty() || !lanes.isFull())) {
            store.peek(tx -> readReady(tx, queue));
        }
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

    private int readReady(Snapshot tx, Queue queue) {
        int count = 0;
        try (Cursor cursor = tx.range(readyFrom, readyEnd, Snapshot.Direction.FORWARD)) {
            while (ready.size() < SqsLimits.BACKLOG_PAGE
                    && count < SqsLimits.OPENERS_PAGE
                    && cursor.next()) {
                count++;
                byte[] key = cursor.key();
                byte[] value = cursor.value();
                if (value.length > 0 && !queue.fifo()) {
                    lanes.open(key, value);
                } else {
                    ready.addLast(new Candidate(key, value, 0));
                }
                readyFrom = Bytes.after(key);
            }
        }
        return count;
    }

    private int readDue(Snapshot tx, Queue queue, long nowMillis) {
        inFlightCount = Bytes.counter(tx.get(SqsKeys.counter(queue.number(), Counter.IN_FLIGHT)));
        if (inFlightCount == 0) {
            shares.clear();
        }
        long floor = Floor.millis(tx, queue.number());
        try (Cursor cursor =
                tx.range(
                        SqsKeys.dueFrom(queue, floor),
                        SqsKeys.dueFrom(queue, Math.max(floor, nowMillis) + 1),
                        Snapshot.Direction.FORWARD)) {
            return due.read(cursor);
        }
    }
}
