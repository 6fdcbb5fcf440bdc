package io.millrace.service.sqs;

import io.millrace.engine.Store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The backlogs of the queues that this server receives from.
final class Backlogs {
    private final Store store;
    private final Map<Long, Backlog> byQueue = new ConcurrentHashMap<>();

    Backlogs(Store store) {
        this.store = store;
    }

    Backlog of(long queue) {
        return byQueue.computeIfAbsent(queue, number -> new Backlog(store, number));
    }

    /// For tests: of how many queues there is one.
    int count() {
        return byQueue.size();
    }

    void forget(long queue) {
        byQueue.remove(queue);
    }
}
