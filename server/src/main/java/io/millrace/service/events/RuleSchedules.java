package io.millrace.service.events;

import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.schedule.ScheduleExpression;
import io.millrace.timer.Firing;
import io.millrace.timer.Recurrence;
import io.millrace.timer.Timers;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The schedules of rules: a timer for each rule that has one and is enabled. Thread-safe.
///
/// When it is due, the rule's own targets get a `Scheduled Event`, in the transaction that also
/// sets the next run. It is an event of the default bus, too, where rules with a pattern and
/// archives see it. A run that no server was there for does not come any more. Hours and days are
/// UTC's. A rate counts from when the rule got it. Source: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html).
final class RuleSchedules implements AutoCloseable {
    private static final String RESOURCE = "rule/";

    private final InstantSource clock;
    private final Ids ids;
    private final Buses buses;
    private final Rules rules;
    private final EventRouter router;
    private final Timers timers;

    RuleSchedules(
            Store store,
            InstantSource clock,
            Ids ids,
            Buses buses,
            Rules rules,
            EventRouter router) {
        this.clock = clock;
        this.ids = ids;
        this.buses = buses;
        this.rules = rules;
        this.router = router;
        this.timers = new Timers(store, clock, Timers.Kind.RULE, this::fire);
    }

    /// Refuses what is no schedule, or stands on a bus that has none.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static void check(BusName bus, String schedule) {
        if (!bus.isDefault()) {
            throw EventsErrors.validation(
                    "ScheduleExpression is supported only on the default event bus.");
        }
        if (ScheduleExpression.ofRule(schedule).isEmpty()) {
            throw EventsErrors.validation("Parameter ScheduleExpression is not valid.");
        }
    }

    /// Follows a rule that is new or changed. While its schedule stays the same, so does its timer.
    ///
    /// @param before what it was; null when it is new
    void changed(Transaction tx, BusName bus, @Nullable StoredRule before, StoredRule rule) {
        String owner = bus.ruleArn(rule.name()).toString();
        Optional<ScheduleExpression> schedule = scheduleOf(rule);
        if (schedule.isEmpty()) {
            removed(tx, bus, rule);
            return;
        }
        boolean same =
                before != null
                        && before.isEnabled()
                        && Objects.equals(rule.scheduleExpression(), before.scheduleExpression());
        if (!same) {
            Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            timers.cancel(tx, owner);
            schedule.get()
                    .next(now, now, ZoneOffset.UTC)
                    .ifPresent(next -> set(tx, owner, Recurrence.from(next, now)));
        }
    }

    void removed(Transaction tx, BusName bus, StoredRule rule) {
        timers.cancel(tx, bus.ruleArn(rule.name()).toString());
    }

    void start() {
        timers.start();
    }

    void clockMoved() {
        timers.clockMoved();
    }

    /// For tests: fires everything that is due, and tells how many.
    int fireDue() {
        return timers.fireDue();
    }

    @Override
    public void close() {
        timers.close();
    }

    /// Empty for a rule that is not to fire.
    private static Optional<ScheduleExpression> scheduleOf(StoredRule rule) {
        String text = rule.scheduleExpression();
        return text != null && rule.isEnabled()
                ? ScheduleExpression.ofRule(text)
                : Optional.empty();
    }

    private void set(Transaction tx, String owner, Recurrence next) {
        timers.set(tx, owner, next.scheduledMillis(), next.toBytes());
    }

    private void fire(Transaction tx, Firing firing) {
        Arn arn = Arn.parse(firing.owner()).orElseThrow();
        BusName bus = new BusName(arn.accountId(), arn.region(), BusName.DEFAULT);
        String name = arn.resource().substring(RESOURCE.length());
        Optional<StoredRule> rule =
                buses.find(tx, bus).flatMap(stored -> rules.find(tx, stored, name));
        Optional<ScheduleExpression> schedule = rule.flatMap(RuleSchedules::scheduleOf);
        if (rule.isEmpty() || schedule.isEmpty()) {
            return;
        }
        Recurrence run = Recurrence.of(firing.state());
        if (!firing.missed()) {
            EventEnvelope event = event(bus, firing.owner(), run);
            router.routeScheduled(tx, bus, rule.get(), event);
        }
        run.next(schedule.get(), ZoneOffset.UTC, firing)
                .ifPresent(next -> set(tx, firing.owner(), next));
    }

    private EventEnvelope event(BusName bus, String ruleArn, Recurrence run) {
        return EventEnvelope.of(
                ids.uuid(),
                new EventEnvelope.Content(
                        "aws.events",
                        "Scheduled Event",
                        "{}",
                        List.of(ruleArn),
                        run.scheduled(),
                        null),
                new EventEnvelope.Ingestion(bus.accountId(), bus.region(), clock.instant()));
    }
}
