package io.millrace.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.HdrHistogram.Histogram;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Publishing to one topic with very many subscriptions, of queues and of HTTP endpoints.
@Command(
        name = "fanout",
        mixinStandardHelpOptions = true,
        description =
                "Publishes to a topic with many queues and HTTP endpoints; every delivery is"
                        + " counted.")
final class FanOutBenchmark implements Callable<Integer> {
    private static final String BODY = "x".repeat(900);
    private static final String NAME = "fanned";
    private static final int CONNECTIONS = 32;
    private static final int TENTHS = 10;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(names = "--queues", defaultValue = "100000", description = "Default: 100,000.")
    private int queues;

    @Option(names = "--endpoints", defaultValue = "10000", description = "Default: 10,000.")
    private int endpoints;

    @Option(names = "--publishes", defaultValue = "3", description = "Default: 3.")
    private int publishes;

    @Option(names = "--heap", defaultValue = "1g", description = "The server's; default 1g.")
    private String heap = "";

    private final Map<String, AtomicInteger> notified = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<String> tokens = new LinkedBlockingQueue<>();
    private final AtomicInteger complete = new AtomicInteger();
    private int sinkPort;
    private String topic = "";

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        HttpServer sink =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ServerUnderTest server = ServerUnderTest.millraceWithHeap(launcher, data, heap)) {
            sink.createContext("/", this::take);
            sink.setExecutor(threads);
            sink.start();
            topic = topic(server);
            sinkPort = sink.getAddress().getPort();
            subscribe(server);
            try (Connection connection = new Connection(server.port())) {
                publish(server, connection);
                String url = QueueCalls.create(connection, NAME + 0);
                String stem = url.substring(0, url.length() - 1);
                Load.each(server.port(), CONNECTIONS, 0, queues, 1, (c, i) -> count(c, stem + i));
            }
            printCounted();
        } finally {
            sink.stop(0);
        }
        return 0;
    }

    private void publish(ServerUnderTest server, Connection connection)
            throws IOException, InterruptedException {
        Request request = sns("Publish", topic, "&Message=" + BODY);
        Histogram micros = new Histogram(3);
        long wanted = 0;
        long begun = System.nanoTime();
        for (int i = 0; i < publishes; i++) {
            long before = System.nanoTime();
            connection.send(request);
            micros.recordValue((System.nanoTime() - before) / 1000);
            wanted += queues + endpoints;
        }
        awaitDelivered(connection, wanted);
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%d publishes to %,d queues and %,d HTTP endpoints: answered in %.1f ms (median),"
                        + " %.1f ms at most; %,.0f deliveries a second; at most %,d MiB resident,"
                        + " with a heap of %s%n",
                publishes,
                queues,
                endpoints,
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getMaxValue() / 1000.0,
                wanted / seconds,
                server.residentMostKibibytes() / 1024,
                heap);
    }

    private void printCounted() {
        long once = notified.values().stream().filter(times -> times.get() == publishes).count();
        System.out.printf(
                "%,d of %,d HTTP endpoints were told and %,d of %,d queues have each publish"
                        + " exactly once%n",
                once, endpoints, complete.get(), queues);
    }

    /// The server counts a delivery when its transaction is durable, or the endpoint has answered.
    private void awaitDelivered(Connection connection, long wanted)
            throws IOException, InterruptedException {
        Request metrics =
                new Request(
                        "metrics",
                        ("GET /_millrace/sns/metrics?topic="
                                        + encode(topic)
                                        + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (delivered(connection.ask(metrics)) < wanted) {
            if (System.nanoTime() > deadline) {
                throw new IOException("not all was delivered: " + connection.ask(metrics));
            }
            Thread.sleep(PAUSE);
        }
    }

    private static long delivered(String metrics) {
        String spaceless = metrics.replace(" ", "");
        return Text.number(spaceless, "NumberOfNotificationsDelivered");
    }

    private void count(Connection connection, String url) throws IOException {
        String answer =
                connection.ask(
                        Request.sqs(
                                "GetQueueAttributes",
                                "{\"QueueUrl\":\"%s\",\"AttributeNames\":".formatted(url)
                                        + "[\"ApproximateNumberOfMessages\"]}"));
        String waiting = Text.member(answer, "ApproximateNumberOfMessages");
        if (Integer.parseInt(waiting) == publishes) {
            complete.incrementAndGet();
        }
    }

    private static String topic(ServerUnderTest server) throws IOException {
        Request request = Request.sns("Action=CreateTopic&Version=2010-03-31&Name=" + NAME);
        try (Connection connection = new Connection(server.port())) {
            return Text.element(connection.ask(request), "TopicArn");
        }
    }

    /// Tells of each tenth what it cost, so that growing costs are seen.
    private void subscribe(ServerUnderTest server) throws IOException, InterruptedException {
        int all = queues + endpoints;
        long begun = System.nanoTime();
        for (int tenth = 1; tenth <= TENTHS; tenth++) {
            int before = (int) ((long) all * (tenth - 1) / TENTHS);
            int end = (int) ((long) all * tenth / TENTHS);
            long cpu = server.cpu().toNanos();
            long begin = System.nanoTime();
            Load.each(server.port(), CONNECTIONS, before, end, 1, this::subscribe);
            System.out.printf(
                    Locale.ROOT,
                    "subscriptions %,d to %,d: %.2f ms each, %.0f CPU µs of the server%n",
                    before + 1,
                    end,
                    (System.nanoTime() - begin) / 1e6 / (end - before),
                    (server.cpu().toNanos() - cpu) / 1e3 / (end - before));
        }
        long confirming = System.nanoTime();
        Load.each(server.port(), CONNECTIONS, 0, endpoints, 1, (c, _) -> confirm(c));
        long end = System.nanoTime();
        System.out.printf(
                Locale.ROOT,
                "%,d queues made, they and %,d HTTP endpoints subscribed in %.0f s, of which the"
                        + " endpoints took %.0f s more to confirm%n",
                queues,
                endpoints,
                (end - begun) / 1e9,
                (end - confirming) / 1e9);
    }

    private void subscribe(Connection connection, long i) throws IOException {
        if (i < queues) {
            QueueCalls.create(connection, NAME + i);
            String arn = "arn:aws:sqs:us-east-1:000000000000:" + NAME + i;
            connection.send(sns("Subscribe", topic, "&Protocol=sqs&Endpoint=" + arn));
        } else {
            String url = "http://127.0.0.1:" + sinkPort + "/" + i;
            connection.send(sns("Subscribe", topic, "&Protocol=http&Endpoint=" + encode(url)));
        }
    }

    /// Each endpoint is asked once.
    private void confirm(Connection connection) throws IOException, InterruptedException {
        String token = tokens.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (token == null) {
            throw new IOException("an endpoint was not asked to confirm");
        }
        connection.send(sns("ConfirmSubscription", topic, "&Token=" + token));
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String type = exchange.getRequestHeaders().getFirst("x-amz-sns-message-type");
        if ("SubscriptionConfirmation".equals(type)) {
            tokens.add(Text.member(body, "Token"));
        } else {
            notified.computeIfAbsent(exchange.getRequestURI().getPath(), _ -> new AtomicInteger())
                    .incrementAndGet();
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static Request sns(String action, String topic, String form) {
        return Request.sns(
                "Action=" + action + "&Version=2010-03-31&TopicArn=" + encode(topic) + form);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
