package io.millrace.service.scheduler;

import io.millrace.api.Shape;
import io.millrace.delivery.Job;
import io.millrace.delivery.JobHandler;
import io.millrace.delivery.Message;
import io.millrace.delivery.RemoteTarget;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;
import io.millrace.wire.Ids;
import io.millrace.wire.ServiceException;

import java.util.Optional;
import java.util.function.Function;

/// Runs of schedules that call something outside of the run's own transaction: operations of this
/// server, functions, and what a person sends once more.
final class Invocations implements JobHandler {
    private static final int SERVER_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int TOO_MANY_REQUESTS = 429;

    private final Store store;
    private final Ids ids;
    private final Invoker invoker;
    private final Scheduler.Reach reach;

    Invocations(Store store, Ids ids, Invoker invoker, Scheduler.Reach reach) {
        this.store = store;
        this.ids = ids;
        this.invoker = invoker;
        this.reach = reach;
    }

    @Override
    public Attempt attempt(Job job, int number) throws InterruptedException {
        Invocation invocation = Invocation.of(job);
        return switch (ScheduleTarget.of(invocation.target())) {
            case ScheduleTarget.Universal universal -> call(invocation, universal, number);
            case ScheduleTarget.Templated templated when invoker.isInStore(templated) ->
                    reach.roles().areEnforced()
                            ? call(invocation, templated.arn(), number)
                            : deliver(invocation, templated, number);
            case ScheduleTarget.Templated templated ->
                    callRemote(invocation, templated.arn(), number);
        };
    }

    @Override
    public Attempt attempt(Job job) throws InterruptedException {
        return attempt(job, 1);
    }

    private Attempt deliver(Invocation invocation, ScheduleTarget.Templated target, int number) {
        Outcome outcome = store.write(tx -> invoker.deliver(tx, invocation, target, number));
        return switch (outcome) {
            case Outcome.Delivered _ -> new Attempt.Delivered();
            case Outcome.Refused(String code, String why) -> new Attempt.Failed(code, why, false);
        };
    }

    private Attempt callRemote(Invocation invocation, Arn target, int number)
            throws InterruptedException {
        RemoteTarget.Call call =
                RemoteTarget.Call.of(
                        invocation.body(number), Invoker.SENDER_ID, invocation.scheduleArn());
        return switch (reach.remotes().call(target, call)) {
            case RemoteTarget.Reply.Answered _ -> new Attempt.Delivered();
            case RemoteTarget.Reply.Refused refused ->
                    new Attempt.Failed(
                            refused.errorCode(),
                            refused.errorMessage(),
                            refused.retryable(),
                            refused.retryAfter());
        };
    }

    private Attempt call(Invocation invocation, ScheduleTarget.Universal target, int number) {
        if (!reach.calls().has(target.service(), target.action())) {
            return new Attempt.Failed(
                    "NO_RESOURCE",
                    "Millrace has no operation " + target.service() + ":" + target.action() + ".",
                    false);
        }
        String input = invocation.input(number);
        return call(
                invocation,
                invocation.schedule().group().region(),
                new TemplatedCall(target.service(), target.action(), input == null ? "{}" : input),
                _ -> new Attempt.Delivered());
    }

    /// Calls the operation behind a queue, a topic or a bus, in the region of that.
    private Attempt call(Invocation invocation, Arn target, int number) {
        return TemplatedCall.of(invocation, target, number, reach.endpoint())
                .map(call -> call(invocation, target.region(), call, TemplatedCall::outcome))
                .orElseGet(() ->
                        new Attempt.Failed(
                                "INVALID_PARAMETER", "EventBridgeParameters are missing.", false));
    }

    /// @param outcome what an answer means
    private Attempt call(
            Invocation invocation,
            String region,
            TemplatedCall call,
            Function<Shape, Attempt> outcome) {
        GroupName group = invocation.schedule().group();
        Optional<Identity> role =
                reach.roles().assume(Invoker.use(group, invocation.target(), invocation.id()));
        if (role.isEmpty()) {
            return new Attempt.Failed(
                    "AccessDeniedException", SchedulerErrors.ROLE_NOT_ASSUMABLE, false);
        }
        Caller caller = Caller.within(role.get(), region, ids.uuid(), reach.endpoint());
        try {
            return outcome.apply(
                    reach.calls()
                            .call(
                                    caller,
                                    Invoker.SENDER_ID,
                                    call.service(),
                                    call.action(),
                                    call.input()));
        } catch (ServiceException e) {
            return new Attempt.Failed(
                    e.error().queryCodeOrCode(), e.message(), isRetryable(e.error().httpStatus()));
        }
    }

    private static boolean isRetryable(int status) {
        return status == TOO_MANY_REQUESTS || (status >= SERVER_ERROR && status != NOT_IMPLEMENTED);
    }

    @Override
    public Message deadLetter(Job job, GivenUp givenUp) {
        return DeadLetters.message(Invocation.of(job), givenUp);
    }

    @Override
    public Message deadLetter(Job job, Attempt.Failed failure) {
        return deadLetter(job, new GivenUp(failure, 1, null));
    }
}
