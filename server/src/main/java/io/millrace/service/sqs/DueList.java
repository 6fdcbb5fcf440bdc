package io.millrace.service.sqs;

import io.millrace.engine.Cursor;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/// The first of a queue's due entries whose time has come, in the order of their times; those of
/// different message groups in turn, and those of noisy groups when there are no others.
///
/// Part of a [Backlog], and a cache as it is; used under its lock.
final class DueList {

    /// Of messages without a group, and of the groups of a FIFO queue, which have an order.
    private static final String NO_GROUP = "";

    private final Set<ByteBuffer> handedOut;
    private final Shares shares;
    private final SequencedMap<String, Deque<Candidate>> byGroup = new LinkedHashMap<>();

    /// @param handedOut the keys of candidates that receivers have
    DueList(Set<ByteBuffer> handedOut, Shares shares) {
        this.handedOut = handedOut;
        this.shares = shares;
    }

    boolean isEmpty() {
        return byGroup.isEmpty();
    }

    /// Forgets all of them.
    void clear() {
        byGroup.clear();
    }

    boolean hasQuiet(long nowMillis) {
        return byGroup.keySet().stream().anyMatch(group -> !shares.isNoisy(group, nowMillis));
    }

    /// Reads a page; a longer one when there are groups, of which the first may be noisy.
    ///
    /// @return when the first is due that was not read; `Long.MAX_VALUE` when all were
    long read(Cursor cursor, long nowMillis) {
        int count = 0;
        int withoutGroup = 0;
        while (cursor.next()) {
            byte[] key = cursor.key();
            long dueMillis = SqsKeys.dueMillis(key);
            if (dueMillis > nowMillis
                    || withoutGroup == SqsLimits.BACKLOG_PAGE
                    || count == SqsLimits.DUE_PAGE) {
                return dueMillis;
            }
            if (!handedOut.contains(ByteBuffer.wrap(key))) {
                Candidate candidate = new Candidate(key, cursor.value(), dueMillis);
                String group = group(candidate);
                byGroup.computeIfAbsent(group, _ -> new ArrayDeque<>()).addLast(candidate);
                count++;
                withoutGroup += group.equals(NO_GROUP) ? 1 : 0;
            }
        }
        return Long.MAX_VALUE;
    }

    /// The first of the quiet group whose turn it is.
    @Nullable Candidate nextQuiet(long nowMillis) {
        Iterator<String> groups = byGroup.keySet().iterator();
        while (groups.hasNext()) {
            String group = groups.next();
            if (!shares.isNoisy(group, nowMillis)) {
                return removeFirst(group);
            }
        }
        return null;
    }

    /// The first of the group that has the least in flight, noisy or not.
    @Nullable Candidate nextLeast(long nowMillis) {
        Comparator<String> least = shares.leastFirst(nowMillis);
        return byGroup.keySet().stream().min(least).map(this::removeFirst).orElse(null);
    }

    /// It is the first of its group again.
    void giveBack(Candidate candidate) {
        byGroup.computeIfAbsent(group(candidate), _ -> new ArrayDeque<>()).addFirst(candidate);
    }

    private Candidate removeFirst(String group) {
        Deque<Candidate> candidates = byGroup.remove(group);
        if (candidates == null) {
            throw new IllegalStateException("no such group");
        }
        Candidate first = candidates.removeFirst();
        if (!candidates.isEmpty()) {
            byGroup.putLast(group, candidates);
        }
        return first;
    }

    /// Behind the status, in a standard queue.
    private static String group(Candidate candidate) {
        byte[] value = candidate.value();
        return value.length <= 1
                ? NO_GROUP
                : new String(value, 1, value.length - 1, StandardCharsets.UTF_8);
    }
}
