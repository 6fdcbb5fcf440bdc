package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// Commits that become durable by one sync, and the threads that wait for it.
final class CommitGroup {

    private record Waiter(Thread thread, @Nullable Waiter next) {}

    private enum Outcome {
        PENDING,
        DURABLE,
        FAILED
    }

    private final List<RecentCommits.Commit> commits = new ArrayList<>();
    private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();
    private volatile Outcome outcome = Outcome.PENDING;

    /// Guarded by the commit lock until the group is closed; then only read.
    List<RecentCommits.Commit> commits() {
        return commits;
    }

    /// Waits until the group is durable; false when it failed. Not ended by an interrupt, which is
    /// kept for the caller: the outcome of a commit must be known.
    boolean awaitDurable() {
        if (outcome == Outcome.PENDING) {
            push(Thread.currentThread());
            boolean interrupted = false;
            while (outcome == Outcome.PENDING) { // ends: every group is completed
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return outcome == Outcome.DURABLE;
    }

    void complete(boolean durable) {
        outcome = durable ? Outcome.DURABLE : Outcome.FAILED;
        for (Waiter waiter = waiters.getAndSet(null); waiter != null; waiter = waiter.next()) {
            LockSupport.unpark(waiter.thread());
        }
    }

    private void push(Thread thread) {
        Waiter head;
        do { // ends: a failed exchange means that another waiter got in
            head = waiters.get();
        } while (!waiters.compareAndSet(head, new Waiter(thread, head)));
    }
}
