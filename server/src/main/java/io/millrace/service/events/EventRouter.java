package io.millrace.service.events;

import io.millrace.api.events.Target;
import io.millrace.delivery.BusTap;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Takes an event through a bus: finds the rules that match, and delivers to their targets, all in
/// the sender's transaction. Thread-safe.
///
/// [TargetDeliveries] tells what becomes of what it sends. An event that a rule sends to another
/// bus goes no further than that bus's own targets: from there it is not sent to a third bus, as in
/// AWS, which also ends every loop.
final class EventRouter {

    static final String SENDER_ID = "events.amazonaws.com";

    /// What one request does, collected in its transaction.
    static final class Run {
        private final List<EventTrace.Hop> hops = new ArrayList<>();
        private int deliveries;
        private long deliveredBytes;

        /// False when it would be too much for one transaction.
        boolean reserve(int count, int bytesEach) {
            if (deliveries + count > EventsLimits.DELIVERIES_MAX
                    || deliveredBytes + (long) count * bytesEach
                            > EventsLimits.DELIVERIES_BYTES_MAX) {
                return false;
            }
            deliveries += count;
            deliveredBytes += (long) count * bytesEach;
            return true;
        }

        /// Tells something, once the transaction is durable.
        void hop(EventTrace.Hop hop) {
            hops.add(hop);
        }
    }

    private record Match(BusName bus, StoredRule rule) {

        String ruleArn() {
            return bus.ruleArn(rule.name()).toString();
        }
    }

    private final Buses buses;
    private final Rules rules;
    private final RuleIndexes indexes;
    private final TargetDeliveries deliveries;
    private final List<BusTap> taps;
    private final EventTrace trace;

    /// @param taps see each event that comes onto a bus which exists
    EventRouter(
            Buses buses,
            Rules rules,
            RuleIndexes indexes,
            TargetDeliveries deliveries,
            List<BusTap> taps,
            EventTrace trace) {
        this.buses = buses;
        this.rules = rules;
        this.indexes = indexes;
        this.deliveries = deliveries;
        this.taps = List.copyOf(taps);
        this.trace = trace;
    }

    /// Routes an event that was put on a bus; one that does not exist takes it without a trace, as
    /// in AWS. False when nothing was done because it matches more than one transaction carries.
    boolean route(Transaction transaction, BusName bus, EventEnvelope event, Run run) {
        return route(transaction, bus, event, run, Set.of());
    }

    /// As [#route], to these rules of the bus only.
    ///
    /// @param ruleArns none for all
    boolean route(
            Transaction transaction,
            BusName bus,
            EventEnvelope event,
            Run run,
            Set<String> ruleArns) {
        if (buses.find(transaction, bus).isEmpty()) {
            begin(transaction, run);
            String why = "The event bus does not exist.";
            EventTrace.Result nowhere = new EventTrace.Result.Dropped("NO_RESOURCE", why);
            run.hop(new EventTrace.Hop(event.id(), bus.arn().toString(), "", "", nowhere));
            return true;
        }
        List<Match> matches = matches(transaction, bus, event);
        if (!ruleArns.isEmpty()) {
            matches.removeIf(match -> !ruleArns.contains(match.ruleArn()));
        }
        int deliveries = 0;
        for (Match match : matches) {
            for (Target target : match.rule().targets()) {
                deliveries++;
                Optional<BusName> next = busOf(target);
                if (next.isPresent()) {
                    for (Match nextMatch : matches(transaction, next.get(), event)) {
                        deliveries += nextMatch.rule().targets().size();
                    }
                }
            }
        }
        if (deliveries > 0 && !run.reserve(deliveries, event.json().length())) {
            return false;
        }
        begin(transaction, run);
        accepted(transaction, bus, event, run);
        for (Match match : matches) {
            deliver(transaction, match, event, true, run);
        }
        return true;
    }

    /// Delivers an event to the targets of one rule, whatever its pattern is, without putting it on
    /// the bus: a schedule's event is nobody else's.
    void deliverTo(
            Transaction transaction, BusName bus, StoredRule rule, EventEnvelope event, Run run) {
        begin(transaction, run);
        deliver(transaction, new Match(bus, rule), event, true, run);
    }

    /// What the run comes to, is told when the transaction is durable.
    private void begin(Transaction transaction, Run run) {
        if (run.hops.isEmpty()) {
            transaction.afterCommit(() -> run.hops.forEach(trace::hop));
        }
    }

    private void accepted(Transaction transaction, BusName bus, EventEnvelope event, Run run) {
        EventTrace.Result accepted =
                new EventTrace.Result.Accepted(
                        event.fields().text("source"),
                        event.fields().text("detail-type"),
                        event.traceHeader());
        run.hop(new EventTrace.Hop(event.id(), bus.arn().toString(), "", "", accepted));
        for (BusTap tap : taps) {
            tap.accepted(transaction, bus.arn(), event.json());
        }
    }

    /// The ARNs of the rules that match, as `snapshot` has them.
    List<String> matching(Snapshot snapshot, BusName bus, EventEnvelope event) {
        return matches(snapshot, bus, event).stream().map(Match::ruleArn).toList();
    }

    private List<Match> matches(Snapshot snapshot, BusName name, EventEnvelope event) {
        Optional<StoredBus> bus = buses.find(snapshot, name);
        if (bus.isEmpty()) {
            return new ArrayList<>();
        }
        Collection<String> names = indexes.match(snapshot, bus.get(), event.fields());
        List<Match> matches = new ArrayList<>(names.size());
        for (String rule : names) {
            matches.add(new Match(name, rules.require(snapshot, bus.get(), rule)));
        }
        if (ReadingCalls.has(event)) {
            matches.removeIf(match -> !match.rule().state().equals(ReadingCalls.SEEN));
        }
        return matches;
    }

    private void deliver(
            Transaction transaction,
            Match match,
            EventEnvelope event,
            boolean mayGoToBuses,
            Run run) {
        EventTrace.Result matched = new EventTrace.Result.Matched();
        run.hop(new EventTrace.Hop(event.id(), match.ruleArn(), "", "", matched));
        for (Target target : match.rule().targets()) {
            Optional<BusName> bus = busOf(target);
            EventTrace.Result result;
            if (bus.isPresent() && !mayGoToBuses) {
                result =
                        new EventTrace.Result.Dropped(
                                "THIRD_BUS", "An event is not sent to a third event bus.");
            } else if (bus.isPresent() && buses.find(transaction, bus.get()).isPresent()) {
                accepted(transaction, bus.get(), event, run);
                for (Match next : matches(transaction, bus.get(), event)) {
                    deliver(transaction, next, event, false, run);
                }
                result = new EventTrace.Result.Delivered();
            } else {
                result =
                        deliveries.deliver(
                                transaction, match.bus(), match.rule(), target, event, run);
            }
            run.hop(
                    new EventTrace.Hop(
                            event.id(), match.ruleArn(), target.id(), target.arn(), result));
        }
    }

    private static Optional<BusName> busOf(Target target) {
        return Arn.parse(target.arn()).filter(BusName::isBus).map(BusName::of);
    }
}
