package io.millrace.service.sqs;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Watch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Long polls that wait for messages: per queue a line, served in the order of arrival.
///
/// One watch per queue serves its whole line; it is woken at commit, so that a poll takes a message
/// while that is being made durable, and is answered when both are. When there is something to
/// receive, the first in the line is woken; whoever gets candidates wakes the next at once, so that
/// one message wakes one poll and a thousand wake as many as they serve. No wake-up is lost: the
/// watch is open before a poll looks for the last time, a wake-up stays with its poll until that
/// looks again, and a poll that leaves without having looked passes it on.
final class Waiters {

    private static final Duration LONG = Duration.ofHours(1);

    private final Store store;
    private final InstantSource clock;
    private final Backlogs backlogs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Line> lines = new HashMap<>();
    private volatile boolean closed;

    Waiters(Store store, InstantSource clock, Backlogs backlogs) {
        this.store = store;
        this.clock = clock;
        this.backlogs = backlogs;
    }

    /// Joins the line of a queue; look for messages after that, and wait when there are none.
    Ticket join(Queue queue) {
        lock.lock();
        try {
            Line line = lines.get(queue.number());
            if (line == null) {
                line = new Line(queue, store.watchCommits(SqsKeys.counters(queue.number())));
                lines.put(queue.number(), line);
                line.feeder.start();
            }
            Ticket ticket = new Ticket(line);
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
            lines.values().forEach(line -> line.tickets.forEach(Ticket::wake));
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return lines.values().stream().mapToInt(line -> line.tickets.size()).sum();
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

    /// A place in a line.
    final class Ticket implements AutoCloseable {
        private final Line line;
        private final Semaphore woken = new Semaphore(0);

        private Ticket(Line line) {
            this.line = line;
        }

        /// False when the time has passed without a wake-up, or the server stops.
        boolean await(Duration timeout) throws InterruptedException {
            return !closed && woken.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS) && !closed;
        }

        /// False once it was closed.
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
            if (woken.availablePermits() == 0) {
                woken.release();
            }
        }

        /// Leaves the line.
        @Override
        public void close() {
            lock.lock();
            try {
                if (!line.tickets.remove(this)) {
                    return;
                }
                if (line.tickets.isEmpty()) {
                    lines.remove(line.queue.number(), line);
                    line.feeder.interrupt();
                } else if (woken.tryAcquire()) {
                    line.tickets.getFirst().wake();
                }
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
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // the line is empty
            } catch (StoreException _) {
                wakeAll(this); // each meets the same failure and reports it
            }
        }

        private boolean current(Snapshot tx) {
            Queue current = Queues.byName(tx, queue.accountId(), queue.region(), queue.name());
            return current != null && current.number() == queue.number();
        }
    }
}
