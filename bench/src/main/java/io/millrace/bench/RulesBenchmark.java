package io.millrace.bench;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// PutEvents on a bus with one rule beside one with very many, of which a third have numeric
/// thresholds of their own; how long a rule takes to put; and what the trace of events costs.
///
/// Each server is warmed up by load of its own until its compilers have had their time, in turns
/// with the others; what counts is taken in turns as well, each round beginning with another.
@Command(
        name = "rules",
        mixinStandardHelpOptions = true,
        description =
                "PutEvents with one rule beside very many, a third of them with distinct numeric"
                        + " thresholds; how long a rule takes to put; and what the trace costs.")
final class RulesBenchmark implements Callable<Integer> {
    private static final int KINDS = 3;
    private static final int BATCH_SHOWN = 20_000;

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(names = "--rules", defaultValue = "100000", description = "Default: 100,000.")
    private int rules;

    @Option(names = "--connections", defaultValue = "32", description = "Default: 32.")
    private int connections;

    @Option(names = "--seconds", defaultValue = "3", description = "Of each run; default 3.")
    private double seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "30",
            description = "Seconds of load on each server that do not count; default 30.")
    private double warmUpSeconds;

    @Option(names = "--rounds", defaultValue = "7", description = "Runs of each; default 7.")
    private int rounds;

    /// What is compared: in a run of one, then of the other, and so on.
    private record Side(
            String name, ServerUnderTest server, List<Double> perSecond, List<Double> cpuMicros) {
        static Side of(String name, ServerUnderTest server) {
            return new Side(name, server, new ArrayList<>(), new ArrayList<>());
        }
    }

    @Override
    public Integer call() throws Exception {
        try (ServerUnderTest one = server("24");
                ServerUnderTest many = server("24");
                ServerUnderTest untraced = server("0")) {
            setUp(one, 1);
            setUp(untraced, 1);
            setUp(many, rules);
            List<Side> sides =
                    List.of(
                            Side.of("1 rule", one),
                            Side.of("%,d rules".formatted(rules), many),
                            Side.of("1 rule, no trace", untraced));
            int warmUps = (int) Math.ceil(warmUpSeconds / seconds);
            for (int round = 0; round < warmUps + rounds; round++) {
                for (int turn = 0; turn < sides.size(); turn++) {
                    run(sides.get((round + turn) % sides.size()), round >= warmUps);
                }
            }
            for (Side side : sides) {
                System.out.printf(
                        "%-20s %,9.0f/s %8.1f CPU µs a PutEvents (medians of %d)%n",
                        side.name, median(side.perSecond), median(side.cpuMicros), rounds);
            }
            System.out.printf(
                    "many rules: %.0f %% of the throughput, %.2f times the CPU; trace: %+.1f %%"
                            + " CPU%n",
                    100 * median(sides.get(1).perSecond) / median(sides.get(0).perSecond),
                    median(sides.get(1).cpuMicros) / median(sides.get(0).cpuMicros),
                    100 * (median(sides.get(0).cpuMicros) / median(sides.get(2).cpuMicros) - 1));
        }
        return 0;
    }

    private ServerUnderTest server(String traceHours) throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("millrace-bench-");
        return ServerUnderTest.millraceWithLastingCompilers(
                launcher, data, "--trace-retention", traceHours);
    }

    private void run(Side side, boolean counts) throws IOException, InterruptedException {
        Request put =
                Request.events(
                        "PutEvents",
                        "{\"Entries\":[{\"Source\":\"bench\",\"DetailType\":\"t\",\"Detail\":"
                                + "\"{\\\"kind\\\":0,\\\"total\\\":-1,\\\"text\\\":\\\""
                                + "x".repeat(300)
                                + "\\\"}\"}]}");
        long before = cpuNanos(side.server);
        Load.Result result =
                Load.run(
                        (connection, _, _) -> connection.send(put),
                        side.server.port(),
                        connections,
                        seconds);
        long used = cpuNanos(side.server) - before;
        if (counts) {
            side.perSecond.add(result.perSecond());
            side.cpuMicros.add(used / 1000.0 / (result.perSecond() * seconds));
        }
    }

    /// Without its compiler's, which has work for as long as a busy machine keeps it from that.
    private static long cpuNanos(ServerUnderTest server) throws IOException {
        return server.cpu().minus(server.compilerCpu()).toNanos();
    }

    private void setUp(ServerUnderTest server, int count) throws IOException {
        try (Connection connection = new Connection(server.port())) {
            String arn = QueueCalls.arn(connection, QueueCalls.create(connection, "q"));
            rule(connection, "matched", "{\"source\":[\"bench\"],\"detail\":{\"kind\":[0]}}");
            connection.send(
                    Request.events(
                            "PutTargets",
                            "{\"Rule\":\"matched\",\"Targets\":[{\"Id\":\"t\",\"Arn\":\""
                                    + arn
                                    + "\"}]}"));
        }
        if (count > 1) {
            putRules(server.port(), count);
        }
    }

    private void putRules(int port, int count) throws IOException {
        Histogram micros = new ConcurrentHistogram(3);
        AtomicInteger next = new AtomicInteger(1);
        List<Future<?>> workers = new ArrayList<>();
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < connections; i++) {
                workers.add(threads.submit(() -> putRules(port, next, count, micros)));
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        for (Future<?> worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                throw new IOException("a worker failed", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
        System.out.printf(
                "%,d rules put over %d connections in %.1f s: %.3f ms a rule, each answered in"
                        + " %.2f ms (p50), %.2f ms (p99)%n",
                count - 1,
                connections,
                seconds,
                1e3 * seconds / (count - 1),
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3);
    }

    private static @Nullable Void putRules(
            int port, AtomicInteger next, int count, Histogram micros) throws IOException {
        try (Connection connection = new Connection(port)) {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                long begin = System.nanoTime();
                rule(connection, "r" + i, pattern(i));
                micros.recordValue((System.nanoTime() - begin) / 1000);
                if (i % BATCH_SHOWN == 0) {
                    System.err.printf("%,d rules%n", i);
                }
            }
        }
        return null;
    }

    /// A threshold of its own, a value of its own, a beginning of its own.
    static String pattern(long i) {
        return switch ((int) (i % KINDS)) {
            case 0 -> "{\"detail\":{\"total\":[{\"numeric\":[\">\"," + i + "]}]}}";
            case 1 -> "{\"source\":[\"bench\"],\"detail\":{\"kind\":[" + i + "]}}";
            default -> "{\"detail\":{\"text\":[{\"prefix\":\"p" + i + "\"}]}}";
        };
    }

    static void rule(Connection connection, String name, String pattern) throws IOException {
        String quoted = pattern.replace("\\", "\\\\").replace("\"", "\\\"");
        connection.send(
                Request.events(
                        "PutRule",
                        "{\"Name\":\"" + name + "\",\"EventPattern\":\"" + quoted + "\"}"));
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
