package io.millrace.service.events;

import io.millrace.delivery.Job;
import io.millrace.delivery.JobHandler;
import io.millrace.delivery.Message;
import io.millrace.delivery.RemoteTarget;
import io.millrace.delivery.RemoteTarget.Reply;
import io.millrace.delivery.RemoteTargets;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.delivery.Targets;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Carries out what rules owe to targets outside of the store, and what was refused in it and is
/// sent again by hand. Thread-safe.
final class RuleDeliveries implements JobHandler {
    private final Store store;
    private final InstantSource clock;
    private final EventRouter router;
    private final Targets targets;
    private final RemoteTargets remoteTargets;
    private final EventTrace trace;
    private final BusLog log;

    RuleDeliveries(
            Store store,
            InstantSource clock,
            EventRouter router,
            Targets targets,
            RemoteTargets remoteTargets,
            EventTrace trace,
            BusLog log) {
        this.store = store;
        this.clock = clock;
        this.router = router;
        this.targets = targets;
        this.remoteTargets = remoteTargets;
        this.trace = trace;
        this.log = log;
    }

    @Override
    public Attempt attempt(Job job) throws InterruptedException {
        return attempt(job, 1);
    }

    @Override
    public Attempt attempt(Job job, int number) throws InterruptedException {
        RuleDelivery delivery = RuleDelivery.of(job);
        Optional<Arn> arn = Arn.parse(delivery.targetArn());
        if (arn.isEmpty()) {
            return new Attempt.Failed("NO_RESOURCE", "The target's ARN is not valid.", false);
        }
        if (BusName.isBus(arn.get())) {
            EventEnvelope event =
                    EventEnvelope.again(
                            delivery.eventId(),
                            RuleDelivery.event(job),
                            clock.instant(),
                            delivery.traceHeader());
            return store.write(tx -> router.sendAgain(tx, delivery, event));
        }
        return targets.has(arn.get())
                ? inStore(arn.get(), delivery.message(RuleDelivery.event(job)))
                : called(arn.get(), number, delivery, delivery.body(RuleDelivery.event(job)));
    }

    private Attempt inStore(Arn arn, Message message) {
        return switch (store.write(tx -> targets.deliver(tx, arn, message))) {
            case Outcome.Delivered _ -> new Attempt.Delivered();
            case Outcome.Refused(String code, String why) ->
                    new Attempt.Failed(TargetErrors.code(code), why, false);
        };
    }

    private Attempt called(Arn arn, int number, RuleDelivery delivery, String body)
            throws InterruptedException {
        RemoteTarget.Call call =
                new RemoteTarget.Call(
                        body,
                        delivery.http().headers(),
                        delivery.http().query(),
                        delivery.http().path(),
                        EventRouter.SENDER_ID,
                        delivery.ruleArn());
        long begin = clock.millis();
        Reply reply = remoteTargets.call(arn, call);
        long milliseconds = clock.millis() - begin;
        EventTrace.Result attempted;
        Attempt attempt;
        switch (reply) {
            case Reply.Answered(int status, _) -> {
                attempted =
                        new EventTrace.Result.Attempted(
                                number, milliseconds, Integer.toString(status), "", "");
                attempt = new Attempt.Delivered();
            }
            case Reply.Refused(String code, String why, boolean retryable, Duration retryAfter) -> {
                attempted = new EventTrace.Result.Attempted(number, milliseconds, "", code, why);
                attempt = new Attempt.Failed(code, why, retryable, retryAfter);
            }
        }
        trace.hop(hop(delivery, attempted));
        return attempt;
    }

    @Override
    public Message deadLetter(Job job, Attempt.Failed failure) {
        return deadLetter(job, new GivenUp(failure, 1, null));
    }

    @Override
    public Message deadLetter(Job job, GivenUp givenUp) {
        RuleDelivery delivery = RuleDelivery.of(job);
        @Nullable String exhausted =
                givenUp.exhausted() == null
                        ? null
                        : switch (givenUp.exhausted()) {
                            case ATTEMPTS -> "MaximumRetryAttempts";
                            case AGE -> "MaximumEventAgeInSeconds";
                        };
        return delivery.deadLetter(
                RuleDelivery.event(job),
                TargetErrors.attributes(
                        delivery, givenUp.failure(), givenUp.attemptCount() - 1, exhausted));
    }

    @Override
    public void ended(Job job, Ending ending) {
        RuleDelivery delivery = RuleDelivery.of(job);
        EventTrace.Result result =
                switch (ending.last()) {
                    case Attempt.Delivered _ -> new EventTrace.Result.Delivered();
                    case Attempt.Failed failed ->
                            ending.isDeadLetter()
                                    ? new EventTrace.Result.DeadLettered(
                                            failed.errorCode(), failed.errorMessage())
                                    : new EventTrace.Result.Kept(
                                            failed.errorCode(), failed.errorMessage());
                };
        EventTrace.Hop hop = hop(delivery, result);
        trace.hop(hop);
        Optional<BusName> bus = BusName.ofRule(delivery.ruleArn());
        if (bus.isPresent() && store.<Boolean>read(tx -> log.isOn(tx, bus.get()))) {
            store.write(tx -> {
                log.invoked(tx, bus.get(), hop, ending.attemptCount());
                return true;
            });
        }
    }

    private static EventTrace.Hop hop(RuleDelivery delivery, EventTrace.Result result) {
        return new EventTrace.Hop(
                delivery.eventId(),
                delivery.ruleArn(),
                delivery.targetId(),
                delivery.targetArn(),
                result);
    }
}
