package io.millrace.service.events;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.service.events.ArchiveKeys.Position;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Tells what a replay would do: how many events it would send, and which rules they would match.
/// Thread-safe.
final class ReplayDryRun {
    private static final int PAGE_EVENTS = 500;

    /// What would happen.
    ///
    /// @param unmatched events that match no rule
    /// @param byRule how many events each rule would get, by its ARN
    /// @param isComplete whether all events were looked at
    record Forecast(long events, long unmatched, Map<String, Long> byRule, boolean isComplete) {}

    private final Store store;
    private final InstantSource clock;
    private final Archives archives;
    private final EventRouter router;

    ReplayDryRun(Store store, InstantSource clock, Archives archives, EventRouter router) {
        this.store = store;
        this.clock = clock;
        this.archives = archives;
        this.router = router;
    }

    Forecast of(ReplayPlan plan) {
        Map<String, Long> byRule = new TreeMap<>();
        long events = 0;
        long unmatched = 0;
        Position from = StoredReplay.start(plan).progress().next();
        boolean isLast = false;
        while (!isLast && events < EventsLimits.DRY_RUN_EVENTS) { // each page moves on
            Position start = from;
            ReplayPage page = store.read(snapshot -> page(snapshot, plan, start));
            for (ReplayPage.Entry entry : page.entries()) {
                events++;
                unmatched += match(plan, entry.event(), byRule) ? 0 : 1;
            }
            from = page.next();
            isLast = page.isLast();
        }
        return new Forecast(events, unmatched, byRule, isLast);
    }

    private ReplayPage page(Snapshot snapshot, ReplayPlan plan, Position from) {
        long beginning =
                ArchiveName.ofArchive(plan.archiveArn())
                        .flatMap(name -> archives.find(snapshot, name))
                        .map(archive -> archive.beginningMillis(clock.millis()))
                        .orElse(0L);
        return ReplayPage.read(
                snapshot,
                plan,
                from,
                beginning,
                new ReplayPage.Bounds(PAGE_EVENTS, EventsLimits.REPLAY_KEYS));
    }

    private boolean match(ReplayPlan plan, ArchivedEvent event, Map<String, Long> byRule) {
        BusName bus = Arn.parse(plan.busArn()).map(BusName::of).orElseThrow();
        Set<String> filter = Set.copyOf(plan.filterArns());
        boolean any = false;
        for (String rule :
                store.read(tx -> router.matching(tx, bus, event.replayed(plan.name())))) {
            if (filter.isEmpty() || filter.contains(rule)) {
                byRule.merge(rule, 1L, Long::sum);
                any = true;
            }
        }
        return any;
    }
}
