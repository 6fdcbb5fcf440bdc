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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

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

    private final AtomicLong notified = new AtomicLong();
    private final ConcurrentLinkedQueue<String> tokens = new ConcurrentLinkedQueue<>();
    private final AtomicInteger confirmed = new AtomicInteger();

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        HttpServer sink =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ServerUnderTest server = ServerUnderTest.millrace(launcher, data)) {
            sink.createContext("/", this::take);
            sink.setExecutor(threads);
            sink.start();
            String topic = topic(server);
            subscribe(server, threads, topic, sink.getAddress().getPort());
            try (Connection connection = new Connection(server.port())) {
                publish(server, connection, topic);
            }
        } finally {
            sink.stop(0);
        }
        return 0;
    }

    private void publish(ServerUnderTest server, Connection connection, String topic)
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
        awaitDelivered(connection, topic, wanted);
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%d publishes to %,d queues and %,d HTTP endpoints: answered in %.1f ms (median),"
                        + " %.1f ms at most; %,.0f deliveries a second; %,d MiB resident%n",
                publishes,
                queues,
                endpoints,
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getMaxValue() / 1000.0,
                wanted / seconds,
                server.residentKibibytes() / 1024);
        long expected = (long) publishes * endpoints;
        System.out.printf(
                "HTTP endpoints got %,d notifications of %,d; queue 0 has %d messages of %d%n",
                notified.get(), expected, waiting(connection), publishes);
    }

    /// The server counts a delivery when its transaction is durable, or the endpoint has answered.
    private void awaitDelivered(Connection connection, String topic, long wanted)
            throws IOException, InterruptedException {
        Request metrics =
                new Request(
                        "metrics",
                        ("GET /_millrace/sns/metrics?topic="
                                        + encode(topic)
                                        + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (delivered(connection.send(metrics)) < wanted) {
            if (System.nanoTime() > deadline) {
                throw new IOException("not all was delivered: " + connection.send(metrics));
            }
            Thread.sleep(PAUSE);
        }
    }

    private static long delivered(String metrics) {
        String spaceless = metrics.replace(" ", "");
        return Text.number(spaceless, "NumberOfNotificationsDelivered");
    }

    private static long waiting(Connection connection) throws IOException {
        String answer =
                connection.send(
                        Request.sqs(
                                "GetQueueAttributes",
                                "{\"QueueUrl\":\"%s\",\"AttributeNames\":"
                                                .formatted(QueueCalls.create(connection, NAME + 0))
                                        + "[\"ApproximateNumberOfMessages\"]}"));
        return Long.parseLong(Text.member(answer, "ApproximateNumberOfMessages"));
    }

    private static String topic(ServerUnderTest server) throws IOException {
        Request request = Request.sns("Action=CreateTopic&Version=2010-03-31&Name=" + NAME);
        try (Connection connection = new Connection(server.port())) {
            return Text.element(connection.send(request), "TopicArn");
        }
    }

    private void subscribe(
            ServerUnderTest server, ExecutorService threads, String topic, int sinkPort)
            throws Exception {
        long begun = System.nanoTime();
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            workers.add(
                    threads.submit(() -> {
                        subscribe(server, topic, sinkPort, next);
                        return null;
                    }));
        }
        for (Future<?> worker : workers) {
            worker.get();
        }
        System.out.printf(
                Locale.ROOT,
                "%,d queues made, they and %,d HTTP endpoints subscribed in %.0f s%n",
                queues,
                endpoints,
                (System.nanoTime() - begun) / 1e9);
    }

    /// Takes its share of the queues and endpoints, then of the confirmations.
    private void subscribe(ServerUnderTest server, String topic, int sinkPort, AtomicInteger next)
            throws IOException, InterruptedException {
        try (Connection connection = new Connection(server.port())) {
            for (int i = next.getAndIncrement();
                    i < queues + endpoints;
                    i = next.getAndIncrement()) {
                if (i < queues) {
                    QueueCalls.create(connection, NAME + i);
                    String arn = "arn:aws:sqs:us-east-1:000000000000:" + NAME + i;
                    connection.send(sns("Subscribe", topic, "&Protocol=sqs&Endpoint=" + arn));
                } else {
                    String url = "http://127.0.0.1:" + sinkPort + "/" + i;
                    connection.send(
                            sns("Subscribe", topic, "&Protocol=http&Endpoint=" + encode(url)));
                }
            }
            while (confirmed.get() < endpoints) { // ends with the last confirmation
                String token = tokens.poll();
                if (token == null) {
                    Thread.sleep(PAUSE);
                } else {
                    connection.send(sns("ConfirmSubscription", topic, "&Token=" + token));
                    confirmed.incrementAndGet();
                }
            }
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String type = exchange.getRequestHeaders().getFirst("x-amz-sns-message-type");
        if ("SubscriptionConfirmation".equals(type)) {
            tokens.add(Text.member(body, "Token"));
        } else {
            notified.incrementAndGet();
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
