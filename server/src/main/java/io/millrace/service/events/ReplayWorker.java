package io.millrace.service.events;

import io.millrace.engine.Bytes;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.log.Log;
import io.millrace.pattern.Arn;
import io.millrace.service.events.ArchiveKeys.Position;
import io.millrace.service.events.StoredReplay.Progress;
import io.millrace.service.events.StoredReplay.State;
import io.millrace.storage.SetAside;
import io.millrace.storage.UnreadableException;
import io.millrace.storage.Worker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Does the replays: a page of events in each transaction, their deliveries in the same one that
/// remembers how far the replay is. So each event is replayed exactly once, over crashes and with
/// several servers on one store, where AWS promises at least once. Thread-safe.
final class ReplayWorker implements AutoCloseable {
    private static final Log LOG = Log.of(ReplayWorker.class);
    private static final Duration WAIT_MAX = Duration.ofDays(1);
    private static final long NEVER = Long.MAX_VALUE;
    private static final int ACTIVE_PAGE = 64;
    private static final ReplayPage.Bounds BOUNDS =
            new ReplayPage.Bounds(EventsLimits.REPLAY_EVENTS, EventsLimits.REPLAY_KEYS);

    /// What one transaction did.
    ///
    /// @param dueMillis when the replay goes on
    private record Step(long dueMillis) {
        static final Step DONE = new Step(NEVER);
    }

    private final Store store;
    private final InstantSource clock;
    private final Archives archives;
    private final Buses buses;
    private final EventRouter router;
    private final Replays replays = new Replays();
    private final Worker worker;

    ReplayWorker(
            Store store, InstantSource clock, Buses buses, Archives archives, EventRouter router) {
        this.store = store;
        this.clock = clock;
        this.buses = buses;
        this.archives = archives;
        this.router = router;
        this.worker = new Worker(store, "events-replays", ArchiveKeys.activeReplays(), this::step);
    }

    void start() {
        worker.start();
    }

    @Override
    public void close() {
        worker.close();
    }

    /// Lets replays that wait for a time look at the clock again.
    void clockMoved() {
        store.write(tx -> {
            // nothing is there, but the range is watched
            byte[] end = Bytes.prefixEnd(ArchiveKeys.activeReplays());
            tx.deleteRange(ArchiveKeys.afterActiveReplays(), end);
            return end;
        });
    }

    private void step(Watch changes) throws InterruptedException {
        long due = turn();
        long wait = due == NEVER ? WAIT_MAX.toMillis() : due - clock.millis();
        if (wait > 0) {
            changes.await(Duration.ofMillis(Math.min(wait, WAIT_MAX.toMillis())));
        }
    }

    /// Serves one page of each replay.
    ///
    /// @return when the next one is due
    long turn() {
        long due = NEVER;
        byte @Nullable [] from = ArchiveKeys.activeReplays();
        while (from != null) { // ends with the last page
            byte[] start = from;
            List<byte[]> keys =
                    store.read(snapshot -> Replays.active(snapshot, start, ACTIVE_PAGE));
            for (byte[] key : keys) {
                due = Math.min(due, serve(ArchiveKeys.replayName(key)));
            }
            from = keys.size() < ACTIVE_PAGE ? null : Bytes.after(keys.getLast());
        }
        return due;
    }

    private long serve(ArchiveName name) {
        try {
            return store.write(tx -> step(tx, name)).dueMillis();
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) { // one replay must not stop the others
            LOG.error("A replay failed by our fault", e, "replay", name.replayArn());
            return fail(name);
        } catch (Error e) { // such as want of memory, which passes
            LOG.error("A replay waits after a fault of ours", e, "replay", name.replayArn());
            return clock.millis() + Worker.FAULT_PAUSE.toMillis();
        }
    }

    /// Also when the replay itself cannot be read.
    private long fail(ArchiveName name) {
        try {
            return store.write(tx -> fail(tx, name, "An internal error.")).dueMillis();
        } catch (UnreadableException e) {
            SetAside.put(store, ArchiveKeys.activeReplay(name), e);
            return NEVER;
        }
    }

    private Step fail(Transaction tx, ArchiveName name, String reason) {
        replays.find(tx, name, clock.millis())
                .ifPresentOrElse(
                        replay ->
                                replays.put(
                                        tx,
                                        name,
                                        replay.ended(State.FAILED, reason, clock.millis())),
                        () -> tx.delete(ArchiveKeys.activeReplay(name)));
        return Step.DONE;
    }

    private Step step(Transaction tx, ArchiveName name) {
        long now = clock.millis();
        Optional<StoredReplay> found = replays.find(tx, name, now);
        if (found.isEmpty() || found.get().state().hasEnded()) {
            tx.delete(ArchiveKeys.activeReplay(name));
            return Step.DONE;
        }
        StoredReplay replay = found.get();
        if (replay.state() == State.CANCELLING) {
            replays.put(tx, name, replay.ended(State.CANCELLED, null, now));
            return Step.DONE;
        }
        ReplayPlan plan = replay.plan();
        StoredArchive archive =
                ArchiveName.ofArchive(plan.archiveArn())
                        .flatMap(archiveName -> archives.find(tx, archiveName))
                        .filter(a -> a.number() == plan.archiveNumber())
                        .orElse(null);
        if (archive == null) {
            return fail(tx, name, "The archive does not exist any more.");
        }
        BusName bus = Arn.parse(plan.busArn()).map(BusName::of).orElseThrow();
        if (buses.find(tx, bus).isEmpty()) {
            return fail(tx, name, "The event bus does not exist any more.");
        }
        ReplayPage page =
                ReplayPage.read(
                        tx, plan, replay.progress().next(), archive.beginningMillis(now), BOUNDS);
        return send(tx, name, replay, bus, page);
    }

    private Step send(
            Transaction tx, ArchiveName name, StoredReplay replay, BusName bus, ReplayPage page) {
        long now = clock.millis();
        ReplayPlan plan = replay.plan();
        Progress before = replay.progress();
        ReplayClock pace = new ReplayClock(plan.pacing(), before.clock(), now);
        EventRouter.Run run = new EventRouter.Run();
        Set<String> filter = Set.copyOf(plan.filterArns());
        Position next = page.next();
        boolean isLast = page.isLast();
        long due = now;
        long sent = 0;
        Long lastSecond = before.lastSecond();
        for (ReplayPage.Entry entry : page.entries()) {
            ArchivedEvent event = entry.event();
            long second = entry.position().second();
            long eventMillis =
                    plan.inCommitOrder()
                            ? event.arrivedMillis()
                            : Duration.ofSeconds(second).toMillis();
            due = pace.dueMillis(eventMillis);
            boolean routed =
                    due <= now && router.replay(tx, bus, event.replayed(plan.name()), run, filter);
            if (!routed) { // the next page begins with it
                next = entry.position();
                isLast = false;
                break;
            }
            sent++;
            lastSecond = second;
            pace.went(eventMillis);
        }
        if (sent == 0 && !isLast && next.equals(before.next())) {
            return new Step(due); // not yet due
        }
        Progress after =
                new Progress(
                        State.RUNNING,
                        null,
                        null,
                        next,
                        before.events() + sent,
                        lastSecond,
                        pace.place());
        StoredReplay moved = replay.with(after);
        replays.put(tx, name, isLast ? moved.ended(State.COMPLETED, null, now) : moved);
        return new Step(isLast ? NEVER : due);
    }
}
