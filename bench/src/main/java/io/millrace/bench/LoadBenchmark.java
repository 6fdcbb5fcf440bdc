package io.millrace.bench;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;

/// Ours synced to disk beside the peers in memory, interleaved in one run, medians of the rounds.
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description =
                "Operations a second and latency, beside the HTTP ceiling, DynamoDB Local, ElasticMQ,"
                        + " dynalite, moto and any other endpoint.")
final class LoadBenchmark implements Callable<Integer> {
    private static final double WARM_UP_SECONDS = 5;

    @Option(
            names = "--launcher",
            hidden = true,
            required = true,
            description = "The millrace script.")
    private String launcher = "";

    @Option(
            names = "--peers",
            description = "The folder with the peers' libraries; without it ours runs alone.")
    private @Nullable Path peers;

    @Option(names = "--connections", defaultValue = "32", description = "Default: 32.")
    private int connections;

    @Option(names = "--seconds", defaultValue = "5", description = "A round's length; default 5.")
    private double seconds;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds per server; default 3.")
    private int rounds;

    @Option(names = "--only", description = "Run only the scenarios whose name contains this.")
    private String only = "";

    @Option(
            names = "--endpoint",
            paramLabel = "NAME=URL",
            description = "A server that runs already, and is measured too; may be repeated.")
    private List<String> endpoints = List.of();

    @Option(
            names = "--write",
            paramLabel = "FILE",
            description = "Replace the table in this document, between its two marks.")
    private @Nullable Path document;

    private final LoadTable table = new LoadTable();

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        List<ServerUnderTest> servers = new ArrayList<>();
        try {
            servers.add(ServerUnderTest.millrace(launcher, data));
            servers.addAll(Peers.start(peers, endpoints));
            run(servers);
        } finally {
            for (ServerUnderTest server : servers) {
                server.close();
            }
        }
        System.out.println("Data directory of this run: " + data);
        if (document != null) {
            table.write(
                    document,
                    "%d connections, %d rounds of %.1f s".formatted(connections, rounds, seconds));
        }
        return 0;
    }

    private void run(List<ServerUnderTest> servers) throws IOException, InterruptedException {
        System.out.printf(
                "%d connections, %d rounds of %.1f s each, interleaved; medians%n%n",
                connections, rounds, seconds);
        System.out.printf(
                "%-22s %-15s %10s %9s %9s %12s %10s%n",
                "scenario", "server", "ops/s", "p50 ms", "p99 ms", "of ceiling", "ours is");
        ceiling(servers.getFirst(), connections, WARM_UP_SECONDS);
        for (Scenario scenario : Scenarios.all()) {
            if (scenario.name().contains(only)) {
                measure(scenario, servers);
            }
        }
    }

    private static Load.Result ceiling(ServerUnderTest ours, int clients, double seconds)
            throws IOException, InterruptedException {
        Request echo = Scenarios.echo();
        return Load.run(
                (connection, _, _) -> connection.send(echo), ours.address(), clients, seconds);
    }

    /// Measures and prints one scenario. The ceiling is taken in each round, beside it: a server
    /// gets faster as it gets warm, and a machine has other things to do now and then.
    private void measure(Scenario scenario, List<ServerUnderTest> servers)
            throws IOException, InterruptedException {
        Map<ServerUnderTest, Scenario.Round> prepared = new LinkedHashMap<>();
        for (ServerUnderTest server : servers) {
            if (server.services().containsAll(scenario.services())) {
                try (Connection connection = new Connection(server.address())) {
                    prepared.put(server, scenario.setup().prepare(connection));
                } catch (IOException e) {
                    leaveOut(scenario, server, e);
                }
            }
        }
        int clients = scenario.connections() > 0 ? scenario.connections() : connections;
        Map<ServerUnderTest, List<Load.Result>> results = new LinkedHashMap<>();
        List<Load.Result> ceilings = new ArrayList<>();
        for (int round = -1; round < rounds; round++) { // round -1 warms up
            Load.Result limit = ceiling(servers.getFirst(), clients, seconds);
            if (round >= 0) {
                ceilings.add(limit);
            }
            for (ServerUnderTest server : List.copyOf(prepared.keySet())) {
                try {
                    Load.Result result =
                            Load.run(
                                    Objects.requireNonNull(prepared.get(server)),
                                    server.address(),
                                    clients,
                                    seconds);
                    if (round >= 0) {
                        results.computeIfAbsent(server, _ -> new ArrayList<>()).add(result);
                    }
                } catch (IOException e) {
                    leaveOut(scenario, server, e);
                    prepared.remove(server);
                    results.remove(server);
                }
            }
        }
        double ours = median(results.get(servers.getFirst()), Load.Result::perSecond);
        double ceiling = median(ceilings, Load.Result::perSecond);
        results.forEach((server, runs) -> {
            LoadTable.Row row =
                    new LoadTable.Row(
                            scenario.name(),
                            server.name(),
                            median(runs, Load.Result::perSecond),
                            median(runs, Load.Result::p50Micros) / 1000,
                            median(runs, Load.Result::p99Micros) / 1000,
                            ceiling,
                            server.equals(servers.getFirst()) ? 0 : ours);
            System.out.println(row.line());
            table.add(row);
        });
    }

    /// A peer that cannot do it is told, ours must.
    private static void leaveOut(Scenario scenario, ServerUnderTest server, IOException e)
            throws IOException {
        if (server.name().equals(Scenarios.MILLRACE)) {
            throw e;
        }
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String why = String.valueOf(cause.getMessage());
        System.out.printf(
                "%-22s %-15s left out: %s%n",
                scenario.name(), server.name(), why.substring(0, Math.min(100, why.length())));
    }

    private static double median(
            @Nullable List<Load.Result> results, ToDoubleFunction<Load.Result> figure) {
        double[] sorted =
                Objects.requireNonNull(results).stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
