package io.millrace.service.scheduler;

import io.millrace.api.scheduler.EventBridgeParameters;
import io.millrace.api.scheduler.SqsParameters;
import io.millrace.api.scheduler.Target;
import io.millrace.delivery.EventBuses;
import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.delivery.JobHandler.Exhausted;
import io.millrace.delivery.JobHandler.GivenUp;
import io.millrace.delivery.Message;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.delivery.Targets;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.ExecutionRoles;

import java.util.List;
import java.util.Map;

/// Calls what lives in the store, in the transaction of the run; owes the rest to the outbox, and
/// everything where roles are enforced. Thread-safe.
final class Invoker {
    static final String SENDER_ID = "scheduler.amazonaws.com";

    private final Targets targets;
    private final EventBuses buses;
    private final Outbox outbox;
    private final boolean byRole;

    /// How the role of a group's schedule is assumed. Source: [confused
    /// deputy](https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html).
    static ExecutionRoles.Use use(GroupName group, Target target, String sessionName) {
        return new ExecutionRoles.Use(
                group.accountId(), target.roleArn(), SENDER_ID, group.arn(), sessionName);
    }

    /// @param byRole whether each call needs the permission of a role, which is read outside of the
    ///   transaction of the run
    Invoker(Targets targets, EventBuses buses, Outbox outbox, boolean byRole) {
        this.targets = targets;
        this.buses = buses;
        this.outbox = outbox;
        this.byRole = byRole;
    }

    /// Drops a run that comes so late that its policy has it dropped before the first attempt.
    void drop(Transaction transaction, Invocation invocation) {
        Attempt.Failed failure =
                new Attempt.Failed(
                        "MaximumEventAgeExceeded",
                        "The run is older than the maximum event age.",
                        true);
        fail(transaction, invocation, new GivenUp(failure, 1, Exhausted.AGE));
    }

    /// Carries out a run. What the store refuses, it refuses for good: it gets no second attempt.
    void invoke(Transaction transaction, Invocation invocation) {
        ScheduleTarget target = ScheduleTarget.of(invocation.target());
        if (!byRole
                && target instanceof ScheduleTarget.Templated templated
                && isInStore(templated)) {
            if (deliver(transaction, invocation, templated, 1)
                    instanceof Outcome.Refused(String code, String why)) {
                Attempt.Failed failure = new Attempt.Failed(code, why, false);
                fail(transaction, invocation, new GivenUp(failure, 1, null));
            }
        } else {
            outbox.add(transaction, invocation.job());
        }
    }

    boolean isInStore(ScheduleTarget.Templated target) {
        return target.isBus() || targets.has(target.arn());
    }

    /// Delivers to a queue, a topic or a bus.
    ///
    /// @param attempt from 1
    Outcome deliver(
            Transaction transaction,
            Invocation invocation,
            ScheduleTarget.Templated target,
            int attempt) {
        if (target.isBus()) {
            return put(transaction, invocation, target.arn(), attempt);
        }
        SqsParameters parameters = invocation.target().sqsParameters();
        return targets.deliver(
                transaction,
                target.arn(),
                new Message(
                        invocation.body(attempt),
                        Map.of(),
                        null,
                        parameters == null ? null : parameters.messageGroupId(),
                        null,
                        null,
                        SENDER_ID,
                        invocation.scheduleArn()));
    }

    private Outcome put(Transaction transaction, Invocation invocation, Arn bus, int attempt) {
        EventBridgeParameters parameters = invocation.target().eventBridgeParameters();
        if (parameters == null) {
            return new Outcome.Refused("INVALID_PARAMETER", "EventBridgeParameters are missing.");
        }
        String input = invocation.input(attempt);
        return buses.put(
                transaction,
                bus,
                new EventBuses.Event(
                        parameters.source(),
                        parameters.detailType(),
                        input == null ? "{}" : input,
                        List.of(invocation.scheduleArn()),
                        null,
                        null),
                SENDER_ID,
                invocation.scheduleArn());
    }

    /// Ends a run that was not taken: in its dead-letter queue, or among the failed jobs.
    private void fail(Transaction transaction, Invocation invocation, GivenUp givenUp) {
        boolean isDeadLetter =
                invocation
                        .deadLetterArn()
                        .flatMap(Arn::parse)
                        .filter(queue ->
                                targets.deliver(
                                                transaction,
                                                queue,
                                                DeadLetters.message(invocation, givenUp))
                                        instanceof Outcome.Delivered)
                        .isPresent();
        if (!isDeadLetter) {
            outbox.addFailed(transaction, invocation.job(), givenUp.failure());
        }
    }
}
