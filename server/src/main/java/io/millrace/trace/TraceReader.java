package io.millrace.trace;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.trace.TraceKeys.BlockId;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Finds traces. Thread-safe.
final class TraceReader {

    /// All that is known of one thing, under whatever ids.
    ///
    /// @param complete false when there is more than is shown
    record Found(Set<String> ids, List<Hop> hops, boolean complete) {}

    private final Store store;
    private final TraceLog log;

    TraceReader(Store store, TraceLog log) {
        this.store = store;
        this.log = log;
    }

    /// The hops of an id and of all that it is linked with, in order of time.
    Found find(String id) {
        log.flush();
        Set<String> ids = new LinkedHashSet<>(Set.of(id));
        List<Hop> hops = new ArrayList<>();
        int before = 0;
        while (ids.size() > before && ids.size() <= TraceLimits.TRACE_IDS_MAX) { // bounded
            before = ids.size();
            Set<String> sought = Set.copyOf(ids);
            hops = store.<List<Hop>>read(snapshot -> hops(snapshot, sought));
            for (Hop hop : hops) {
                String link = hop.link();
                ids.add(hop.id());
                if (link != null) {
                    ids.add(link);
                }
            }
        }
        boolean complete = ids.size() == before && hops.size() < TraceLimits.TRACE_HOPS_MAX;
        hops.sort(Comparator.comparingLong(Hop::millis));
        return new Found(ids, hops, complete);
    }

    private List<Hop> hops(Snapshot snapshot, Set<String> ids) {
        Set<Hop> hops = new LinkedHashSet<>(); // what was tried again was told again
        long oldestMillis = log.oldestMillis();
        try (Cursor cursor = snapshot.prefix(TraceKeys.allIds())) {
            while (cursor.next() && hops.size() < TraceLimits.TRACE_HOPS_MAX) {
                if (TraceIds.mayHave(cursor.value(), ids)) {
                    for (Hop hop : read(snapshot, TraceKeys.readBlock(cursor.key()))) {
                        if (hop.millis() >= oldestMillis
                                && hops.size() < TraceLimits.TRACE_HOPS_MAX
                                && (ids.contains(hop.id())
                                        || (hop.link() != null && ids.contains(hop.link())))) {
                            hops.add(hop);
                        }
                    }
                }
            }
        }
        return new ArrayList<>(hops);
    }

    /// What was accepted last, or written to a table whose stream is a pipe's source; the newest
    /// first.
    ///
    /// @param by the ARN of the bus or table; empty for all
    /// @param accountId whose
    List<Hop> recent(String by, String accountId, int countMax) {
        log.flush();
        return store.<List<Hop>>read(snapshot -> {
            Set<Hop> found = new LinkedHashSet<>();
            long oldestMillis = log.oldestMillis();
            byte[] from = TraceKeys.blocks();
            int blocks = 0;
            try (Cursor cursor =
                    snapshot.range(from, Bytes.prefixEnd(from), Snapshot.Direction.BACKWARD)) {
                while (found.size() < countMax
                        && blocks++ < TraceLimits.RECENT_BLOCKS_MAX
                        && cursor.next()) {
                    for (Hop hop : TraceBlock.decode(cursor.value()).reversed()) {
                        if ((hop.kind() == Hop.Kind.ACCEPTED || hop.kind() == Hop.Kind.WRITTEN)
                                && hop.millis() >= oldestMillis
                                && found.size() < countMax
                                && (by.isEmpty() ? isOf(hop, accountId) : hop.by().equals(by))) {
                            found.add(hop);
                        }
                    }
                }
            }
            return new ArrayList<>(found);
        });
    }

    /// Whether an account has to do with a hop.
    static boolean isOf(Hop hop, String accountId) {
        String in = ":" + accountId + ":";
        String to = hop.to();
        return hop.by().contains(in) || (to != null && to.contains(in));
    }

    private static List<Hop> read(Snapshot snapshot, BlockId id) {
        byte[] block = snapshot.get(TraceKeys.block(id));
        return block == null ? List.of() : TraceBlock.decode(block);
    }
}
