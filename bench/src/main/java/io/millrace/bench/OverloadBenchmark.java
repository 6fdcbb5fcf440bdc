package io.millrace.bench;

import org.HdrHistogram.Histogram;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;

/// Far more than the server can do: it must stay up, within its memory, go on doing nearly as much
/// as it can, refuse the rest soon and in words that SDKs understand, and be as before at once.
@Command(
        name = "overload",
        mixinStandardHelpOptions = true,
        description =
                "Finds the rate that is sustained, offers a multiple of it over very many"
                        + " connections, and then less again.")
final class OverloadBenchmark implements Callable<Integer> {
    private static final String TABLE = "overload";
    private static final int PEAK_CONNECTIONS = 64;
    private static final int ITEMS = 10;
    private static final int REQUESTS = 1024;
    private static final double DRAIN_SECONDS_MAX = 30;
    private static final double RECOVERED_SHARE = 0.5;
    private static final double GOODPUT_SHARE_MIN = 0.8;

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(
            names = "--factors",
            split = ",",
            defaultValue = "2,5,10",
            description = "Of the peak; default 2,5,10.")
    private List<Double> factors = List.of();

    @Option(names = "--connections", defaultValue = "10000", description = "Default: 10,000.")
    private int connections;

    @Option(names = "--seconds", defaultValue = "5", description = "A phase's; default 5.")
    private double seconds;

    @Option(names = "--heap", defaultValue = "1g", description = "The server's; default 1g.")
    private String heap = "";

    @Option(
            names = "--operation",
            defaultValue = "transact",
            description = "transact (of 10 items), put, get or send; default transact.")
    private String operation = "";

    @Option(
            names = "--back-off",
            defaultValue = "0",
            description =
                    "Seconds that a connection waits at most when it was refused, before it asks"
                            + " again; SDKs wait for up to 1. Default: 0.")
    private double backOffSeconds;

    @Option(names = "--warm-up", defaultValue = "10", description = "Seconds; default 10.")
    private double warmUpSeconds;

    @Option(
            names = "--apart",
            description =
                    "Give the load a processor of its own, and the server all others (Linux, with"
                            + " taskset).")
    private boolean apart;

    /// What came of a phase.
    ///
    /// @param cpuMicros of the server, of an answer of either kind
    private record Phase(OpenLoad.Result result, double cpuMicros) {}

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        int processors = Runtime.getRuntime().availableProcessors() - (apart ? 1 : 0);
        String jvm = "-Xmx" + heap + " -XX:ActiveProcessorCount=" + processors;
        try (ServerUnderTest server =
                ServerUnderTest.millrace(launcher, data, Map.of("JDK_JAVA_OPTIONS", jvm))) {
            if (apart) {
                pin(server.process().pid(), "0-" + (processors - 1));
                pin(ProcessHandle.current().pid(), Integer.toString(processors));
            }
            return measure(server) ? 0 : 1;
        }
    }

    private static void pin(long pid, String processors) throws IOException, InterruptedException {
        String[] command = {"taskset", "-a", "-p", "-c", processors, Long.toString(pid)};
        Process process =
                new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (process.waitFor() != 0) {
            throw new IOException("taskset failed");
        }
    }

    private boolean measure(ServerUnderTest server) throws IOException {
        IntFunction<Request> requests = requests(server.port());
        System.out.println(
                "| offered | connections | goodput | of the peak | p50, p99 ms | refused | p50, p99"
                        + " ms | not sent | server CPU µs an answer | MiB |\n"
                        + "|---|---:|---:|---:|---|---:|---|---:|---:|---:|");
        double peak;
        try (OpenLoad load = new OpenLoad(server.port(), PEAK_CONNECTIONS, 0)) {
            double all = Double.POSITIVE_INFINITY;
            load.run(all, PEAK_CONNECTIONS, warmUpSeconds, requests);
            Phase phase = run(server, load, all, PEAK_CONNECTIONS, seconds, requests);
            peak = phase.result.goodput();
            print("the peak", PEAK_CONNECTIONS, phase, peak, server);
        }
        boolean good = true;
        try (OpenLoad load = new OpenLoad(server.port(), connections, backOffSeconds)) {
            load.run(peak * factors.getLast(), connections, seconds, requests); // warms up
            load.drain(DRAIN_SECONDS_MAX);
            for (double factor : factors) {
                Phase phase = run(server, load, peak * factor, connections, seconds, requests);
                print("%.0fx".formatted(factor), connections, phase, peak, server);
                OpenLoad.Result over = phase.result;
                good &= over.goodput() >= GOODPUT_SHARE_MIN * peak && over.failed() == 0;
            }
            double drained = load.drain(DRAIN_SECONDS_MAX);
            load.run(0.001, connections, backOffSeconds, requests); // until all may ask again
            Phase after = run(server, load, peak * RECOVERED_SHARE, connections, 1, requests);
            print("then half the peak", connections, after, peak, server);
            System.out.printf(Locale.ROOT, "%nAll was answered after %.2f s.%n", drained);
            return good && after.result.failed() == 0;
        }
    }

    private static Phase run(
            ServerUnderTest server,
            OpenLoad load,
            double perSecond,
            int connections,
            double seconds,
            IntFunction<Request> requests)
            throws IOException {
        long before = server.cpu().toNanos();
        OpenLoad.Result result = load.run(perSecond, connections, seconds, requests);
        double micros = (server.cpu().toNanos() - before) / 1e3;
        return new Phase(result, micros / (result.ok() + result.throttled()));
    }

    private static void print(
            String name, int connections, Phase phase, double peak, ServerUnderTest server)
            throws IOException {
        OpenLoad.Result result = phase.result;
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %,.0f/s | %.0f %% | %s | %,.0f/s | %s | %,.0f/s | %.1f | %,d |%s%n",
                name,
                connections,
                result.goodput(),
                100 * result.goodput() / peak,
                millis(result.okMicros()),
                result.throttled() / result.seconds(),
                millis(result.throttledMicros()),
                result.unsent() / result.seconds(),
                phase.cpuMicros,
                server.residentMostKibibytes() / 1024,
                result.failed() > 0
                        ? " " + result.failed() + " failed, as " + result.failure()
                        : "");
    }

    private static String millis(Histogram micros) {
        return micros.getTotalCount() == 0
                ? ""
                : "%.1f, %.1f"
                        .formatted(
                                micros.getValueAtPercentile(50) / 1000.0,
                                micros.getValueAtPercentile(99) / 1000.0);
    }

    private IntFunction<Request> requests(int port) throws IOException {
        try (Connection connection = new Connection(port)) {
            Request[] made = new Request[REQUESTS];
            if (operation.equals("send")) {
                String url = QueueCalls.create(connection, TABLE);
                Arrays.fill(made, QueueCalls.send(url, "x".repeat(900)));
                return number -> made[number % REQUESTS];
            }
            ItemScenarios.table(connection, TABLE);
            for (int i = 0; i < REQUESTS; i++) {
                made[i] = itemRequest(i);
                if (operation.equals("get")) {
                    connection.send(put(i));
                }
            }
            return number -> made[number % REQUESTS];
        }
    }

    private Request itemRequest(int i) {
        return switch (operation) {
            case "transact" -> transact(i);
            case "put" -> put(i);
            case "get" ->
                    Request.dynamodb(
                            "GetItem",
                            "{\"TableName\":\"%s\",\"Key\":{%s}}".formatted(TABLE, key(i, 0)));
            default -> throw new IllegalArgumentException("no operation " + operation);
        };
    }

    private static String key(int i, int sort) {
        return "\"pk\":{\"S\":\"p%d\"},\"sk\":{\"N\":\"%d\"}".formatted(i, sort);
    }

    private static String item(int i, int sort) {
        return "{%s,\"data\":{\"S\":\"%s\"}}".formatted(key(i, sort), "x".repeat(400));
    }

    private static Request put(int i) {
        return Request.dynamodb(
                "PutItem", "{\"TableName\":\"%s\",\"Item\":%s}".formatted(TABLE, item(i, 0)));
    }

    private static Request transact(int i) {
        List<String> puts = new ArrayList<>();
        for (int sort = 0; sort < ITEMS; sort++) {
            puts.add(
                    "{\"Put\":{\"TableName\":\"%s\",\"Item\":%s}}".formatted(TABLE, item(i, sort)));
        }
        return Request.dynamodb(
                "TransactWriteItems", "{\"TransactItems\":[" + String.join(",", puts) + "]}");
    }
}
