package io.millrace.http;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Lets few requests at a time from the socket towards the handler; the others wait, parked. Under
/// overload, requests arrive faster than they can even be refused, and each that is read would make
/// those in work, which are scheduled in turn with it, wait.
///
/// Who waits is let in by a platform thread. The scheduler of virtual threads runs those that
/// others of them woke before those that platform threads woke, as the store does when a commit is
/// durable; were the waiting to wake each other, commits would never be answered. Thread-safe.
final class Turnstile implements AutoCloseable {
    private final int countMax;
    private final AtomicInteger inside = new AtomicInteger();
    private final Queue<Visitor> waiting = new ConcurrentLinkedQueue<>();
    private final Thread porter =
            Thread.ofPlatform().name("http-porter").daemon().unstarted(this::letIn);
    private volatile boolean closed;

    Turnstile(int countMax) {
        this.countMax = countMax;
    }

    void start() {
        porter.start();
    }

    /// Lets everyone pass.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(porter);
    }

    Visitor visitor() {
        return new Visitor();
    }

    private boolean tryEnter() {
        if (inside.incrementAndGet() <= countMax || closed) {
            return true;
        }
        inside.decrementAndGet();
        return false;
    }

    private void letIn() {
        while (!closed || !waiting.isEmpty()) { // ends with the server
            while (!waiting.isEmpty() && tryEnter()) {
                Visitor next = waiting.poll();
                if (next == null) {
                    inside.decrementAndGet();
                } else {
                    next.inside = true;
                    LockSupport.unpark(next.thread);
                }
            }
            if (!closed) {
                LockSupport.park(this);
            }
        }
    }

    /// One who passes. For one thread.
    final class Visitor {
        private volatile boolean inside;
        private volatile Thread thread = Thread.currentThread();

        /// Waits for a turn; that is short, since nobody blocks on a socket inside.
        void enter() {
            if (inside) {
                return;
            }
            if (waiting.isEmpty() && tryEnter()) {
                inside = true;
                return;
            }
            thread = Thread.currentThread();
            waiting.add(this);
            LockSupport.unpark(porter);
            boolean interrupted = false;
            while (!inside) { // ends: whoever is inside leaves
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                thread.interrupt();
            }
        }

        void leave() {
            if (inside) {
                inside = false;
                Turnstile.this.inside.decrementAndGet();
                if (!waiting.isEmpty()) {
                    LockSupport.unpark(porter);
                }
            }
        }
    }
}
