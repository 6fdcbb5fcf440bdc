package com.example.orders;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// Remembers when each order passed each hop first, and how often it came again.
final class Tracker implements Hops {
    static final String ACCEPTED = "accepted";
    static final String WEBHOOK = "webhook";

    /// What a hop has seen.
    static final class Hop {
        private final String from;
        private final ConcurrentMap<String, Long> nanosByOrder = new ConcurrentHashMap<>();
        private final AtomicInteger duplicates = new AtomicInteger();
        private final Histogram micros = new ConcurrentHistogram(3);

        private Hop(String from) {
            this.from = from;
        }

        /// The hop that this one's latency is measured from.
        String from() {
            return from;
        }

        int count() {
            return nanosByOrder.size();
        }

        int duplicates() {
            return duplicates.get();
        }

        double millisAt(double percentile) {
            return micros.getValueAtPercentile(percentile) / 1000.0;
        }
    }

    private final Map<String, Hop> hops = new LinkedHashMap<>();
    private final LongSupplier nanos;

    Tracker(LongSupplier nanos) {
        this.nanos = nanos;
        hops.put(ACCEPTED, new Hop("sent"));
        hops.put(STORED, new Hop(ACCEPTED));
        hops.put(PUBLISHED, new Hop(STORED));
        for (String service :
                List.of(Names.BILLING, Names.SHIPPING, Names.FRAUD_CHECK, Names.ARCHIVE, WEBHOOK)) {
            hops.put(service, new Hop(PUBLISHED));
        }
    }

    Map<String, Hop> hops() {
        return hops;
    }

    Hop hop(String name) {
        return Objects.requireNonNull(hops.get(name), name);
    }

    /// An order was accepted, `sentNanos` being when it was sent.
    void accepted(String orderId, long sentNanos) {
        Hop hop = hop(ACCEPTED);
        long now = nanos.getAsLong();
        hop.nanosByOrder.put(orderId, now);
        hop.micros.recordValue((now - sentNanos) / 1000);
    }

    @Override
    public void passed(String name, String orderId) {
        Hop hop = hop(name);
        long now = nanos.getAsLong();
        if (hop.nanosByOrder.putIfAbsent(orderId, now) != null) {
            hop.duplicates.incrementAndGet();
            return;
        }
        Long before = hop(hop.from()).nanosByOrder.get(orderId);
        // the next hop may be faster than the word of the one before
        hop.micros.recordValue(before == null ? 0 : Math.max(0, now - before) / 1000);
    }

    /// How many of the accepted orders that `expected` are not there.
    int missing(String name, Iterable<String> expected) {
        int missing = 0;
        for (String orderId : expected) {
            if (!hop(name).nanosByOrder.containsKey(orderId)) {
                missing++;
            }
        }
        return missing;
    }

    /// The hops whose orders a complete run must have, all but the front door.
    static List<String> services() {
        return Arrays.asList(
                STORED,
                PUBLISHED,
                Names.BILLING,
                Names.SHIPPING,
                Names.FRAUD_CHECK,
                Names.ARCHIVE,
                WEBHOOK);
    }
}
