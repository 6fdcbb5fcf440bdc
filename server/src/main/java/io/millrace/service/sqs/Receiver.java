package io.millrace.service.sqs;

import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Receives for `ReceiveMessage`: takes candidates from the backlog into a transaction, again as
/// long as they lead to nothing, and waits in the queue's line for more. Thread-safe.
///
/// Who hangs up while it waits leaves the line at once and is handed nothing; what was being
/// committed for it just then is visible again after the commit, unless an attempt id says that its
/// receiver comes back.
final class Receiver {

    /// One request, and the queue that its caller means.
    record Call(Caller caller, ReceiveMessageRequest request, Queue queue) {

        int countMax() {
            Integer count = request.maxNumberOfMessages();
            return count == null ? 1 : count;
        }

        /// By which it can be repeated; null when it cannot.
        @Nullable String attemptId() {
            return queue.fifo() ? request.receiveRequestAttemptId() : null;
        }

        boolean hasHungUp() {
            return caller.client().hasHungUp();
        }

        int visibilityTimeoutSeconds(Queue current) {
            Integer timeout = request.visibilityTimeout();
            return timeout == null ? current.visibilityTimeoutSeconds() : timeout;
        }

        /// Whether its caller may be handed messages of the queue as it is now, for a time in which
        /// nobody else gets them. Not when that could be repeated: an attempt keeps positions,
        /// which a sender does not know yet.
        boolean mayBeHanded(Queue current) {
            try {
                Permission.check(caller, current);
            } catch (ServiceException _) { // it finds that out when it looks
                return false;
            }
            return !hasHungUp() && attemptId() == null && visibilityTimeoutSeconds(current) > 0;
        }

        /// The queue as it is now, if it is still the same: one made again under its name is not
        /// what a waiting caller meant.
        Queue current(Snapshot tx) {
            Queue current = Queues.require(tx, caller, request.queueUrl());
            if (current.number() != queue.number()) {
                throw SqsErrors.queueDoesNotExist();
            }
            return current;
        }
    }

    /// What a request gets.
    ///
    /// @param version up to which the store must be durable before anybody is told; 0 when it is
    record Answer(List<Reception.Received> received, long version) {
        private static final Answer NONE = new Answer(List.of(), 0);

        static Answer durable(List<Reception.Received> received) {
            return received.isEmpty() ? NONE : new Answer(received, 0);
        }
    }

    private final Store store;
    private final InstantSource clock;
    private final Ordinals ordinals;
    private final Enqueue enqueue;
    private final Receipts receipts;
    private final Backlogs backlogs;
    private final Waiters waiters;

    Receiver(
            Store store,
            InstantSource clock,
            Ordinals ordinals,
            Enqueue enqueue,
            Receipts receipts,
            Backlogs backlogs,
            Waiters waiters) {
        this.store = store;
        this.clock = clock;
        this.ordinals = ordinals;
        this.enqueue = enqueue;
        this.receipts = receipts;
        this.backlogs = backlogs;
        this.waiters = waiters;
    }

    /// Receives what is there; `OverLimit` when nothing may be received any more. A FIFO queue does
    /// not tell that.
    Answer receiveNow(Call call) {
        List<Reception.Received> received = attempt(call, null);
        if (received.isEmpty() && !call.queue().fifo() && isFull(call.queue(), clock.millis())) {
            throw SqsErrors.tooManyInFlight();
        }
        return Answer.durable(received);
    }

    /// Receives what is there, or the first that comes within the time, if the caller still waits.
    Answer receive(Call call, Duration patience) {
        boolean first = !waiters.hasLine(call.queue()); // in a line, one look is enough
        List<Reception.Received> there = first ? attempt(call, null) : List.of();
        long end = clock.millis() + patience.toMillis();
        Answer answer = there.isEmpty() ? null : Answer.durable(there);
        while (answer == null) { // ends with the patience
            try (Waiters.Ticket ticket = waiters.join(call)) {
                call.caller().client().watch(ticket::wake);
                answer = inLine(call, ticket, end);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // the server stops
                return Answer.NONE;
            }
        }
        return call.hasHungUp() ? takenBack(call, answer) : answer;
    }

    /// Waits in the line; null when it was left for what turned out to be gone.
    private @Nullable Answer inLine(Call call, Waiters.Ticket ticket, long endMillis)
            throws InterruptedException {
        while (ticket.isInLine()) { // ends with the patience
            if (call.hasHungUp()) {
                return Answer.NONE;
            }
            List<Reception.Received> received = attempt(call, ticket);
            if (!received.isEmpty()) {
                return Answer.durable(received);
            }
            if (ticket.isInLine()) {
                boolean woken = ticket.await(Duration.ofMillis(endMillis - clock.millis()));
                Answer handed = ticket.answer();
                if (handed != null) {
                    return handed;
                }
                if (!woken) { // another attempt with its id may have come first
                    return Answer.durable(repeated(call));
                }
            }
        }
        return null;
    }

    /// Makes visible again what nobody will read the answer with.
    private Answer takenBack(Call call, Answer answer) {
        List<Reception.Received> received = answer.received();
        if (call.attemptId() != null || received.isEmpty()) {
            return answer;
        }
        store.write(tx -> {
            Queue current = call.current(tx);
            for (Reception.Received one : received) {
                if (receipts.isHeld(tx, current, one.handle(current), clock.millis())) {
                    receipts.changeVisibility(tx, current, one.handle(current), 0, clock.millis());
                }
            }
            return List.of();
        });
        return Answer.NONE;
    }

    private List<Reception.Received> attempt(Call call, Waiters.@Nullable Ticket ticket) {
        long queue = call.queue().number();
        try {
            return look(call, ticket);
        } catch (ServiceException e) {
            if (e.error().equals(SqsApi.Errors.QUEUE_DOES_NOT_EXIST)) {
                backlogs.forget(queue); // the look has made it anew
            }
            throw e;
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException | Error e) { // such as want of memory
            backlogs.forget(queue); // some of it may be nobody's now: let it be read again
            waiters.wake(queue);
            throw e;
        }
    }

    /// Receives what is there, again as long as candidates lead to nothing. Ends, since these are
    /// gone then.
    private List<Reception.Received> look(Call call, Waiters.@Nullable Ticket ticket) {
        Queue queue = call.queue();
        Backlog backlog = backlogs.of(queue.number());
        List<Reception.Received> received = new ArrayList<>(repeated(call));
        long now = clock.millis(); // one for all rounds: what the first hides, no other finds
        boolean missed = received.isEmpty();
        while (missed && received.size() < call.countMax()) {
            if (isFull(queue, now)) {
                break;
            }
            int wanted = call.countMax() - received.size();
            List<Candidate> candidates = backlog.take(queue, wanted, now);
            if (candidates.isEmpty()) {
                break;
            }
            if (ticket != null) {
                ticket.close();
                waiters.wake(queue.number());
            }
            Reception.Outcome outcome = receive(call, backlog, candidates, wanted, now);
            received.addAll(outcome.received());
            missed = outcome.missed() && !isLast(call, received, now);
        }
        if (received.isEmpty()) {
            store.read(call::current);
        }
        return received;
    }

    private Reception.Outcome receive(
            Call call, Backlog backlog, List<Candidate> candidates, int countMax, long now) {
        List<Candidate> unused = candidates;
        try {
            Reception.Outcome outcome =
                    store.write(tx -> {
                        Queue current = call.current(tx);
                        if (call.hasHungUp()) {
                            return Reception.Outcome.of(List.of(), candidates);
                        }
                        List<Reception.Received> again = repeat(tx, call, current, now);
                        if (!again.isEmpty()) {
                            return Reception.Outcome.of(again, candidates);
                        }
                        return receive(tx, call, current, candidates, countMax, now);
                    });
            unused = outcome.unused();
            backlog.closed(outcome.closed());
            if (!call.queue().fifo()) {
                outcome.received().forEach(one -> backlog.began(one.state()));
                outcome.ended().forEach(state -> backlog.ended(state, now));
            }
            return outcome;
        } finally {
            List<Candidate> done = new ArrayList<>(candidates);
            done.removeAll(unused);
            backlog.done(done);
            if (!unused.isEmpty()) {
                backlog.giveBack(unused);
                waiters.wake(call.queue().number()); // the next saw nothing while we had these
            }
        }
    }

    private Reception.Outcome receive(
            Transaction tx,
            Call call,
            Queue current,
            List<Candidate> candidates,
            int countMax,
            long now) {
        int seconds = call.visibilityTimeoutSeconds(current);
        Reception.Outcome outcome =
                new Reception(tx, current, enqueue, ordinals, countMax, seconds, now)
                        .receive(candidates);
        String id = call.attemptId();
        if (id != null) {
            Attempts.remember(tx, current, id, outcome.received(), now);
        }
        return outcome;
    }

    /// What an earlier receive with the same attempt id received.
    private List<Reception.Received> repeated(Call call) {
        String id = call.attemptId();
        long now = clock.millis();
        if (id == null || store.read(tx -> Attempts.find(tx, call.queue(), id, now) == null)) {
            return List.of();
        }
        return store.write(tx -> repeat(tx, call, call.current(tx), now));
    }

    private List<Reception.Received> repeat(Transaction tx, Call call, Queue current, long now) {
        String id = call.attemptId();
        if (id == null) {
            return List.of();
        }
        Attempts.Attempt attempt = Attempts.find(tx, current, id, now);
        if (attempt == null) {
            return List.of();
        }
        long due = now + call.visibilityTimeoutSeconds(current) * 1000L;
        return Attempts.repeat(
                tx, current, id, attempt, ordinals, Floor.clamp(tx, current.number(), due), now);
    }

    /// An attempt that can be repeated is one transaction; and without a visibility timeout the
    /// same messages would come again.
    private static boolean isLast(Call call, List<Reception.Received> received, long now) {
        return !received.isEmpty()
                && (call.attemptId() != null || received.getFirst().state().dueMillis() <= now);
    }

    private boolean isFull(Queue queue, long now) {
        return backlogs.of(queue.number()).inFlightCountMax() >= SqsLimits.IN_FLIGHT_MAX
                && store.read(tx -> Counts.of(tx, queue, now)).inFlight()
                        >= SqsLimits.IN_FLIGHT_MAX;
    }
}
