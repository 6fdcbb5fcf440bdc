package io.millrace.bench;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// One kind of work of the soak, done at a steady rate on a connection of its own.
///
/// @param perSecond how often; when the server is slower, what was missed is not made up for
/// @param micros how long each round took
record SoakTask(String name, double perSecond, Scenario.Round round, Recorder micros) {
    private static final int ROUNDS_PER_CONNECTION = 1_000; // connections come and go

    static SoakTask of(String name, double perSecond, Scenario.Round round) {
        return new SoakTask(name, perSecond, round, new Recorder(3));
    }

    /// Works until the thread is interrupted.
    void run(InetSocketAddress address, int worker) throws IOException {
        long pause = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
        long due = System.nanoTime();
        long number = 0;
        while (!Thread.currentThread().isInterrupted()) { // ends with the soak
            try (Connection connection = new Connection(address)) {
                for (int i = 0; i < ROUNDS_PER_CONNECTION; i++) {
                    due = Math.max(due + pause, System.nanoTime() - TimeUnit.SECONDS.toNanos(1));
                    long rest = due - System.nanoTime();
                    if (rest > 0) {
                        TimeUnit.NANOSECONDS.sleep(rest);
                    }
                    long begin = System.nanoTime();
                    round.run(connection, worker, number++);
                    micros.recordValue((System.nanoTime() - begin) / 1000);
                }
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    /// What was measured since it was last asked.
    Histogram sinceLast() {
        return micros.getIntervalHistogram();
    }
}
