package io.millrace.service.events;

import io.millrace.api.events.Target;
import io.millrace.delivery.BusTap;
import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/// Takes an event through a bus: finds the rules that match, and delivers to their targets, all in
/// the sender's transaction. Thread-safe.
///
/// [TargetDeliveries] tells what becomes of what it sends, [BusHops] how far an event goes from bus
/// to bus. What is more than one transaction carries follows in pages: [FanOut].
final class EventRouter {

    static final String SENDER_ID = "events.amazonaws.com";

    private static final String NO_BUS = "The event bus does not exist.";

    /// What one transaction does.
    static final class Run {
        private final List<EventTrace.Hop> hops = new ArrayList<>();
        private final int deliveriesMax;
        private final long bytesMax;
        private final boolean mayReadAll;
        private int deliveries;
        private long deliveredBytes;
        private boolean isFull;
        private int sequence;
        private final Set<Long> owed = new HashSet<>();

        Run() {
            this(EventsLimits.DELIVERIES_MAX, EventsLimits.DELIVERIES_BYTES_MAX);
        }

        Run(int deliveriesMax, long bytesMax) {
            this(deliveriesMax, bytesMax, true);
        }

        private Run(int deliveriesMax, long bytesMax, boolean mayReadAll) {
            this.deliveriesMax = deliveriesMax;
            this.bytesMax = bytesMax;
            this.mayReadAll = mayReadAll;
        }

        /// Whether something was too much for it.
        boolean isFull() {
            return isFull;
        }

        /// False when it would be too much for one transaction, and not its first.
        boolean reserve(int count, int bytesEach) {
            if (deliveries > 0
                    && (deliveries + count > deliveriesMax
                            || deliveredBytes + (long) count * bytesEach > bytesMax)) {
                isFull = true;
                return false;
            }
            deliveries += count;
            deliveredBytes += (long) count * bytesEach;
            return true;
        }

        /// The next number of what the transaction sends, growing.
        int nextSequence() {
            return sequence++;
        }

        /// Tells something, once the transaction is durable.
        void hop(EventTrace.Hop hop) {
            hops.add(hop);
        }
    }

    private record Match(
            BusName bus,
            StoredBus stored,
            StoredRule rule,
            String ruleArn,
            @Nullable OrderKey order) {

        static Match of(BusName bus, StoredBus stored, StoredRule rule, @Nullable OrderKey order) {
            return new Match(bus, stored, rule, bus.ruleArn(rule.name()).toString(), order);
        }
    }

    /// From a rule to a bus.
    ///
    /// @param hops with this one
    private record Way(
            BusName from, String ruleArn, @Nullable String roleArn, BusName to, BusHops hops) {}

    private final InstantSource clock;
    private final Ids ids;
    private final Buses buses;
    private final Rules rules;
    private final RuleIndexes indexes;
    private final TargetDeliveries deliveries;
    private final BusLog log;
    private final List<BusTap> taps;
    private final EventTrace trace;

    /// @param taps see each event that comes onto a bus which exists
    EventRouter(
            InstantSource clock,
            Ids ids,
            Buses buses,
            Rules rules,
            RuleIndexes indexes,
            TargetDeliveries deliveries,
            BusLog log,
            List<BusTap> taps,
            EventTrace trace) {
        this.clock = clock;
        this.ids = ids;
        this.buses = buses;
        this.rules = rules;
        this.indexes = indexes;
        this.deliveries = deliveries;
        this.log = log;
        this.taps = List.copyOf(taps);
        this.trace = trace;
    }

    /// Runs a transaction that routes. Very many rules that it misses are read before, outside of
    /// it, once for all who miss them at a time.
    <T> T write(Store store, BiFunction<Transaction, Run, T> body) {
        for (int attempt = 0; attempt < EventsLimits.PREPARATIONS; attempt++) {
            try {
                return store.<T>write(tx ->
                        body.apply(
                                tx,
                                new Run(
                                        EventsLimits.DELIVERIES_MAX,
                                        EventsLimits.DELIVERIES_BYTES_MAX,
                                        false)));
            } catch (RuleIndexes.MissingException missing) {
                boolean isDone = false; // never, while rules change faster than they are read
                for (int page = 0; !isDone && page < EventsLimits.PREPARED_PAGES_MAX; page++) {
                    isDone = indexes.prepare(store, missing);
                }
            }
        }
        return store.<T>write(tx -> body.apply(tx, new Run()));
    }

    Optional<StoredBus> bus(Snapshot snapshot, BusName name) {
        return buses.find(snapshot, name);
    }

    /// Routes an event that was put on a bus; one that does not exist takes it, as in AWS, and only
    /// the trace tells. What is more than the run may still carry is owed.
    ///
    /// @param bus as [#bus] has it
    void route(
            Transaction transaction,
            BusName name,
            Optional<StoredBus> bus,
            EventEnvelope event,
            Run run) {
        route(transaction, name, bus, event, run, Set.of());
    }

    /// As [#route], to these rules of the bus only, and to their targets. False when nothing was
    /// done because the run is full.
    ///
    /// @param ruleArns none for all
    boolean replay(
            Transaction transaction,
            BusName name,
            EventEnvelope event,
            Run run,
            Set<String> ruleArns) {
        if (run.isFull()) {
            return false;
        }
        route(transaction, name, bus(transaction, name), event, run, ruleArns);
        return true;
    }

    private void route(
            Transaction transaction,
            BusName name,
            Optional<StoredBus> bus,
            EventEnvelope event,
            Run run,
            Set<String> ruleArns) {
        begin(transaction, run);
        if (bus.isPresent()) {
            arrive(
                    transaction,
                    new EventPassage(name, bus.get(), event, BusHops.NONE, ruleArns, null),
                    run);
        } else {
            EventTrace.Result nowhere = new EventTrace.Result.Dropped("NO_RESOURCE", NO_BUS);
            run.hop(new EventTrace.Hop(event.id(), name.arn().toString(), "", "", nowhere));
        }
    }

    /// Routes the event of a rule's schedule: to that rule, once, whatever its pattern is, and to
    /// those that match.
    void routeScheduled(
            Transaction transaction, BusName bus, StoredRule rule, EventEnvelope event) {
        Run run = new Run();
        begin(transaction, run);
        StoredBus stored = buses.require(transaction, bus);
        arrive(transaction, EventPassage.ofSchedule(bus, stored, event, rule.name()), run);
    }

    /// What the run comes to, is told when the transaction is durable.
    private void begin(Transaction transaction, Run run) {
        if (run.hops.isEmpty()) {
            transaction.afterCommit(() -> trace.hops(run.hops));
        }
    }

    /// The ARNs of the rules that match, as `snapshot` has them.
    List<String> matching(Snapshot snapshot, BusName name, EventEnvelope event) {
        List<String> arns = new ArrayList<>();
        bus(snapshot, name)
                .ifPresent(bus ->
                        indexes.match(snapshot, bus, event.fields()).stream()
                                .filter(rule ->
                                        !ReadingCalls.has(event)
                                                || seesReading(snapshot, bus, rule))
                                .forEach(rule -> arns.add(name.ruleArn(rule).toString())));
        return arns;
    }

    private void arrive(Transaction transaction, EventPassage passage, Run run) {
        EventEnvelope event = passage.event();
        Arn bus = passage.name().arn();
        EventTrace.Result accepted =
                new EventTrace.Result.Accepted(
                        event.source(), event.detailType(), event.traceHeader());
        run.hop(new EventTrace.Hop(event.id(), bus.toString(), "", "", accepted));
        for (BusTap tap : taps) {
            tap.accepted(transaction, bus, event.json());
        }
        if (!log.mustMatch(passage.bus(), event)
                || matchesStandardRule(transaction, passage, run)) {
            log.ingested(transaction, passage.name(), passage.bus(), event);
        }
        long number = passage.bus().number();
        boolean mustWait =
                OrderKey.isAskedFor(passage.bus())
                        && (run.owed.contains(number) || FanOut.isPending(transaction, number));
        String last = mustWait ? "" : serve(transaction, passage, "", run);
        if (last != null) {
            run.owed.add(number);
            FanOut.add(transaction, clock, ids, passage, last, run.nextSequence());
        }
    }

    /// A page of an event that is on its way to more rules: see [#serve].
    @Nullable String goOn(Transaction transaction, EventPassage passage, String after, Run run) {
        begin(transaction, run);
        return serve(transaction, passage, after, run);
    }

    /// Delivers to the rules that match, in order of their names, as far as the run carries it.
    ///
    /// @param after the name of the last rule that was served before; empty for none
    /// @return the name of the last one that has been served; null when all have
    private @Nullable String serve(
            Transaction transaction, EventPassage passage, String after, Run run) {
        EventEnvelope event = passage.event();
        OrderKey order = order(passage, run);
        String last = after;
        boolean isMatched = !after.isEmpty();
        for (String name : names(transaction, passage, after, run)) {
            StoredRule rule = rules.require(transaction, passage.bus(), name);
            if (!run.reserve(rule.targets().size(), event.json().length())) {
                return last;
            }
            Match match = Match.of(passage.name(), passage.bus(), rule, order);
            deliver(transaction, match, event, passage.hops(), run);
            last = name;
            isMatched |= !rule.isManaged();
        }
        if (!isMatched && !log.mustMatch(passage.bus(), event)) {
            log.unmatched(transaction, passage.name(), passage.bus(), event);
        }
        return null;
    }

    /// Whether an event goes to a rule that no service manages.
    private boolean matchesStandardRule(Transaction transaction, EventPassage passage, Run run) {
        return names(transaction, passage, "", run).stream()
                .anyMatch(name -> !rules.require(transaction, passage.bus(), name).isManaged());
    }

    /// The rules that an event goes to, in order, behind the one that was served last.
    private List<String> names(
            Transaction transaction, EventPassage passage, String after, Run run) {
        EventEnvelope event = passage.event();
        List<String> names =
                new ArrayList<>(
                        indexes.match(transaction, passage.bus(), event.fields(), run.mayReadAll));
        String scheduled = passage.scheduledRule();
        if (scheduled != null && !names.contains(scheduled) && isOn(transaction, passage)) {
            names.add(scheduled);
        }
        names.removeIf(name -> name.compareTo(after) <= 0 || !passage.mayServe(name));
        if (ReadingCalls.has(event)) {
            names.removeIf(name -> !seesReading(transaction, passage.bus(), name));
        }
        Collections.sort(names);
        return names;
    }

    private boolean seesReading(Snapshot snapshot, StoredBus bus, String rule) {
        return rules.require(snapshot, bus, rule).state().equals(ReadingCalls.SEEN);
    }

    /// Whether the rule of a schedule still is, when a page comes late.
    private boolean isOn(Transaction transaction, EventPassage passage) {
        return rules.find(transaction, passage.bus(), String.valueOf(passage.scheduledRule()))
                .filter(StoredRule::isEnabled)
                .isPresent();
    }

    private static @Nullable OrderKey order(EventPassage passage, Run run) {
        return OrderKey.isAskedFor(passage.bus())
                ? OrderKey.of(passage.bus(), passage.event(), run.nextSequence()).orElse(null)
                : null;
    }

    private void deliver(
            Transaction transaction, Match match, EventEnvelope event, BusHops hops, Run run) {
        EventTrace.Result matched = new EventTrace.Result.Matched();
        run.hop(new EventTrace.Hop(event.id(), match.ruleArn(), "", "", matched));
        log.matched(transaction, match.bus(), match.stored(), event, match.rule());
        for (Target target : match.rule().targets()) {
            Optional<Arn> arn = Arn.parse(target.arn());
            EventTrace.Result result;
            if (arn.isPresent() && BusName.isBus(arn.get())) {
                BusName bus = BusName.of(arn.get());
                result = forward(transaction, match, target, bus, event, hops, run);
            } else {
                result =
                        deliveries.deliver(
                                transaction,
                                match.bus(),
                                match.rule(),
                                match.ruleArn(),
                                new TargetDeliveries.Place(
                                        new OrderedTarget(target, match.order()), arn),
                                event,
                                run);
            }
            EventTrace.Hop hop =
                    new EventTrace.Hop(
                            event.id(), match.ruleArn(), target.id(), target.arn(), result);
            if (!match.rule().isManaged()) {
                log.invoked(transaction, match.bus(), match.stored(), hop, 1);
            }
            run.hop(hop);
        }
    }

    /// Sends an event to another bus, if that takes it. The event stays as it is: its account and
    /// its region are those where it was put.
    private EventTrace.Result forward(
            Transaction transaction,
            Match match,
            Target target,
            BusName to,
            EventEnvelope event,
            BusHops hops,
            Run run) {
        Optional<BusHops> further = hops.then(match.bus(), to);
        if (further.isEmpty()) {
            String code = BusHops.code(match.bus(), to);
            String why = BusHops.why(event.id());
            return refused(transaction, match, target, event, null, refusal(code, why));
        }
        Way way = new Way(match.bus(), match.ruleArn(), target.roleArn(), to, further.get());
        return enter(transaction, way, event, run)
                .map(refusal -> refused(transaction, match, target, event, further.get(), refusal))
                .orElseGet(EventTrace.Result.Delivered::new);
    }

    /// Sends an event to a bus that refused it before, as the role that the rule's target has now.
    Attempt sendAgain(Transaction transaction, RuleDelivery delivery, EventEnvelope event) {
        BusName from = BusName.ofRule(delivery.ruleArn()).orElseThrow();
        BusName to = Arn.parse(delivery.targetArn()).map(BusName::of).orElseThrow();
        String rule = delivery.ruleArn().substring(delivery.ruleArn().lastIndexOf('/') + 1);
        String role =
                bus(transaction, from)
                        .flatMap(bus -> rules.find(transaction, bus, rule))
                        .flatMap(found ->
                                found.targets().stream()
                                        .filter(each -> each.id().equals(delivery.targetId()))
                                        .findFirst())
                        .map(Target::roleArn)
                        .orElse(null);
        BusHops hops = delivery.hops() == null ? BusHops.ALL : delivery.hops();
        Run run = new Run();
        begin(transaction, run);
        Way way = new Way(from, delivery.ruleArn(), role, to, hops);
        return enter(transaction, way, event, run)
                .map(Attempt.class::cast)
                .orElseGet(Attempt.Delivered::new);
    }

    /// Why the bus does not take it; empty when it does.
    private Optional<Attempt.Failed> enter(
            Transaction transaction, Way way, EventEnvelope event, Run run) {
        Optional<StoredBus> bus = bus(transaction, way.to());
        Optional<String> denial =
                BusAccess.toForward(way.from(), way.ruleArn(), way.roleArn(), way.to(), event)
                        .denial(bus.map(StoredBus::policy).orElse(null));
        if (denial.isPresent()) { // so is a bus of another account that is not there
            return Optional.of(refusal("NO_PERMISSIONS", denial.get()));
        }
        if (bus.isEmpty()) {
            return Optional.of(refusal("NO_RESOURCE", NO_BUS));
        }
        arrive(
                transaction,
                new EventPassage(way.to(), bus.get(), event, way.hops(), Set.of(), null),
                run);
        return Optional.empty();
    }

    private static Attempt.Failed refusal(String code, String why) {
        return new Attempt.Failed(code, why, false);
    }

    private EventTrace.Result refused(
            Transaction transaction,
            Match match,
            Target target,
            EventEnvelope event,
            @Nullable BusHops hops,
            Attempt.Failed failure) {
        OrderedTarget ordered = new OrderedTarget(target, match.order());
        return deliveries.refused(transaction, match.ruleArn(), ordered, event, hops, failure);
    }
}
