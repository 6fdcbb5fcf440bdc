package io.millrace.bench;

import io.millrace.bench.GrowthTable.Row;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/// What operations cost beside few things, and beside ever more: they should cost the same.
///
/// Each series has two servers: one keeps the first size, the other grows from size to size. They
/// are measured in turns, each round beginning with the other, so that what else the machine does,
/// and what a run leaves to the next, meets both.
@Command(
        name = "growth",
        mixinStandardHelpOptions = true,
        description =
                "The cost of operations with the number of items, messages, rules, subscriptions"
                        + " and schedules; --write puts charts into docs/growth.")
final class GrowthBenchmark implements Callable<Integer> {
    private static final long QUICK_MOST = 1_000_000;
    private static final double QUIET_CPU = 0.05;
    private static final int QUIET_SECONDS_MAX = 20;

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(
            names = "--series",
            split = ",",
            defaultValue = "items,messages,rules,subscriptions,schedules",
            description = "Which; default all: ${DEFAULT-VALUE}.")
    private List<String> names = List.of();

    @Option(
            names = "--sizes",
            split = ",",
            description =
                    "Sizes in place of each series' own: powers of ten from 1,000 to 10,000,000"
                            + " items and messages, 1,000,000 schedules, 100,000 of the others.")
    private List<Long> sizes = List.of();

    @Option(
            names = "--quick",
            description = "A tenth of the largest sizes where they are above 100,000, short runs.")
    private boolean quick;

    @Option(names = "--write", description = "Write docs/growth beside the launcher.")
    private boolean write;

    @Option(names = "--connections", defaultValue = "32", description = "Default: 32.")
    private int connections;

    @Option(
            names = "--seconds",
            defaultValue = "0",
            description = "Of each run; default 2, quick 1.")
    private double seconds;

    @Option(names = "--rounds", defaultValue = "0", description = "Default 5, quick 3.")
    private int rounds;

    /// What was measured on one server; medians.
    private record Figures(double perSecond, double cpuMicros, double p50Millis, double p99Millis) {
        static Figures median(List<Figures> all) {
            return all.stream()
                    .sorted(Comparator.comparingDouble(Figures::perSecond))
                    .toList()
                    .get(all.size() / 2);
        }
    }

    @Override
    public Integer call() throws Exception {
        seconds = seconds > 0 ? seconds : quick ? 1 : 2;
        rounds = rounds > 0 ? rounds : quick ? 3 : 5;
        for (String name : names) {
            long begin = System.nanoTime();
            run(series(name));
            System.out.printf("%s took %.0f s%n%n", name, (System.nanoTime() - begin) / 1e9);
        }
        return 0;
    }

    private GrowthSeries series(String name) {
        return switch (name) {
            case "items" -> new ItemGrowth();
            case "messages" -> new MessageGrowth();
            case "rules" -> new RuleGrowth();
            case "subscriptions" -> new SubscriptionGrowth();
            case "schedules" -> new ScheduleGrowth();
            default -> throw new IllegalArgumentException("there is no series " + name);
        };
    }

    private List<Long> sizes(GrowthSeries series) {
        if (!sizes.isEmpty()) {
            return sizes;
        }
        long most =
                switch (series.name()) {
                    case "items", "messages" -> quick ? QUICK_MOST : 10_000_000;
                    case "schedules" -> quick ? 100_000 : 1_000_000;
                    default -> 100_000;
                };
        List<Long> powers = new ArrayList<>();
        for (long size = 1_000; size <= most; size *= 10) {
            powers.add(size);
        }
        return powers;
    }

    private void run(GrowthSeries series) throws Exception {
        List<Row> rows = new ArrayList<>();
        List<Long> reached = sizes(series);
        try (ServerUnderTest small = server();
                ServerUnderTest grown = server()) {
            long size = reached.getFirst();
            for (ServerUnderTest server : List.of(small, grown)) {
                try (Connection connection = new Connection(server.port())) {
                    series.prepare(connection);
                }
                grow(series, server, 0, size);
            }
            for (int i = 0; i < 3; i++) { // compilers have their time
                for (ServerUnderTest server : List.of(small, grown)) {
                    for (GrowthSeries.Operation operation : series.operations(size)) {
                        Load.run(operation.round(), server.address(), connections, 2);
                    }
                }
            }
            for (long next : reached) {
                long begin = System.nanoTime();
                grow(series, grown, size, next);
                double took = (System.nanoTime() - begin) / 1e9;
                awaitQuiet(small);
                awaitQuiet(grown);
                System.out.printf("%,d %s", next, series.things());
                System.out.println(
                        next > size ? ", %,.0f a second".formatted((next - size) / took) : "");
                size = next;
                measure(series, small, reached.getFirst(), grown, size, rows);
            }
        }
        if (write) {
            new GrowthTable(series.name(), series.things(), how(), byOperation(rows))
                    .write(Path.of(launcher).resolveSibling("docs").resolve("growth"));
        }
    }

    private void grow(GrowthSeries series, ServerUnderTest server, long from, long to)
            throws IOException, InterruptedException {
        Load.each(
                server.port(),
                connections,
                from,
                to,
                series.batch(),
                (connection, n) -> series.grow(connection, n, to));
    }

    private static List<Row> byOperation(List<Row> rows) {
        Map<String, List<Row>> sorted = new LinkedHashMap<>();
        rows.forEach(
                row -> sorted.computeIfAbsent(row.operation(), _ -> new ArrayList<>()).add(row));
        return sorted.values().stream().flatMap(List::stream).toList();
    }

    private String how() {
        return String.format(
                Locale.ROOT,
                "%d connections, medians of %d runs of %s s each, in turns that begin with the one"
                        + " and the other; %s",
                connections,
                rounds,
                seconds,
                LoadTable.machine());
    }

    private ServerUnderTest server() throws IOException, InterruptedException {
        return ServerUnderTest.millrace(launcher, Files.createTempDirectory("millrace-bench-"));
    }

    /// What loading began, such as compactions, is not what is measured; says so when it does not
    /// end.
    private static void awaitQuiet(ServerUnderTest server) throws InterruptedException {
        for (int i = 0; i < QUIET_SECONDS_MAX; i++) {
            Duration before = server.cpu();
            Thread.sleep(Duration.ofSeconds(1));
            if (server.cpu().minus(before).toNanos() < QUIET_CPU * 1e9) {
                return;
            }
        }
        System.out.printf("still busy after %d s%n", QUIET_SECONDS_MAX);
    }

    private void measure(
            GrowthSeries series,
            ServerUnderTest small,
            long least,
            ServerUnderTest grown,
            long size,
            List<Row> rows)
            throws Exception {
        List<GrowthSeries.Operation> beside = series.operations(least);
        List<GrowthSeries.Operation> operations = series.operations(size);
        for (int i = 0; i < operations.size(); i++) {
            List<Figures> few = new ArrayList<>();
            List<Figures> many = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                if (round % 2 == 0) {
                    few.add(run(small, beside.get(i)));
                    many.add(run(grown, operations.get(i)));
                } else {
                    many.add(run(grown, operations.get(i)));
                    few.add(run(small, beside.get(i)));
                }
            }
            Figures one = Figures.median(few);
            Figures other = Figures.median(many);
            add(
                    rows,
                    new Row(
                            operations.get(i).name(),
                            true,
                            size,
                            one.perSecond,
                            other.perSecond,
                            one.cpuMicros,
                            other.cpuMicros,
                            other.p50Millis,
                            other.p99Millis));
        }
        Map<String, Double> few = series.figures(small);
        series.figures(grown)
                .forEach((name, figure) ->
                        add(
                                rows,
                                new Row(
                                        name,
                                        false,
                                        size,
                                        few.getOrDefault(name, 0.0),
                                        figure,
                                        0,
                                        0,
                                        0,
                                        0)));
    }

    private static void add(List<Row> rows, Row row) {
        rows.add(row);
        System.out.println(row.line());
    }

    private Figures run(ServerUnderTest server, GrowthSeries.Operation operation)
            throws IOException, InterruptedException {
        long before = server.cpu().toNanos();
        Load.Result result = Load.run(operation.round(), server.address(), connections, seconds);
        double used = (server.cpu().toNanos() - before) / 1000.0;
        return new Figures(
                result.perSecond(),
                used / result.count(),
                result.p50Micros() / 1000,
                result.p99Micros() / 1000);
    }
}
