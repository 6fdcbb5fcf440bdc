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
                "Operations a second and latency, beside the HTTP ceiling, DynamoDB Local and"
                        + " ElasticMQ.")
final class LoadBenchmark implements Callable<Integer> {

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

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        List<ServerUnderTest> servers = new ArrayList<>();
        try {
            servers.add(ServerUnderTest.millrace(launcher, data));
            if (peers != null) {
                servers.add(
                        ServerUnderTest.dynamodbLocal(peers.resolve("dynamodb-local/target/lib")));
                servers.add(ServerUnderTest.elasticmq(peers.resolve("elasticmq/target/lib")));
            }
            run(servers);
        } finally {
            for (ServerUnderTest server : servers) {
                server.close();
            }
        }
        System.out.println("Data directory of this run: " + data);
        return 0;
    }

    private void run(List<ServerUnderTest> servers) throws IOException, InterruptedException {
        System.out.printf(
                "%d connections, %d rounds of %.1f s each, interleaved; medians%n%n",
                connections, rounds, seconds);
        System.out.printf(
                "%-22s %-15s %10s %9s %9s %12s %10s%n",
                "scenario", "server", "ops/s", "p50 ms", "p99 ms", "of ceiling", "ours is");
        double ceiling = 0;
        for (Scenario scenario : Scenarios.all()) {
            if (scenario.name().contains(only) || scenario.name().equals("http-ceiling")) {
                double measured = measure(scenario, servers, ceiling);
                if (scenario.name().equals("http-ceiling")) {
                    ceiling = measured;
                }
            }
        }
    }

    /// Measures and prints one scenario; returns our operations a second.
    private double measure(Scenario scenario, List<ServerUnderTest> servers, double ceiling)
            throws IOException, InterruptedException {
        Map<ServerUnderTest, Scenario.Round> prepared = new LinkedHashMap<>();
        for (ServerUnderTest server : servers) {
            if (scenario.targets().contains(server.name())) {
                try (Connection connection = new Connection(server.port())) {
                    prepared.put(server, scenario.setup().prepare(connection));
                }
            }
        }
        int clients = scenario.connections() > 0 ? scenario.connections() : connections;
        Map<ServerUnderTest, List<Load.Result>> results = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) { // round -1 warms up
            for (Map.Entry<ServerUnderTest, Scenario.Round> entry : prepared.entrySet()) {
                Load.Result result =
                        Load.run(entry.getValue(), entry.getKey().port(), clients, seconds);
                if (round >= 0) {
                    results.computeIfAbsent(entry.getKey(), server -> new ArrayList<>())
                            .add(result);
                }
            }
        }
        double ours = median(results.get(servers.getFirst()), Load.Result::perSecond);
        results.forEach((server, runs) -> {
            double perSecond = median(runs, Load.Result::perSecond);
            System.out.printf(
                    "%-22s %-15s %,10.0f %9.2f %9.2f %12s %10s%n",
                    scenario.name(),
                    server.name(),
                    perSecond,
                    median(runs, Load.Result::p50Micros) / 1000,
                    median(runs, Load.Result::p99Micros) / 1000,
                    ceiling > 0 ? "%.0f %%".formatted(100 * perSecond / ceiling) : "",
                    server.name().equals(Scenarios.MILLRACE)
                            ? ""
                            : "%.2fx".formatted(ours / perSecond));
        });
        return ours;
    }

    private static double median(
            @Nullable List<Load.Result> results, ToDoubleFunction<Load.Result> figure) {
        double[] sorted =
                Objects.requireNonNull(results).stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
