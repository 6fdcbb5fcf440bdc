package io.millrace.conformance.faults;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Makes calls, each once, says what the caller knows of each, and counts them. Thread-safe.
final class Calls {

    /// What a caller knows of its call. After `UNKNOWN` it may have taken effect, or take effect
    /// yet, or never.
    enum Outcome {
        DONE,
        REFUSED,
        UNKNOWN
    }

    /// Twenty-five workers of this pace leave a small machine some air.
    private static final long PACE_NANOS = 25_000_000;

    private static final long AWAY_NANOS = 100_000_000;

    private final Map<String, AtomicLong> counts = new ConcurrentSkipListMap<>();
    private final AtomicLong moments = new AtomicLong();
    private final ExecutorService threads;
    private final Queue<Future<?>> workers = new ConcurrentLinkedQueue<>();
    private final Spans spans = new Spans();
    private volatile boolean stopped;
    private volatile boolean away;

    Calls(ExecutorService threads) {
        this.threads = threads;
    }

    /// Calls once.
    ///
    /// @param kind under which it is counted, the service's name first
    Outcome call(String kind, Runnable call) {
        Outcome outcome;
        try {
            call.run();
            outcome = Outcome.DONE;
        } catch (AwsServiceException e) {
            outcome = e.statusCode() / 100 == 4 ? Outcome.REFUSED : Outcome.UNKNOWN;
        } catch (SdkException | UncheckedIOException _) {
            outcome = Outcome.UNKNOWN;
        }
        count(kind, outcome);
        return outcome;
    }

    void count(String kind, Outcome outcome) {
        counts.computeIfAbsent(kind + " " + outcome, _ -> new AtomicLong()).incrementAndGet();
        if (outcome == Outcome.DONE) {
            spans.answered(kind);
        }
    }

    /// What was answered between the deaths of the server.
    Spans spans() {
        return spans;
    }

    /// Calls until it is done, for what is prepared and cleared up while nothing is broken.
    static void insist(Runnable call) {
        for (int attempt = 1; ; attempt++) {
            try {
                call.run();
                return;
            } catch (SdkException | UncheckedIOException e) {
                if (attempt == 20) {
                    throw e;
                }
                LockSupport.parkNanos(3 * AWAY_NANOS);
            }
        }
    }

    /// Repeats a step in a thread of its own, until all are stopped.
    void repeat(SplittableRandom random, Consumer<SplittableRandom> step) {
        SplittableRandom own = random.split();
        Runnable steps =
                () -> {
                    while (!stopped) {
                        waitWhileAway();
                        step.accept(own);
                        LockSupport.parkNanos(PACE_NANOS);
                    }
                };
        workers.add(threads.submit(steps));
    }

    /// The next number in the order in which calls began and ended.
    long moment() {
        return moments.incrementAndGet();
    }

    /// Lets a server that did not answer come back.
    void idle() {
        LockSupport.parkNanos(AWAY_NANOS);
        waitWhileAway();
    }

    private void waitWhileAway() {
        while (away && !stopped) {
            LockSupport.parkNanos(AWAY_NANOS / 10);
        }
    }

    /// Whether there is a server at all.
    void setAway(boolean isAway) {
        away = isAway;
    }

    /// Returns when every call has ended and is noted.
    void stop() throws InterruptedException {
        stopped = true;
        for (Future<?> worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// How many calls of each kind ended how.
    Map<String, AtomicLong> counts() {
        return counts;
    }
}
