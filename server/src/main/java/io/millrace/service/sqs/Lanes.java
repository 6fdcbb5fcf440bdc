package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;

/// The open lanes of a standard queue, served in turn: however many messages one group has, those
/// of another wait for one round at most. Those of noisy groups ([Shares]) come when the others
/// have nothing; there are a few of them at most, since each has a tenth of something.
///
/// Part of a [Backlog], and a cache as it is; used under its lock. A lane is in turn while it may
/// have messages to hand out. One that has none is closed by its end, a candidate that is handed
/// out behind its last messages, or on its own; never while other receivers have messages of it,
/// which may come back.
final class Lanes {

    /// A lane as far as it is known.
    static final class Lane {
        private final String group;
        private final Deque<Candidate> messages = new ArrayDeque<>();
        private byte[] opener;
        private byte[] from;
        private int handedOutCount;
        private boolean closed;

        private Lane(String group, byte[] opener, byte[] from) {
            this.group = group;
            this.opener = opener;
            this.from = from;
        }
    }

    private final Store store;
    private final long queue;
    private final Set<ByteBuffer> handedOut;
    private final Shares shares;
    private final Map<String, Lane> byGroup = new HashMap<>();
    private final SequencedSet<Lane> inTurn = new LinkedHashSet<>();

    /// @param handedOut the keys of candidates that receivers have
    Lanes(Store store, long queue, Set<ByteBuffer> handedOut, Shares shares) {
        this.store = store;
        this.queue = queue;
        this.handedOut = handedOut;
        this.shares = shares;
    }

    /// Takes note of an entry of the ready list that opens a lane.
    void open(byte[] readyKey, byte[] value) {
        String group = new String(value, StandardCharsets.UTF_8);
        Lane lane =
                byGroup.computeIfAbsent(
                        group, _ -> new Lane(group, readyKey, start(group, readyKey)));
        lane.opener = readyKey;
        inTurn.add(lane);
    }

    boolean isFull() {
        return byGroup.size() >= SqsLimits.LANES_MAX;
    }

    boolean isEmpty() {
        return inTurn.isEmpty();
    }

    /// The next message of the quiet group whose turn it is, or the end of a lane that has none.
    @Nullable Candidate nextQuiet(long nowMillis) {
        Iterator<Lane> all = inTurn.iterator();
        while (all.hasNext()) {
            Lane lane = all.next();
            if (!shares.isNoisy(lane.group, nowMillis)) {
                all.remove();
                Candidate next = next(lane);
                if (next != null) {
                    return next;
                }
            }
        }
        return null;
    }

    /// The same of the group that has the least in flight, noisy or not.
    @Nullable Candidate nextLeast(long nowMillis) {
        Comparator<Lane> least =
                Comparator.comparing(lane -> lane.group, shares.leastFirst(nowMillis));
        while (!inTurn.isEmpty()) { // each round hands one out or takes one out of turn
            Lane lane = Collections.min(inTurn, least);
            inTurn.remove(lane);
            Candidate next = next(lane);
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    /// The next of a lane that was taken out of turn, and is put back while it has messages.
    private @Nullable Candidate next(Lane lane) {
        if (hasMessages(lane)) {
            inTurn.addLast(lane);
            lane.handedOutCount++;
            return lane.messages.removeFirst();
        }
        return lane.handedOutCount == 0 ? end(lane) : null;
    }

    /// The ends of those lanes of which these are the last messages.
    List<Candidate> ends(List<Candidate> taken) {
        Map<Lane, Integer> counts = new LinkedHashMap<>();
        for (Candidate candidate : taken) {
            if (candidate.lane() != null) {
                counts.merge(candidate.lane(), 1, Integer::sum);
            }
        }
        List<Candidate> ends = new ArrayList<>();
        counts.forEach((lane, count) -> {
            boolean hasEnd = taken.stream().anyMatch(one -> one.lane() == lane && one.isEnd());
            if (!hasEnd && lane.handedOutCount == count && !hasMessages(lane)) {
                inTurn.remove(lane);
                ends.add(end(lane));
            }
        });
        return ends;
    }

    /// This was received, or is not there any more; the end of a lane too, whether or not that has
    /// closed it.
    void done(Candidate candidate, Lane lane) {
        lane.handedOutCount--;
        if (lane.closed) {
            return;
        }
        if (candidate.isEnd()) { // there is more in it than was read, so read it again
            lane.from = start(lane.group, lane.opener);
            lane.messages.clear();
        }
        inTurn.add(lane);
    }

    void giveBack(Candidate candidate, Lane lane) {
        lane.handedOutCount--;
        if (!lane.closed) {
            if (!candidate.isEnd()) {
                lane.messages.addFirst(candidate);
            }
            inTurn.add(lane);
        }
    }

    /// The lane is closed in the store, unless it was opened again since.
    void closed(Candidate end, Lane lane) {
        if (Arrays.equals(lane.opener, end.key())) {
            lane.closed = true;
            byGroup.remove(lane.group, lane);
            inTurn.remove(lane);
        }
    }

    private static Candidate end(Lane lane) {
        lane.handedOutCount++;
        return new Candidate(lane.opener, lane.group.getBytes(StandardCharsets.UTF_8), 0, lane);
    }

    private boolean hasMessages(Lane lane) {
        if (lane.messages.isEmpty()) {
            store.peek(tx -> read(tx, lane));
        }
        return !lane.messages.isEmpty();
    }

    private int read(Snapshot tx, Lane lane) {
        byte[] end = Bytes.prefixEnd(SqsKeys.groupMessages(queue, lane.group));
        try (Cursor cursor = tx.range(lane.from, end, Snapshot.Direction.FORWARD)) {
            while (lane.messages.size() < SqsLimits.LANE_PAGE && cursor.next()) {
                byte[] key = cursor.key();
                if (!handedOut.contains(ByteBuffer.wrap(key))) {
                    lane.messages.addLast(new Candidate(key, Bytes.EMPTY, 0, lane));
                }
            }
        }
        if (!lane.messages.isEmpty()) {
            lane.from = Bytes.after(lane.messages.getLast().key());
        }
        return lane.messages.size();
    }

    private byte[] start(String group, byte[] readyKey) {
        return SqsKeys.groupMessage(queue, group, Groups.position(readyKey));
    }
}
