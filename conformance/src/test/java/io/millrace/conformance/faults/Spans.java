package io.millrace.conformance.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How many calls that change something were answered between two deaths of the server, by service.
/// Thread-safe.
final class Spans {

    /// All that are called to change something.
    private static final Set<String> SERVICES =
            Set.of("dynamodb", "events", "iam", "kms", "scheduler", "secretsmanager", "sns", "sqs");

    private final List<Map<String, Integer>> ended = new ArrayList<>();
    private Map<String, Integer> current = new HashMap<>();
    private long answers;

    /// @param kind the service's name, a blank, the action's name
    synchronized void answered(String kind) {
        answers++;
        notifyAll();
        String[] words = kind.split(" ", 2);
        if (!words[1].matches("(Get|TransactGet|Receive|Describe|Simulate|Decrypt|delivery).*")) {
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

    /// Waits until each service has answered a write since the server came back, or until the time
    /// is over.
    synchronized void awaitEach(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!current.keySet().containsAll(SERVICES) && System.nanoTime() < deadline) {
            wait(1);
        }
    }

    synchronized List<Map<String, Integer>> ended() {
        return List.copyOf(ended);
    }
}
