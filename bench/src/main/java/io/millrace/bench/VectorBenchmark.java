package io.millrace.bench;

import org.HdrHistogram.Histogram;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// How long `SearchVectors` takes, by the number of vectors in the index. One search at a time, for
/// its ten nearest, each with another vector; vectors of random numbers.
@Command(
        name = "vectors",
        mixinStandardHelpOptions = true,
        description = "How long a search takes, by the number of vectors.")
final class VectorBenchmark implements Callable<Integer> {
    private static final int BATCH_ITEMS = 25;
    private static final int WARM_UP_SEARCHES = 30;

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(
            names = "--vectors",
            split = ",",
            defaultValue = "10000,100000",
            description = "How many, ascending; default 10000,100000.")
    private List<Integer> counts = List.of();

    @Option(names = "--dimensions", defaultValue = "256", description = "Default 256.")
    private int dimensions;

    @Option(names = "--searches", defaultValue = "100", description = "At each size; default 100.")
    private int searches;

    private final SplittableRandom random = new SplittableRandom(1);

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        try (ServerUnderTest server = ServerUnderTest.millrace(launcher, data);
                Connection connection = new Connection(server.port())) {
            createTable(connection);
            int loaded = 0;
            for (int count : counts) {
                long start = System.nanoTime();
                int more = count - loaded;
                for (; loaded < count; loaded += BATCH_ITEMS) {
                    connection.send(Request.dynamodb("BatchWriteItem", batch(loaded)));
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf("loaded to %d: %.0f vectors/s%n", count, more / seconds);
                for (String index : List.of("cosine", "euclidean")) {
                    measure(server, connection, index, count);
                }
            }
        }
        return 0;
    }

    private void createTable(Connection connection) throws IOException {
        connection.send(
                Request.dynamodb(
                        "CreateTable",
                        """
                        {"TableName": "docs", "BillingMode": "PAY_PER_REQUEST",
                         "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
                         "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
                         "VectorIndexes": [%s, %s]}
                        """
                                .formatted(index("cosine"), index("euclidean"))));
    }

    private String index(String distance) {
        return """
        {"IndexName": "%s", "VectorAttribute": {"AttributeName": "v"}, "Dimensions": %d,
         "DistanceFunction": "%s", "Projection": {"ProjectionType": "KEYS_ONLY"}}
        """
                .formatted(distance, dimensions, distance.toUpperCase(Locale.ROOT));
    }

    private String batch(int from) {
        StringBuilder body = new StringBuilder("{\"RequestItems\": {\"docs\": [");
        for (int i = from; i < from + BATCH_ITEMS; i++) {
            body.append(i == from ? "" : ",")
                    .append("{\"PutRequest\": {\"Item\": {\"p\": {\"S\": \"")
                    .append(i)
                    .append("\"}, \"v\": {\"L\": ")
                    .append(vector())
                    .append("}}}}");
        }
        return body.append("]}}").toString();
    }

    private String vector() {
        StringBuilder vector = new StringBuilder("[");
        for (int i = 0; i < dimensions; i++) {
            vector.append(i == 0 ? "" : ",")
                    .append("{\"N\":\"")
                    .append((float) random.nextDouble(-1, 1))
                    .append("\"}");
        }
        return vector.append(']').toString();
    }

    private void measure(ServerUnderTest server, Connection connection, String index, int count)
            throws IOException {
        Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
        Duration before = Duration.ZERO;
        for (int i = 0; i < WARM_UP_SEARCHES + searches; i++) {
            if (i == WARM_UP_SEARCHES) {
                before = cpu(server);
            }
            Request request =
                    Request.dynamodb(
                            "SearchVectors",
                            """
                            {"TableName": "docs", "IndexName": "%s", "TopK": 10,
                             "SearchVector": %s}
                            """
                                    .formatted(index, vector()));
            long start = System.nanoTime();
            connection.send(request);
            if (i >= WARM_UP_SEARCHES) {
                micros.recordValue((System.nanoTime() - start) / 1000);
            }
        }
        System.out.printf(
                "%s, %d vectors of %d: median %.2f ms, p99 %.2f ms, %.2f ms of CPU%n",
                index,
                count,
                dimensions,
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0,
                cpu(server).minus(before).toMillis() / (double) searches);
    }

    private static Duration cpu(ServerUnderTest server) {
        return server.process().info().totalCpuDuration().orElseThrow();
    }
}
