package io.millrace.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

    @Option(names = "--factor", defaultValue = "10", description = "Of the peak; default 10.")
    private double factor;

    @Option(names = "--connections", defaultValue = "10000", description = "Default: 10,000.")
    private int connections;

    @Option(names = "--seconds", defaultValue = "5", description = "A phase's; default 5.")
    private double seconds;

    @Option(names = "--heap", defaultValue = "512m", description = "The server's; default 512m.")
    private String heap = "";

    @Option(
            names = "--operation",
            defaultValue = "transact",
            description = "transact (of 10 items), put, get or send; default transact.")
    private String operation = "";

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        try (ServerUnderTest server = ServerUnderTest.millraceWithHeap(launcher, data, heap)) {
            IntFunction<Request> requests = requests(server.port());
            double peak = peak(server, requests);
            System.out.printf(
                    Locale.ROOT,
                    "peak, %d connections: %,.0f a second; %,d MiB resident%n",
                    PEAK_CONNECTIONS,
                    peak,
                    server.residentMostKibibytes() / 1024);
            OpenLoad.Result over;
            OpenLoad.Result after;
            try (OpenLoad load = new OpenLoad(server.port(), connections)) {
                load.run(peak * factor, connections, seconds, requests); // connects, and warms up
                over = load.run(peak * factor, connections, seconds, requests);
                print("%.0fx the peak, %,d connections".formatted(factor, connections), over);
                System.out.printf(
                        Locale.ROOT, "all answered %.2f s later%n", load.drain(DRAIN_SECONDS_MAX));
                after = load.run(peak * RECOVERED_SHARE, connections, 1, requests);
                print("half the peak, in the second that follows", after);
            }
            double share = over.goodput() / peak;
            System.out.printf(
                    Locale.ROOT,
                    "goodput %.0f %% of its peak; at most %,d MiB resident, with a heap of %s%n",
                    100 * share,
                    server.residentMostKibibytes() / 1024,
                    heap);
            return share >= GOODPUT_SHARE_MIN && over.failed() == 0 && after.failed() == 0 ? 0 : 1;
        }
    }

    private double peak(ServerUnderTest server, IntFunction<Request> requests) throws IOException {
        try (OpenLoad load = new OpenLoad(server.port(), PEAK_CONNECTIONS)) {
            load.run(Double.POSITIVE_INFINITY, PEAK_CONNECTIONS, seconds, requests); // warms up
            return load.run(Double.POSITIVE_INFINITY, PEAK_CONNECTIONS, seconds, requests)
                    .goodput();
        }
    }

    private static void print(String name, OpenLoad.Result result) {
        System.out.printf(
                Locale.ROOT,
                "%s: %,.0f a second sent, %,.0f not sent for want of a connection; %,.0f answered"
                        + " (p50 %.1f ms, p99 %.1f ms), %,.0f refused (p50 %.1f ms, p99 %.1f ms),"
                        + " %d failed%s%n",
                name,
                result.sent() / result.seconds(),
                result.unsent() / result.seconds(),
                result.goodput(),
                result.okMicros().getValueAtPercentile(50) / 1000.0,
                result.okMicros().getValueAtPercentile(99) / 1000.0,
                result.throttled() / result.seconds(),
                result.throttledMicros().getValueAtPercentile(50) / 1000.0,
                result.throttledMicros().getValueAtPercentile(99) / 1000.0,
                result.failed(),
                result.failed() > 0 ? ", as " + result.failure() : "");
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
