package io.millrace.service.sqs;

import io.millrace.delivery.Renderings;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.log.Log;
import io.millrace.storage.Worker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Long polls that wait for messages: per queue a line, served in the order of arrival.
///
/// One watch per queue serves its whole line; it is woken at commit, so that a poll takes a message
/// while that is being made durable, and is answered when both are. When there is something to
/// receive, the first in the line is woken; whoever gets candidates wakes the next at once, so that
/// one message wakes one poll and a thousand wake as many as they serve. No wake-up is lost: the
/// watch is open before a poll looks for the last time, a wake-up stays with its poll until that
/// looks again, and a poll that leaves without having looked passes it on.
///
/// Mostly none of that is needed: a sender's transaction *claims* the first poll that waits, and
/// hands its message over ([HandOver]). A poll that is looking, or was woken to do so, is not
/// claimed; one that is claimed has left the line, waits for the end of that transaction, whatever
/// else happens, and lines up again when nothing comes of it. What is ready and what is handed over
/// may so pass each other, as messages in a standard queue may, and those of different groups in a
/// FIFO queue. There a message is handed over only when its group has no other, except before it in
/// the same hand-over.
final class Waiters {

    private static final Log LOG = Log.of(Waiters.class);
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(1);

    /// So many polls of a line are looked at for one that can be claimed.
    private static final int CLAIM_LOOKS = 64;

    /// Who has claimed a poll.
    private record Claimant(Transaction tx, long queue) {}

    private final Store store;
    private final InstantSource clock;
    private final Renderings renderings;
    private final Backlogs backlogs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Line> lines = new ConcurrentHashMap<>();
    private final Map<Claimant, HandOver> claims = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Waiters(Store store, InstantSource clock, Renderings renderings, Backlogs backlogs) {
        this.store = store;
        this.clock = clock;
        this.renderings = renderings;
        this.backlogs = backlogs;
    }

    /// Whether somebody waits in the line of a queue.
    boolean hasLine(Queue queue) {
        return lines.containsKey(queue.number());
    }

    /// Joins the line of a queue; look for messages after that, and wait when there are none.
    Ticket join(Receiver.Call call) {
        Queue queue = call.queue();
        lock.lock();
        try {
            Line line = lines.get(queue.number());
            if (line == null) {
                line = new Line(queue, store.watchCommits(SqsKeys.counters(queue.number())));
                lines.put(queue.number(), line);
                line.feeder.start();
            }
            Ticket ticket = new Ticket(line, call);
            line.tickets.add(ticket);
            return ticket;
        } finally {
            lock.unlock();
        }
    }

    /// Rings for all lines, as if each queue had changed.
    void ring() {
        List<Long> queues;
        lock.lock();
        try {
            queues = List.copyOf(lines.keySet());
        } finally {
            lock.unlock();
        }
        for (long queue : queues) {
            store.write(tx -> {
                new Tally().write(tx, queue);
                return queue;
            });
        }
    }

    /// The poll to which a transaction can hand a message that it sends; null when there is none.
    @Nullable HandOver claim(Transaction tx, Queue queue) {
        if (!lines.containsKey(queue.number()) && claims.isEmpty()) {
            return null;
        }
        Claimant claimant = new Claimant(tx, queue.number());
        lock.lock();
        try {
            HandOver earlier = claims.get(claimant);
            if (earlier != null && earlier.hasRoom()) {
                return earlier;
            }
            Ticket ticket = claimable(queue);
            if (ticket == null) {
                return null;
            }
            HandOver claim = new HandOver(ticket, claimant);
            tx.claim(claim); // first: it then ends, whatever fails here
            claims.put(claimant, claim);
            ticket.claim = claim;
            ticket.leave();
            return claim;
        } finally {
            lock.unlock();
        }
    }

    /// As [#claim(Transaction, Queue)], for a message of this group in a FIFO queue.
    @Nullable HandOver claim(Transaction tx, Queue queue, String group) {
        HandOver earlier = claims.get(new Claimant(tx, queue.number()));
        if (earlier != null && earlier.groups.contains(group)) {
            return earlier.hasRoom() ? earlier : null;
        }
        HandOver claim = Groups.isEmpty(tx, queue, group) ? claim(tx, queue) : null;
        if (claim != null) {
            claim.groups.add(group);
        }
        return claim;
    }

    private @Nullable Ticket claimable(Queue queue) {
        Line line = lines.get(queue.number());
        if (line == null
                || closed
                || backlogs.of(queue.number()).inFlightCountMax() >= SqsLimits.IN_FLIGHT_MAX) {
            return null;
        }
        int looks = 0;
        for (Ticket ticket : line.tickets) {
            if (ticket.waits && !ticket.woken && ticket.call.mayBeHanded(queue)) {
                return ticket;
            }
            if (++looks == CLAIM_LOOKS) {
                return null;
            }
        }
        return null;
    }

    /// Wakes the first in the line, if there is one.
    void wake(long queue) {
        lock.lock();
        try {
            Line line = lines.get(queue);
            if (line != null && !line.tickets.isEmpty()) {
                line.tickets.getFirst().wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends all polls, those that wait and those that would.
    void close() {
        lock.lock();
        try {
            closed = true;
            lines.values().forEach(this::wakeAll);
        } finally {
            lock.unlock();
        }
    }

    /// How many wait and do not look just now.
    int count() {
        lock.lock();
        try {
            return (int)
                    lines.values().stream()
                            .flatMap(line -> line.tickets.stream())
                            .filter(ticket -> ticket.waits)
                            .count();
        } finally {
            lock.unlock();
        }
    }

    private void wakeAll(Line line) {
        lock.lock();
        try {
            line.tickets.forEach(Ticket::wake);
        } finally {
            lock.unlock();
        }
    }

    /// A place in a line. All fields are guarded by the lock.
    final class Ticket implements AutoCloseable {
        private final Line line;
        private final Receiver.Call call;
        private final Condition changed = lock.newCondition();
        private boolean waits;
        private boolean woken;
        private @Nullable HandOver claim; // until it is settled
        private @Nullable HandOver handed;

        private Ticket(Line line, Receiver.Call call) {
            this.line = line;
            this.call = call;
        }

        /// Waits to be woken, or for what a claim comes to, and meanwhile makes the texts that it
        /// is to be handed; false when the time has passed without either, or the server stops.
        boolean await(Duration timeout) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                long left = timeout.toNanos();
                waits = true;
                while (claim != null || (!woken && left > 0 && !closed)) { // a claim ends
                    if (claim == null) {
                        left = changed.awaitNanos(left);
                    } else if (!claim.makeText()) {
                        changed.await();
                    }
                }
                boolean isWoken = woken && !closed;
                woken = false;
                return isWoken;
            } finally {
                waits = false;
                lock.unlock();
            }
        }

        /// What was handed to it; null when nothing was.
        Receiver.@Nullable Answer answer() {
            lock.lock();
            try {
                return handed == null ? null : handed.answer();
            } finally {
                lock.unlock();
            }
        }

        /// False once it has left the line.
        boolean isInLine() {
            lock.lock();
            try {
                return line.tickets.contains(this);
            } finally {
                lock.unlock();
            }
        }

        /// Lets it look again.
        void wake() {
            lock.lock();
            try {
                woken = true;
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        /// Ends a claim: with what was handed over, or with null when that came to nothing.
        private void settle(@Nullable HandOver with) {
            claim = null;
            handed = with;
            wake();
        }

        /// Leaves the line.
        @Override
        public void close() {
            lock.lock();
            try {
                if (leave() && woken && !line.tickets.isEmpty()) {
                    line.tickets.getFirst().wake();
                }
            } finally {
                lock.unlock();
            }
        }

        private boolean leave() {
            boolean left = line.tickets.remove(this);
            if (left && line.tickets.isEmpty()) {
                lines.remove(line.queue.number(), line);
                line.feeder.interrupt();
            }
            return left;
        }
    }

    /// Messages that a sender's transaction hands to a long poll that waits, in place of listing
    /// them as ready: one transaction stores them and hides them from others, and one sync makes
    /// both durable.
    ///
    /// The poll is told as soon as it is claimed, when there is a text to be made, and at the
    /// commit, so that it makes its answer during transaction and sync: a signature takes longer
    /// than both. Nobody sees any of it before it is durable. What is handed to one who has hung up
    /// meanwhile, it makes visible again as it does with what it took itself.
    final class HandOver implements Transaction.Claim {
        private final Ticket ticket;
        private final Claimant claimant;
        private final List<Reception.Received> messages = new ArrayList<>(1);
        private final Set<String> groups = new HashSet<>(0); // of a FIFO queue; for the sender
        private long dueMillis; // for the sender
        private int madeCount;
        private long version;

        private HandOver(Ticket ticket, Claimant claimant) {
            this.ticket = ticket;
            this.claimant = claimant;
        }

        private boolean hasRoom() {
            return messages.size() < ticket.call.countMax();
        }

        /// When all of it becomes visible again. The sender may have begun before the poll, which
        /// is promised its whole timeout.
        long dueMillis(Transaction tx, Queue queue, long nowMillis) {
            if (dueMillis == 0) {
                long timeoutMillis = ticket.call.visibilityTimeoutSeconds(queue) * 1000L;
                long fromMillis = Math.max(nowMillis, clock.millis());
                dueMillis = Floor.clamp(tx, queue.number(), fromMillis + timeoutMillis);
            }
            return dueMillis;
        }

        /// Adds a message whose position is known when the transaction is committed.
        void add(int ordinal, StoredMessage message, MessageState state) {
            lock.lock();
            try {
                messages.add(new Reception.Received(new Position(0, ordinal), message, state));
                if (!(message.body() instanceof StoredBody.Text)) {
                    ticket.changed.signal();
                }
            } finally {
                lock.unlock();
            }
        }

        /// Makes the next text that is not made yet, on the poll's thread, which has the lock and
        /// lends it meanwhile; false when there is none.
        private boolean makeText() {
            if (madeCount == messages.size()) {
                return false;
            }
            int index = madeCount++;
            Reception.Received received = messages.get(index);
            StoredMessage message = received.message();
            lock.unlock();
            StoredMessage made;
            try {
                made = message.with(message.body().in(renderings));
            } finally {
                lock.lock();
            }
            messages.set(
                    index, new Reception.Received(received.position(), made, received.state()));
            return true;
        }

        private Receiver.Answer answer() {
            List<Reception.Received> received = new ArrayList<>(messages.size());
            for (Reception.Received each : messages) {
                Position position = new Position(version, each.position().ordinal());
                received.add(new Reception.Received(position, each.message(), each.state()));
            }
            return new Receiver.Answer(received, version);
        }

        @Override
        public void committed(long at) {
            try {
                if (!ticket.call.queue().fifo()) {
                    Backlog backlog = backlogs.of(ticket.call.queue().number());
                    messages.forEach(each -> backlog.began(each.state()));
                }
            } finally {
                settle(at, this);
            }
        }

        @Override
        public void released() {
            settle(0, null);
        }

        private void settle(long at, @Nullable HandOver handed) {
            lock.lock();
            try {
                version = at;
                claims.remove(claimant, this);
                ticket.settle(handed);
            } finally {
                lock.unlock();
            }
        }
    }

    private final class Line {
        private final Queue queue;
        private final Watch watch;
        private final SequencedSet<Ticket> tickets = new LinkedHashSet<>();
        private final Thread feeder;

        private Line(Queue queue, Watch watch) {
            this.queue = queue;
            this.watch = watch;
            this.feeder = Thread.ofVirtual().name("sqs-waiters").unstarted(this::feed);
        }

        /// Ends when the line is empty, by interrupt, or with the store.
        private void feed() {
            try (watch) {
                while (true) {
                    guarded();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // the line is empty
            } catch (StoreException _) {
                wakeAll(this); // each meets the same failure and reports it
            }
        }

        /// What fails by our own fault is tried again; meanwhile each poll looks for itself.
        private void guarded() throws InterruptedException {
            try {
                step();
            } catch (StoreException e) {
                throw e;
            } catch (RuntimeException | Error e) { // such as want of memory
                LOG.error("A line of long polls failed by our own fault", e, "queue", queue.arn());
                wakeAll(this);
                Worker.pause(store, PAUSE_AFTER_FAULT);
            }
        }

        private void step() throws InterruptedException {
            long now = clock.millis();
            Backlog.Probe probe = backlogs.of(queue.number()).probe(queue, now);
            if (probe.gone()) {
                backlogs.forget(queue.number());
                store.write(this::current); // when it is durable: who is told then sees it
                wakeAll(this);
            } else if (probe.available()) {
                wake(queue.number());
            }
            boolean none = probe.nextDueMillis() == Long.MAX_VALUE;
            watch.await(none ? LONG : Duration.ofMillis(probe.nextDueMillis() - now));
        }

        private boolean current(Snapshot tx) {
            Queue current = Queues.byName(tx, queue.accountId(), queue.region(), queue.name());
            return current != null && current.number() == queue.number();
        }
    }
}
