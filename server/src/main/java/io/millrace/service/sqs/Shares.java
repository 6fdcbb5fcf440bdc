package io.millrace.service.sqs;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// How much of the consumers of a standard queue each message group takes, and which groups are
/// *noisy*: those that have more than a tenth of the messages in flight, and thirty at least, or
/// had more than a tenth of the recent processing time. A message without a group is a group of its
/// own.
///
/// A message is in flight until it is deleted or visible again. Processing time is the number of
/// messages in flight, added up over time; what is past counts less and less. Only what was
/// received since the server started is counted, so that a group may be taken for quiet for a
/// while. Thread-safe. Source: [how fair queues
/// work](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html).
final class Shares {

    private static final class Load {
        private long inFlightCount;
        private double busyMillis;
        private long atMillis;

        private Load(long atMillis) {
            this.atMillis = atMillis;
        }

        private Load at(long nowMillis) {
            if (nowMillis > atMillis) {
                double kept = Math.exp((atMillis - nowMillis) / RECENT_MILLIS);
                busyMillis = busyMillis * kept + inFlightCount * RECENT_MILLIS * (1 - kept);
                atMillis = nowMillis;
            }
            return this;
        }

        private void add(int count, long nowMillis) {
            at(nowMillis).inFlightCount = Math.max(0, inFlightCount + count);
        }
    }

    /// What messages of one group have in common that become visible at the same time.
    private record Flight(long dueMillis, String group) implements Comparable<Flight> {
        private static final Comparator<Flight> ORDER =
                Comparator.comparingLong(Flight::dueMillis).thenComparing(Flight::group);

        private static Flight of(@Nullable String group, long dueMillis) {
            return new Flight(dueMillis, group == null ? NO_GROUP : group);
        }

        @Override
        public int compareTo(Flight other) {
            return ORDER.compare(this, other);
        }
    }

    private static final double RECENT_MILLIS = SqsLimits.RECENT_PROCESSING.toMillis();

    private static final String NO_GROUP = "";

    private final Map<String, Load> byGroup = new HashMap<>();
    private final NavigableMap<Flight, Integer> inFlight = new TreeMap<>();
    private Load total = new Load(0);
    private int sweepSize = SqsLimits.QUIET_LOADS_MAX;

    /// A message is in flight until `dueMillis`, unless it ends before.
    synchronized void began(@Nullable String group, long dueMillis, long nowMillis) {
        expire(nowMillis);
        if (dueMillis <= nowMillis) {
            return;
        }
        inFlight.merge(Flight.of(group, dueMillis), 1, Integer::sum);
        total.add(1, nowMillis);
        if (group != null) {
            byGroup.computeIfAbsent(group, _ -> new Load(nowMillis)).add(1, nowMillis);
            if (byGroup.size() > sweepSize) {
                byGroup.values().removeIf(load -> isNothing(load, nowMillis));
                sweepSize = 2 * byGroup.size() + SqsLimits.QUIET_LOADS_MAX;
            }
        }
    }

    /// A message is in flight no more that would have been until `dueMillis`.
    synchronized void ended(@Nullable String group, long dueMillis, long nowMillis) {
        expire(nowMillis);
        Flight flight = Flight.of(group, dueMillis);
        if (inFlight.containsKey(flight)) {
            inFlight.computeIfPresent(flight, (_, count) -> count == 1 ? null : count - 1);
            end(flight.group, 1, nowMillis);
        }
    }

    /// Nothing is in flight: what was counted and has vanished by other ways is forgotten.
    synchronized void clear() {
        inFlight.clear();
        byGroup.values().forEach(load -> load.inFlightCount = 0);
        total.inFlightCount = 0;
    }

    /// Ends what has become visible, at the time when it has.
    private void expire(long nowMillis) {
        while (!inFlight.isEmpty() && inFlight.firstKey().dueMillis <= nowMillis) {
            Map.Entry<Flight, Integer> first = inFlight.pollFirstEntry();
            end(first.getKey().group, first.getValue(), first.getKey().dueMillis);
        }
    }

    private void end(String group, int count, long atMillis) {
        total.add(-count, atMillis);
        Load load = byGroup.get(group);
        if (load != null) {
            load.add(-count, atMillis);
            if (isNothing(load, atMillis)) {
                byGroup.remove(group);
            }
        }
    }

    synchronized boolean isNoisy(String group, long nowMillis) {
        expire(nowMillis);
        Load load = byGroup.get(group);
        if (load == null) {
            return false;
        }
        long inFlight = load.at(nowMillis).inFlightCount;
        long parts = SqsLimits.NOISY_PARTS;
        return load.busyMillis * parts > total.at(nowMillis).busyMillis
                || (inFlight >= SqsLimits.NOISY_IN_FLIGHT_MIN
                        && inFlight * parts > total.inFlightCount);
    }

    /// Those first that have the least in flight; of several those that took the least time.
    Comparator<String> leastFirst(long nowMillis) {
        return (one, other) -> compare(one, other, nowMillis);
    }

    private synchronized int compare(String one, String other, long nowMillis) {
        expire(nowMillis);
        Load none = new Load(nowMillis);
        Load first = byGroup.getOrDefault(one, none).at(nowMillis);
        Load second = byGroup.getOrDefault(other, none).at(nowMillis);
        int inFlight = Long.compare(first.inFlightCount, second.inFlightCount);
        return inFlight != 0 ? inFlight : Double.compare(first.busyMillis, second.busyMillis);
    }

    /// Whether nobody would miss it: with nothing in flight, and less than a hundredth of the time.
    private boolean isNothing(Load load, long nowMillis) {
        return load.at(nowMillis).inFlightCount == 0
                && load.busyMillis * 100 <= total.at(nowMillis).busyMillis;
    }
}
