package io.millrace.bench;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/// Runs one scenario against one server over many connections for a time.
final class Load {

    /// What came of one run; latencies in microseconds.
    record Result(long count, double perSecond, double p50Micros, double p99Micros) {}

    @FunctionalInterface
    interface Step {

        /// Does its part.
        ///
        /// @param number of the first of what it is to do
        void run(Connection connection, long number) throws IOException, InterruptedException;
    }

    private Load() {}

    /// Runs a step for each `stepCount` of `from` to `to`, on many connections.
    static void each(int port, int connections, long from, long to, int stepCount, Step step)
            throws IOException, InterruptedException {
        AtomicLong next = new AtomicLong(from);
        List<Future<?>> workers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < connections; i++) {
                workers.add(
                        threads.submit(() -> {
                            try (Connection connection = new Connection(port)) {
                                for (long n = next.getAndAdd(stepCount);
                                        n < to;
                                        n = next.getAndAdd(stepCount)) {
                                    step.run(connection, n);
                                }
                            }
                            return null;
                        }));
            }
        }
        for (Future<?> worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                throw new IOException("a worker failed", e.getCause());
            }
        }
    }

    static Result run(Scenario.Round round, int port, int connections, double seconds)
            throws IOException, InterruptedException {
        InetAddress here = InetAddress.getLoopbackAddress();
        return run(round, new InetSocketAddress(here, port), connections, seconds);
    }

    static Result run(
            Scenario.Round round, InetSocketAddress address, int connections, double seconds)
            throws IOException, InterruptedException {
        List<Future<Histogram>> workers = new ArrayList<>();
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * 1e9);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int worker = 0; worker < connections; worker++) {
                int number = worker;
                workers.add(threads.submit(() -> work(round, address, number, end)));
            }
        }
        double elapsedSeconds = (System.nanoTime() - begin) / 1e9;
        Histogram all = new Histogram(3);
        for (Future<Histogram> worker : workers) {
            try {
                all.add(worker.get());
            } catch (ExecutionException e) {
                throw new IOException("a worker failed", e.getCause());
            }
        }
        return new Result(
                all.getTotalCount(),
                all.getTotalCount() / elapsedSeconds,
                all.getValueAtPercentile(50),
                all.getValueAtPercentile(99));
    }

    private static Histogram work(
            Scenario.Round round, InetSocketAddress address, int worker, long end)
            throws IOException {
        Histogram micros = new Histogram(3);
        try (Connection connection = new Connection(address)) {
            long now = System.nanoTime();
            for (long number = 0; now < end; number++) {
                round.run(connection, worker, number);
                long after = System.nanoTime();
                micros.recordValue((after - now) / 1000);
                now = after;
            }
        }
        return micros;
    }
}
