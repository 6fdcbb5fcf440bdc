package io.millrace.service.events;

import io.millrace.api.events.Target;
import io.millrace.delivery.Job;
import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.delivery.Message;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.RemoteTargets;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.delivery.Targets;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// Delivers an event to one target of a rule, in the transaction that put the event: to what is in
/// the store at once, to what is outside of it by a job of the outbox. Thread-safe.
///
/// What lives in the store refuses for good, so it gets no second try. What was refused goes to the
/// target's dead-letter queue, with AWS's attributes; where there is none, or it refuses as well,
/// the outbox keeps it as failed, to be seen and sent again, unless it would fail again: that is
/// dropped.
final class TargetDeliveries {
    /// A target with its ARN, read once; empty when that is none.
    record Place(OrderedTarget target, Optional<Arn> arn) {}

    private final Archives archives;
    private final Targets targets;
    private final RemoteTargets remoteTargets;
    private final Outbox outbox;

    TargetDeliveries(
            Archives archives, Targets targets, RemoteTargets remoteTargets, Outbox outbox) {
        this.archives = archives;
        this.targets = targets;
        this.remoteTargets = remoteTargets;
        this.outbox = outbox;
    }

    /// A target that is a bus is the router's.
    EventTrace.Result deliver(
            Transaction transaction,
            BusName bus,
            StoredRule rule,
            String ruleArn,
            Place place,
            EventEnvelope event,
            EventRouter.Run run) {
        OrderedTarget ordered = place.target();
        Target target = ordered.target();
        if (ManagedRules.isOfArchive(rule)) {
            return switch (archives.keep(transaction, bus, rule, event)) {
                case Outcome.Delivered _ -> new EventTrace.Result.Archived();
                case Outcome.Refused(String code, String why) ->
                        new EventTrace.Result.Dropped(code, why);
            };
        }
        TargetInput.Made made = TargetInput.of(target, ruleArn, rule, event);
        RuleDelivery delivery = RuleDelivery.of(ruleArn, ordered, event, made.text());
        if (made.failure() != null) {
            return refused(transaction, delivery, ordered, event, made.failure(), false);
        }
        if (!made.text().equals(event.json())) {
            EventTrace.Result result = new EventTrace.Result.Transformed(made.text());
            run.hop(new EventTrace.Hop(event.id(), ruleArn, target.id(), target.arn(), result));
        }
        Optional<Arn> arn = place.arn();
        if (arn.isPresent() && remoteTargets.has(arn.get())) {
            outbox.add(transaction, delivery.job(ordered, event.json()));
            return new EventTrace.Result.Owed();
        }
        return switch (outcome(transaction, arn, delivery.message(event.json()))) {
            case Outcome.Delivered(String id) -> new EventTrace.Result.Delivered(id);
            case Outcome.Refused(String code, String why) ->
                    refused(
                            transaction,
                            delivery,
                            ordered,
                            event,
                            new Attempt.Failed(TargetErrors.code(code), why, false),
                            true);
        };
    }

    /// What becomes of an event that another bus did not take.
    ///
    /// @param hops with the one to that bus; null when it is one too many
    EventTrace.Result refused(
            Transaction transaction,
            String ruleArn,
            OrderedTarget ordered,
            EventEnvelope event,
            @Nullable BusHops hops,
            Attempt.Failed failure) {
        RuleDelivery delivery = RuleDelivery.toBus(ruleArn, ordered, event, hops);
        return refused(transaction, delivery, ordered, event, failure, hops != null);
    }

    private Outcome outcome(Transaction transaction, Optional<Arn> arn, Message message) {
        if (arn.isEmpty()) {
            return new Outcome.Refused("NO_RESOURCE", "The target's ARN is not valid.");
        }
        return targets.deliver(transaction, arn.get(), message);
    }

    /// @param isKept whether it may be sent again, when no dead-letter queue takes it
    private EventTrace.Result refused(
            Transaction transaction,
            RuleDelivery delivery,
            OrderedTarget ordered,
            EventEnvelope event,
            Attempt.Failed failure,
            boolean isKept) {
        Job job = delivery.job(ordered, event.json());
        Optional<Arn> queue =
                job.deadLetterArn() == null ? Optional.empty() : Arn.parse(job.deadLetterArn());
        if (queue.isPresent()) {
            Message message =
                    delivery.deadLetter(
                            event.json(), TargetErrors.attributes(delivery, failure, 0, null));
            if (targets.deliver(transaction, queue.get(), message) instanceof Outcome.Delivered) {
                return new EventTrace.Result.DeadLettered(
                        failure.errorCode(), failure.errorMessage());
            }
        }
        if (!isKept) {
            return new EventTrace.Result.Dropped(failure.errorCode(), failure.errorMessage());
        }
        outbox.addFailed(transaction, job, failure);
        return new EventTrace.Result.Kept(failure.errorCode(), failure.errorMessage());
    }
}
