package io.millrace.service.sqs;

import io.millrace.engine.Bytes;
import io.millrace.engine.Store;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The backlogs of the queues that this server receives from, told what commits add to them.
final class Backlogs implements AutoCloseable {
    private final Store store;
    private final int arrivalsMax;
    private final Map<Long, Backlog> byQueue = new ConcurrentHashMap<>();
    private final AtomicInteger arrivalsKept = new AtomicInteger();
    private final List<Store.Listening> listening;

    Backlogs(Store store) {
        this(store, SqsLimits.ARRIVALS_OF_ALL_MAX);
    }

    /// @param arrivalsMax how many new entries of all queues are kept
    Backlogs(Store store, int arrivalsMax) {
        this.store = store;
        this.arrivalsMax = arrivalsMax;
        this.listening =
                List.of(
                        store.listen(
                                SqsKeys.READY,
                                (key, value) -> tell(key, arrivals -> arrivals.ready(key, value))),
                        store.listen(SqsKeys.DUE, (key, _) -> tellDue(key)),
                        store.listen(SqsKeys.GROUP_DUE, (key, _) -> tellDue(key)));
    }

    Backlog of(long queue) {
        return byQueue.computeIfAbsent(queue, this::make);
    }

    /// For tests: of how many queues there is one.
    int count() {
        return byQueue.size();
    }

    private Backlog make(long queue) {
        return new Backlog(store, queue, new Arrivals(arrivalsKept));
    }

    /// For tests: how many new entries are kept.
    int arrivalsKept() {
        return arrivalsKept.get();
    }

    void forget(long queue) {
        Backlog backlog = byQueue.remove(queue);
        if (backlog != null) {
            backlog.arrivals().forgetReady();
        }
    }

    @Override
    public void close() {
        listening.forEach(Store.Listening::close);
    }

    private void tellDue(byte[] key) {
        tell(key, arrivals -> arrivals.due(SqsKeys.dueMillis(key)));
    }

    private void tell(byte[] key, Consumer<Arrivals> what) {
        Backlog backlog = byQueue.get(Bytes.readLong(key, 1));
        if (backlog != null) {
            what.accept(backlog.arrivals());
        }
        if (arrivalsKept.get() > arrivalsMax) { // mostly of queues that nobody receives from
            byQueue.values().forEach(each -> each.arrivals().forgetReady());
        }
    }
}
