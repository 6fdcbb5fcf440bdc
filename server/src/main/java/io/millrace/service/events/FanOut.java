package io.millrace.service.events;

import io.millrace.delivery.SharedPayload;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.storage.ResourceCodec;
import io.millrace.storage.SetAside;
import io.millrace.storage.Turn;
import io.millrace.storage.Worker;
import io.millrace.wire.Ids;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Brings events to the rules behind what their sender's transaction carried: durable, resumable, a
/// page in each transaction. Buses take turns; the events of a bus are served one after the other,
/// in the order of their commits. A rule counts as it is when its page comes.
final class FanOut implements AutoCloseable {

    /// What is left to do of an event on a bus.
    ///
    /// @param sharedNumber of the payload that is the event
    /// @param after the name of the last rule that was served; empty for none
    private record Rest(EventPassage.Head head, long sharedNumber, String after) {}

    private static final ResourceCodec<Rest> CODEC = new ResourceCodec<>(Rest.class);
    private static final Duration WAIT_MAX = Duration.ofDays(1);

    private final Store store;
    private final EventRouter router;
    private byte[] turnFrom = EventsKeys.fanOuts(); // the worker's own
    private final Worker worker;

    FanOut(Store store, EventRouter router) {
        this.store = store;
        this.router = router;
        this.worker = new Worker(store, "events-fan-out", EventsKeys.fanOuts(), this::step);
    }

    /// Owes the rules behind `after`.
    ///
    /// @param place of the event among those that the transaction owes to the bus
    static void add(
            Transaction tx,
            InstantSource clock,
            Ids ids,
            EventPassage passage,
            String after,
            int place) {
        byte[] json = passage.event().json().getBytes(StandardCharsets.UTF_8);
        SharedPayload event = new SharedPayload(json, ids.number());
        long number = (long) place << Integer.SIZE | ids.number() >>> Integer.SIZE;
        KeyWriter key = EventsKeys.newFanOut(passage.bus().number(), number);
        tx.putStamped(
                key.toBytes(),
                key.stampOffset(),
                CODEC.encode(new Rest(passage.head(), event.number(), after)),
                Transaction.NO_STAMP);
        event.heldBy(key);
        event.put(tx, clock.millis());
    }

    /// Whether events of a bus wait for their turn.
    static boolean isPending(Snapshot snapshot, long bus) {
        try (Cursor cursor = snapshot.prefix(EventsKeys.fanOuts(bus))) {
            return SetAside.next(snapshot, cursor) != null;
        }
    }

    void start() {
        worker.start();
    }

    @Override
    public void close() {
        worker.close();
    }

    /// Serves one page for each bus that has events under way; false when there was none. What
    /// fails by our own fault is thrown when the others had their turn.
    boolean turn() {
        List<Turn.Entry> first = store.read(this::firstOfEachBus);
        Turn turn = new Turn(store);
        first.forEach(
                entry -> turn.take(entry, () -> store.write(tx -> servePage(tx, entry.key()))));
        turn.end();
        return !first.isEmpty();
    }

    /// For as many buses as a turn has, where the turn before ended, or from the start.
    private List<Turn.Entry> firstOfEachBus(Snapshot snapshot) {
        List<Turn.Entry> first = new ArrayList<>();
        byte[] from = turnFrom;
        byte[] to = Bytes.prefixEnd(EventsKeys.fanOuts());
        while (first.size() < EventsLimits.FAN_OUT_BUSES) {
            try (Cursor cursor = snapshot.range(from, to, Snapshot.Direction.FORWARD)) {
                byte[] key = SetAside.next(snapshot, cursor);
                if (key != null) {
                    first.add(Turn.Entry.of(cursor));
                    from = Bytes.prefixEnd(EventsKeys.fanOuts(EventsKeys.readFanOut(key).bus()));
                    continue;
                }
            }
            boolean wasWhole = Arrays.equals(turnFrom, EventsKeys.fanOuts());
            turnFrom = EventsKeys.fanOuts();
            return first.isEmpty() && !wasWhole ? firstOfEachBus(snapshot) : first;
        }
        turnFrom = from;
        return first;
    }

    private void step(Watch changes) throws InterruptedException {
        if (!turn()) {
            changes.await(WAIT_MAX);
        }
    }

    /// False when there is nothing left to do.
    private boolean servePage(Transaction tx, byte[] key) {
        byte[] value = tx.get(key);
        if (value == null) {
            return false;
        }
        Rest rest = CODEC.decode(value);
        EventsKeys.FanOutId id = EventsKeys.readFanOut(key);
        StoredBus bus = router.bus(tx, rest.head().busName()).orElse(null);
        if (bus == null || bus.number() != id.bus()) {
            tx.delete(key); // the bus is gone, and its rules with it
            return false;
        }
        byte[] json = SharedPayload.read(tx, id.stamp(), rest.sharedNumber());
        EventPassage passage =
                EventPassage.of(rest.head(), bus, new String(json, StandardCharsets.UTF_8));
        EventRouter.Run run =
                new EventRouter.Run(EventsLimits.FAN_OUT_DELIVERIES, EventsLimits.FAN_OUT_BYTES);
        String last = router.goOn(tx, passage, rest.after(), run);
        if (last == null) {
            tx.delete(key);
        } else {
            tx.put(key, CODEC.encode(new Rest(rest.head(), rest.sharedNumber(), last)));
        }
        return last != null;
    }
}
