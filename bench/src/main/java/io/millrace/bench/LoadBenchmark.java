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
///
/// Before anything is measured, each server has run each scenario for a while: else what comes
/// first is measured while the compilers are at work, and the ceiling beside it is warm.
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description =
                "Operations a second and latency, beside the HTTP ceiling, DynamoDB Local, ElasticMQ,"
                        + " dynalite, moto and any other endpoint.")
final class LoadBenchmark implements Callable<Integer> {
    private static final double CEILING_WARM_UP_SECONDS = 5;

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

    @Option(
            names = "--warm-up",
            defaultValue = "2",
            description = "Seconds of each scenario on each server that do not count; default 2.")
    private double warmUpSeconds;

    @Option(
            names = "--only",
            split = ",",
            description = "Run only the scenarios whose name contains one of these.")
    private List<String> only = List.of("");

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

    /// A scenario with what a round of it is on each server that can do it.
    private record Prepared(Scenario scenario, Map<ServerUnderTest, Scenario.Round> rounds) {}

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
            table.write(document, how());
        }
        return 0;
    }

    private String how() {
        return "%d connections; %.1f s of each scenario on each server to warm up, then %d rounds of %.1f s"
                .formatted(connections, warmUpSeconds, rounds, seconds);
    }

    private void run(List<ServerUnderTest> servers) throws IOException, InterruptedException {
        System.out.printf("%s each, interleaved; medians%n%n", how());
        System.out.printf(
                "%-22s %-15s %10s %9s %9s %12s %10s%n",
                "scenario", "server", "ops/s", "p50 ms", "p99 ms", "of ceiling", "ours is");
        ceiling(servers.getFirst(), connections, CEILING_WARM_UP_SECONDS);
        List<Prepared> prepared = new ArrayList<>();
        for (Scenario scenario : Scenarios.all()) {
            if (only.stream().anyMatch(scenario.name()::contains)) {
                prepared.add(warmUp(scenario, servers));
            }
        }
        for (Prepared each : prepared) {
            measure(each, servers.getFirst());
        }
    }

    private Prepared warmUp(Scenario scenario, List<ServerUnderTest> servers)
            throws IOException, InterruptedException {
        Prepared prepared = new Prepared(scenario, new LinkedHashMap<>());
        for (ServerUnderTest server : servers) {
            if (server.services().containsAll(scenario.services())) {
                try (Connection connection = new Connection(server.address())) {
                    Scenario.Round round = scenario.setup().prepare(connection);
                    Load.run(round, server.address(), clients(scenario), warmUpSeconds);
                    prepared.rounds.put(server, round);
                } catch (IOException e) {
                    leaveOut(scenario, server, e);
                }
            }
        }
        return prepared;
    }

    private int clients(Scenario scenario) {
        return scenario.connections() > 0 ? scenario.connections() : connections;
    }

    private static Load.Result ceiling(ServerUnderTest ours, int clients, double seconds)
            throws IOException, InterruptedException {
        Request echo = Scenarios.echo();
        return Load.run(
                (connection, _, _) -> connection.send(echo), ours.address(), clients, seconds);
    }

    /// Measures and prints one scenario. The ceiling is taken in each round, beside it: a server
    /// gets faster as it gets warm, and a machine has other things to do now and then.
    private void measure(Prepared prepared, ServerUnderTest first)
            throws IOException, InterruptedException {
        Scenario scenario = prepared.scenario;
        Map<ServerUnderTest, List<Load.Result>> results = new LinkedHashMap<>();
        List<Load.Result> ceilings = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            ceilings.add(ceiling(first, clients(scenario), seconds));
            for (ServerUnderTest server : List.copyOf(prepared.rounds.keySet())) {
                try {
                    results.computeIfAbsent(server, _ -> new ArrayList<>())
                            .add(
                                    Load.run(
                                            Objects.requireNonNull(prepared.rounds.get(server)),
                                            server.address(),
                                            clients(scenario),
                                            seconds));
                } catch (IOException e) {
                    leaveOut(scenario, server, e);
                    prepared.rounds.remove(server);
                    results.remove(server);
                }
            }
        }
        double ours = median(results.get(first), Load.Result::perSecond);
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
                            server.equals(first) ? 0 : ours);
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
