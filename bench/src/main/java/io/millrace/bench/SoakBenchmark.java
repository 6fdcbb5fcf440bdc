package io.millrace.bench;

import org.HdrHistogram.Histogram;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Steady mixed work for a long time: nothing may grow, neither memory nor files nor latencies.
///
/// At each sample the server's clock is moved forward, so that what has a retention comes and goes
/// many times in a run: each ten minutes are several days of the server's life.
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description =
                "A steady mixed load over all services; samples memory, threads, files, disk and"
                        + " latencies, fits lines, and fails when something grows.")
final class SoakBenchmark implements Callable<Integer> {
    private static final double MIB = 1024;
    private static final String RESIDENT = "resident MiB";
    private static final String HEAP = "heap in use MiB";
    private static final String THREADS = "threads";
    private static final String FILES = "open files";
    private static final String DISK = "disk MiB";
    private static final String RATE = "rounds a second";

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(names = "--minutes", defaultValue = "10", description = "How long; default 10.")
    private double minutes;

    @Option(names = "--sample", defaultValue = "30", description = "Seconds; default 30.")
    private double sampleSeconds;

    @Option(
            names = "--warm-up",
            defaultValue = "0.3",
            description = "The part at the beginning that does not count; default 0.3.")
    private double warmUp;

    @Option(
            names = "--scale",
            defaultValue = "1",
            description = "1, the default, is about 450 rounds a second.")
    private double scale;

    @Option(
            names = "--clock",
            defaultValue = "PT8H",
            description = "How far the clock moves at each sample; default PT8H.")
    private Duration clock = Duration.ZERO;

    @Option(names = "--heap", defaultValue = "256m", description = "Default: 256m.")
    private String heap = "";

    @Option(
            names = "--store-memory",
            defaultValue = "256",
            description = "MiB of the store; default 256.")
    private String storeMemory = "";

    private final List<Double> hours = new ArrayList<>();
    private final Map<String, List<Double>> samples = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        try (ServerUnderTest server =
                        ServerUnderTest.millraceWithHeap(
                                launcher,
                                data,
                                heap,
                                "--stream-retention",
                                "1",
                                "--trace-retention",
                                "1",
                                "--store-memory",
                                storeMemory);
                Connection connection = new Connection(server.port());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<SoakTask> tasks = SoakWork.prepare(connection, scale);
            List<Future<?>> running = new ArrayList<>();
            for (SoakTask task : tasks) {
                int worker = running.size();
                running.add(
                        threads.submit(() -> {
                            task.run(server.address(), worker);
                            return null;
                        }));
            }
            try {
                watch(server, data, tasks, running);
                System.out.printf(
                        "%nat most %,d MiB resident, with a heap of %s and %s MiB for the store%n",
                        server.residentMostKibibytes() / 1024, heap, storeMemory);
            } finally {
                threads.shutdownNow();
            }
        }
        return report();
    }

    private void watch(
            ServerUnderTest server, Path data, List<SoakTask> tasks, List<Future<?>> running)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        int count = (int) Math.ceil(minutes * 60 / sampleSeconds);
        for (int i = 1; i <= count; i++) {
            long rest = begin + (long) (i * sampleSeconds * 1e9) - System.nanoTime();
            failure(running, Math.max(1, rest));
            hours.add((System.nanoTime() - begin) / 3.6e12);
            sample(server, data, tasks);
            try (Connection connection = new Connection(server.port())) {
                connection.send(Request.page("POST", "/_millrace/clock", clock.toString()));
            }
        }
    }

    /// Waits for a time; work that ends before it has failed.
    private static void failure(List<Future<?>> running, long nanos)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + nanos;
        for (Future<?> work : running) {
            try {
                work.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                throw new IOException("the work ended early");
            } catch (TimeoutException _) {
                // it works on
            } catch (ExecutionException e) {
                throw new IOException("the work failed", e.getCause());
            }
        }
    }

    private void sample(ServerUnderTest server, Path data, List<SoakTask> tasks)
            throws IOException, InterruptedException {
        long rounds = 0;
        List<Histogram> latencies = new ArrayList<>();
        for (SoakTask task : tasks) {
            Histogram micros = task.sinceLast();
            latencies.add(micros);
            rounds += micros.getTotalCount();
        }
        add(RATE, rounds / sampleSeconds);
        add(RESIDENT, server.residentKibibytes() / MIB);
        add(HEAP, server.heapKibibytes() / MIB);
        add(THREADS, (double) server.threads());
        add(FILES, (double) server.openFiles());
        add(DISK, bytes(data) / MIB / MIB);
        for (int i = 0; i < tasks.size(); i++) {
            add(tasks.get(i).name() + " p50 ms", latencies.get(i).getValueAtPercentile(50) / 1e3);
            add(tasks.get(i).name() + " p99 ms", latencies.get(i).getValueAtPercentile(99) / 1e3);
        }
        System.out.printf(
                "%5.1f min: %,5.0f rounds/s, %,5.0f MiB resident, %,5.1f MiB heap, %3.0f threads,"
                        + " %3.0f files, %,6.1f MiB on disk%n",
                hours.getLast() * 60,
                last(RATE),
                last(RESIDENT),
                last(HEAP),
                last(THREADS),
                last(FILES),
                last(DISK));
    }

    private void add(String name, double value) {
        samples.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }

    private double last(String name) {
        return samples.getOrDefault(name, List.of()).getLast();
    }

    private static double bytes(Path directory) throws IOException {
        double sum = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try {
                    sum += Files.size(file);
                } catch (NoSuchFileException _) {
                    // the store has just removed it
                }
            }
        }
        return sum;
    }

    private int report() {
        int from = Math.min((int) (hours.size() * warmUp), hours.size() - 1);
        List<Double> counted = hours.subList(from, hours.size());
        List<String> growing = new ArrayList<>();
        System.out.printf(
                "%n%-28s %10s %10s %10s %10s %12s%n",
                "", "first", "least", "most", "last", "an hour");
        samples.forEach((name, all) -> {
            List<Double> values = all.subList(from, all.size());
            Trend trend = Trend.of(counted, values);
            boolean grows =
                    !name.equals(RATE)
                            && values.size() >= Trend.SAMPLES_MIN
                            && trend.grows(tolerated(name, trend));
            if (grows) {
                growing.add(name);
            }
            System.out.printf(
                    "%-28s %,10.2f %,10.2f %,10.2f %,10.2f %+,12.2f%s%n",
                    name,
                    values.getFirst(),
                    values.stream().min(Comparator.naturalOrder()).orElse(0.0),
                    values.stream().max(Comparator.naturalOrder()).orElse(0.0),
                    values.getLast(),
                    (trend.last() - trend.first()) / (counted.getLast() - counted.getFirst()),
                    grows ? "  grows" : "");
        });
        System.out.printf(
                "%n%d samples of %.0f s counted; each moved the clock by %s. %s%n",
                counted.size(),
                sampleSeconds,
                clock,
                counted.size() < Trend.SAMPLES_MIN
                        ? "Too few for a verdict."
                        : growing.isEmpty()
                                ? "Nothing grows."
                                : "GROWING: " + String.join(", ", growing));
        return growing.isEmpty() && counted.size() >= Trend.SAMPLES_MIN ? 0 : 1;
    }

    /// What a line may rise over the run without being growth.
    private static double tolerated(String name, Trend trend) {
        return switch (name) {
            case THREADS -> 2;
            case FILES -> 10; // the store's sorted files come and go
            case HEAP -> 2;
            case RESIDENT -> Math.max(8, trend.first() * 0.05);
            case DISK -> Math.max(16, trend.first() * 0.1);
            default -> Math.max(2, trend.first() * 0.5); // latencies
        };
    }
}
