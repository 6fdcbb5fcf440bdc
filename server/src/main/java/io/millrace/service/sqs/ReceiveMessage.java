package io.millrace.service.sqs;

import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.api.sqs.ReceiveMessageResult;
import io.millrace.delivery.Renderings;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `ReceiveMessage`: hands out up to ten messages and hides them for the visibility timeout; waits
/// for the first when asked to.
///
/// The new visibility is durable when it returns. Errors: `QueueDoesNotExist` (also when the queue
/// is deleted while it waits), `InvalidParameterValue`, `OverLimit`. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html).
final class ReceiveMessage implements Operation<ReceiveMessageRequest, ReceiveMessageResult> {
    private final Store store;
    private final InstantSource clock;
    private final Ordinals ordinals;
    private final Enqueue enqueue;
    private final Backlogs backlogs;
    private final Waiters waiters;
    private final Renderings renderings;

    ReceiveMessage(
            Store store,
            InstantSource clock,
            Ordinals ordinals,
            Enqueue enqueue,
            Backlogs backlogs,
            Waiters waiters,
            Renderings renderings) {
        this.store = store;
        this.clock = clock;
        this.ordinals = ordinals;
        this.enqueue = enqueue;
        this.backlogs = backlogs;
        this.waiters = waiters;
        this.renderings = renderings;
    }

    @Override
    public ReceiveMessageResult handle(Caller caller, ReceiveMessageRequest request) {
        check(request);
        Selection selection = Selection.of(request);
        Queue queue = store.read(tx -> Queues.require(tx, caller, request.queueUrl()));
        Integer wait = request.waitTimeSeconds();
        int waitSeconds = wait == null ? queue.waitTimeSeconds() : wait;
        List<Reception.Received> received =
                waitSeconds == 0
                        ? receiveNow(caller, request, queue)
                        : receive(caller, request, queue, Duration.ofSeconds(waitSeconds));
        return ReceiveMessageResult.builder()
                .messages(
                        received.isEmpty()
                                ? null
                                : received.stream()
                                        .map(message -> selection.apply(queue, message, renderings))
                                        .toList())
                .build();
    }

    private static void check(ReceiveMessageRequest request) {
        Integer count = request.maxNumberOfMessages();
        if (count != null && (count < 1 || count > SqsLimits.RECEIVE_MESSAGES_MAX)) {
            throw SqsErrors.invalidValue(
                    count, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.");
        }
        Integer wait = request.waitTimeSeconds();
        if (wait != null && (wait < 0 || wait > SqsLimits.WAIT_TIME_SECONDS_MAX)) {
            throw SqsErrors.invalidValue(
                    wait, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.");
        }
        Integer timeout = request.visibilityTimeout();
        if (timeout != null
                && (timeout < 0 || timeout > SqsLimits.VISIBILITY_TIMEOUT_SECONDS_MAX)) {
            throw SqsErrors.invalidValue(
                    timeout, "VisibilityTimeout", "Must be >= 0 and <= 43200, if provided.");
        }
    }

    private List<Reception.Received> receive(
            Caller caller, ReceiveMessageRequest request, Queue queue, Duration patience) {
        List<Reception.Received> received = attempt(caller, request, queue, null);
        long end = clock.millis() + patience.toMillis();
        while (received.isEmpty()) { // ends with the patience
            try (Waiters.Ticket ticket = waiters.join(queue)) {
                while (received.isEmpty() && ticket.isInLine()) {
                    received = attempt(caller, request, queue, ticket);
                    long left = end - clock.millis();
                    if (received.isEmpty() && !mayHaveMore(ticket, left)) {
                        return List.of();
                    }
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // the server stops
                return List.of();
            }
        }
        return received;
    }

    /// Waits; false when that was in vain. Does not wait outside of the line.
    private static boolean mayHaveMore(Waiters.Ticket ticket, long leftMillis)
            throws InterruptedException {
        return leftMillis > 0
                && (!ticket.isInLine() || ticket.await(Duration.ofMillis(leftMillis)));
    }

    private List<Reception.Received> receiveNow(
            Caller caller, ReceiveMessageRequest request, Queue queue) {
        Backlog backlog = backlogs.of(queue.number());
        List<Reception.Received> received = attempt(caller, request, queue, null);
        if (received.isEmpty() && backlog.inFlightCount() >= SqsLimits.IN_FLIGHT_MAX) {
            Counts counts = store.read(tx -> Counts.of(tx, queue, clock.millis()));
            if (counts.inFlight() >= SqsLimits.IN_FLIGHT_MAX) {
                throw SqsErrors.tooManyInFlight();
            }
        }
        return received;
    }

    /// Receives what is there, again as long as candidates lead to nothing. Ends, since these are
    /// gone then.
    private List<Reception.Received> attempt(
            Caller caller,
            ReceiveMessageRequest request,
            Queue queue,
            Waiters.@Nullable Ticket ticket) {
        Integer count = request.maxNumberOfMessages();
        int countMax = count == null ? 1 : count;
        Backlog backlog = backlogs.of(queue.number());
        List<Reception.Received> received = new ArrayList<>(countMax);
        boolean missed = true;
        while (missed && received.size() < countMax) {
            long now = clock.millis();
            if (isFull(backlog, queue, now)) {
                break;
            }
            int wanted = countMax - received.size();
            List<Candidate> candidates = backlog.take(queue, wanted, now);
            if (candidates.isEmpty()) {
                break;
            }
            if (ticket != null) {
                ticket.close();
                waiters.wake(queue.number());
            }
            Reception.Outcome outcome =
                    receive(caller, request, queue, backlog, candidates, wanted, now);
            received.addAll(outcome.received());
            missed = outcome.missed() && !isVisibleAgain(received, now);
        }
        if (received.isEmpty()) {
            store.read(tx -> current(tx, caller, request, queue));
        }
        return received;
    }

    private Reception.Outcome receive(
            Caller caller,
            ReceiveMessageRequest request,
            Queue queue,
            Backlog backlog,
            List<Candidate> candidates,
            int countMax,
            long now) {
        Integer timeout = request.visibilityTimeout();
        List<Candidate> unused = candidates;
        try {
            Reception.Outcome outcome =
                    store.write(tx -> {
                        Queue current = current(tx, caller, request, queue);
                        int seconds =
                                timeout == null ? current.visibilityTimeoutSeconds() : timeout;
                        return new Reception(tx, current, enqueue, ordinals, countMax, seconds, now)
                                .receive(candidates);
                    });
            unused = outcome.unused();
            return outcome;
        } finally {
            backlog.done(candidates.subList(0, candidates.size() - unused.size()));
            backlog.giveBack(unused);
        }
    }

    /// Without a visibility timeout, the same messages would come again.
    private static boolean isVisibleAgain(List<Reception.Received> received, long now) {
        return !received.isEmpty() && received.getFirst().state().dueMillis() <= now;
    }

    private boolean isFull(Backlog backlog, Queue queue, long now) {
        return backlog.inFlightCount() >= SqsLimits.IN_FLIGHT_MAX
                && store.read(tx -> Counts.of(tx, queue, now)).inFlight()
                        >= SqsLimits.IN_FLIGHT_MAX;
    }

    /// The queue as it is now, if it is still the same: one made again under its name is not what a
    /// waiting caller meant.
    private static Queue current(
            Snapshot tx, Caller caller, ReceiveMessageRequest request, Queue queue) {
        Queue current = Queues.require(tx, caller, request.queueUrl());
        if (current.number() != queue.number()) {
            throw SqsErrors.queueDoesNotExist();
        }
        return current;
    }
}
