package io.millrace.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/// What operations cost on a small table and on a large one: they should cost the same.
@Command(
        name = "growth",
        mixinStandardHelpOptions = true,
        description =
                "PutItem, GetItem, Query of 10 either way and a whole Scan, on a small and on a"
                        + " large table of small items, and the ratios.")
final class GrowthBenchmark implements Callable<Integer> {
    private static final int BATCH = 25;
    private static final int ITEMS_PER_PARTITION = 100;
    private static final String TABLE = "growth";

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(names = "--small", defaultValue = "10000", description = "Items; default 10,000.")
    private long small;

    @Option(names = "--large", defaultValue = "10000000", description = "Default 10,000,000.")
    private long large;

    @Option(names = "--connections", defaultValue = "32", description = "Default: 32.")
    private int connections;

    @Option(names = "--seconds", defaultValue = "10", description = "Per operation; default 10.")
    private double seconds;

    @Override
    public Integer call() throws Exception {
        Map<String, Double> before = measure(small);
        Map<String, Double> after = measure(large);
        System.out.printf("%n%-16s %,14d %,14d %10s%n", "a second", small, large, "ratio");
        before.forEach((name, figure) -> {
            double grown = after.getOrDefault(name, Double.NaN);
            System.out.printf(
                    "%-16s %,14.0f %,14.0f %9.2fx%n", name, figure, grown, grown / figure);
        });
        return 0;
    }

    /// Operations a second by name, and for the scan, items a second.
    private Map<String, Double> measure(long items) throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        Map<String, Double> figures = new LinkedHashMap<>();
        try (ServerUnderTest server = ServerUnderTest.millrace(launcher, data)) {
            try (Connection connection = new Connection(server.port())) {
                ItemScenarios.table(connection, TABLE);
            }
            long begin = System.nanoTime();
            load(server.port(), items);
            figures.put("load", items * 1e9 / (System.nanoTime() - begin));
            System.out.printf("%,d items loaded, in %s%n", items, data);
            operations(server, items); // warms up
            figures.putAll(operations(server, items));
        }
        return figures;
    }

    private Map<String, Double> operations(ServerUnderTest server, long items)
            throws IOException, InterruptedException {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("get-item", run(server, (c, w, n) -> c.send(get(random(w, n) % items))));
        figures.put("query-10", run(server, (c, w, n) -> c.send(query(random(w, n), items, true))));
        figures.put(
                "query-10-reverse",
                run(server, (c, w, n) -> c.send(query(random(w, n), items, false))));
        figures.put("scan, items", items * 1e9 / fastestScan(server.port(), items));
        figures.put(
                "put-item",
                run(
                        server,
                        (c, w, n) ->
                                c.send(
                                        Request.dynamodb(
                                                "PutItem",
                                                "{\"TableName\":\"%s\",\"Item\":%s}"
                                                        .formatted(
                                                                TABLE,
                                                                item(random(w, n) % items, n))))));
        return figures;
    }

    private double run(ServerUnderTest server, Scenario.Round round)
            throws IOException, InterruptedException {
        return Load.run(round, server.port(), connections, seconds).perSecond();
    }

    private void load(int port, long items) throws IOException, InterruptedException {
        AtomicLong next = new AtomicLong();
        List<Future<?>> loaders = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < connections; i++) {
                loaders.add(
                        threads.submit(() -> {
                            try (Connection connection = new Connection(port)) {
                                for (long from = next.getAndAdd(BATCH);
                                        from < items;
                                        from = next.getAndAdd(BATCH)) {
                                    connection.send(batch(from, Math.min(items, from + BATCH)));
                                }
                            }
                            return null;
                        }));
            }
        }
        for (Future<?> loader : loaders) {
            try {
                loader.get();
            } catch (ExecutionException e) {
                throw new IOException("loading failed", e.getCause());
            }
        }
    }

    private static Request batch(long from, long to) {
        StringJoiner items = new StringJoiner(",", "{\"RequestItems\":{\"" + TABLE + "\":[", "]}}");
        for (long i = from; i < to; i++) {
            items.add("{\"PutRequest\":{\"Item\":" + item(i, 0) + "}}");
        }
        return Request.dynamodb("BatchWriteItem", items.toString());
    }

    private static String key(long i) {
        return "\"pk\":{\"S\":\"p%d\"},\"sk\":{\"N\":\"%d\"}"
                .formatted(i / ITEMS_PER_PARTITION, i % ITEMS_PER_PARTITION);
    }

    private static String item(long i, long number) {
        return "{" + key(i) + ",\"state\":{\"S\":\"open\"},\"number\":{\"N\":\"" + number + "\"}}";
    }

    private static Request get(long i) {
        return Request.dynamodb(
                "GetItem", "{\"TableName\":\"%s\",\"Key\":{%s}}".formatted(TABLE, key(i)));
    }

    private static Request query(long random, long items, boolean forward) {
        return Request.dynamodb(
                "Query",
                """
                {"TableName":"%s","KeyConditionExpression":"pk = :p","Limit":10,\
                "ScanIndexForward":%s,"ExpressionAttributeValues":{":p":{"S":"p%d"}}}\
                """
                        .formatted(
                                TABLE, forward, random % Math.max(1, items / ITEMS_PER_PARTITION)));
    }

    /// The nanoseconds that a whole scan takes, the fastest of those that fit into the time.
    private long fastestScan(int port, long items) throws IOException {
        long begin = System.nanoTime();
        long fastest = Long.MAX_VALUE;
        do { // ends with the time
            fastest = Math.min(fastest, scan(port, items));
        } while (System.nanoTime() - begin < seconds * 1e9);
        return fastest;
    }

    /// The nanoseconds that a whole scan takes.
    private static long scan(int port, long items) throws IOException {
        long begin = System.nanoTime();
        long found = 0;
        String start = "";
        try (Connection connection = new Connection(port)) {
            do { // ends with the page that has no last key
                String answer =
                        connection.send(
                                Request.dynamodb(
                                        "Scan", "{\"TableName\":\"" + TABLE + "\"" + start + "}"));
                found += Text.number(answer, "Count");
                int last = answer.lastIndexOf("\"LastEvaluatedKey\":{");
                start =
                        last < 0
                                ? ""
                                : ",\"ExclusiveStartKey\":"
                                        + answer.substring(
                                                answer.indexOf('{', last),
                                                answer.indexOf("}}", last) + 2);
            } while (!start.isEmpty());
        }
        if (found != items) {
            throw new IOException("a scan found " + found + " of " + items + " items");
        }
        return System.nanoTime() - begin;
    }

    /// Spread evenly, and the same in each run.
    private static long random(int worker, long number) {
        long mixed = (number * 64 + worker) * 0x9e3779b97f4a7c15L;
        return (mixed ^ (mixed >>> 29)) >>> 1;
    }
}
