package io.millrace.conformance.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How many calls that change something were answered between two deaths of the server, by service.
/// Thread-safe.
final class Spans {
    private final List<Map<String, Integer>> ended = new ArrayList<>();
    private final Set<String> services = new HashSet<>();
    private Map<String, Integer> current = new HashMap<>();
    private long answers;

    /// @param kind the service's name, a blank, the action's name
    synchronized void answered(String kind) {
        answers++;
        notifyAll();
        String[] words = kind.split(" ", 2);
        if (!words[1].matches("(Get|TransactGet|Receive|Describe|List|Decrypt|delivery).*")) {
            services.add(words[0]);
            current.merge(words[0], 1, Integer::sum);
        }
    }

    /// The server is dead.
    ///
    /// @param counts false when it was not there for long on purpose
    synchronized void end(boolean counts) {
        if (counts) {
            ended.add(current);
        }
        current = new HashMap<>();
    }

    /// Waits for an answer, whatever it is, or until the time is over.
    synchronized void awaitAnswer(Duration timeout) throws InterruptedException {
        long before = answers;
        long deadline = System.nanoTime() + timeout.toNanos();
        while (answers == before && System.nanoTime() < deadline) {
            wait(1);
        }
    }

    /// Waits until each service that ever answered a write has answered one since the server came
    /// back, or until the time is over.
    synchronized void awaitEach(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!current.keySet().containsAll(services) && System.nanoTime() < deadline) {
            wait(1);
        }
    }

    synchronized List<Map<String, Integer>> ended() {
        return List.copyOf(ended);
    }
}
