package io.millrace.bench;

import org.HdrHistogram.Histogram;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// From the moment at which a message is given to a queue, a topic or a bus to the moment at which
/// a waiting long poll has it, one message at a time, beside the bare sync of the same disk, taken
/// in turn. One commit lies between: the sender's hands the message over.
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description =
                "Publish to receive with a waiting long poll, through SQS, SNS and EventBridge,"
                        + " beside a bare fdatasync.")
final class LatencyBenchmark implements Callable<Integer> {
    private static final String BODY = "x".repeat(900);
    private static final int BODY_BYTES = 1024;
    private static final int WAIT_SECONDS = 20;
    private static final int WARM_UP = 1000;
    private static final Duration POLL_ARRIVES = Duration.ofMillis(3);

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(names = "--messages", defaultValue = "1000", description = "Of each; default 1,000.")
    private int messages;

    /// How a message gets to a queue.
    ///
    /// @param url of the queue that it gets to
    private record Way(String name, Request publish, String url, Histogram micros) {}

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        Histogram sync = new Histogram(3);
        try (ServerUnderTest server = ServerUnderTest.millrace(launcher, data);
                Connection publisher = new Connection(server.port());
                Connection receiver = new Connection(server.port());
                ExecutorService threads = Executors.newSingleThreadExecutor();
                FileChannel file =
                        FileChannel.open(
                                data.resolve("bare-sync"),
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.WRITE)) {
            String url = QueueCalls.create(publisher, "sent");
            Way[] ways = {
                new Way("SQS send", QueueCalls.send(url, BODY), url, new Histogram(3)),
                topic(publisher, "SNS publish, raw", true),
                topic(publisher, "SNS publish, envelope", false),
                rule(publisher)
            };
            for (int i = -WARM_UP; i < messages; i++) {
                long synced = sync(file);
                for (Way way : ways) {
                    long passed = once(way, publisher, receiver, threads);
                    if (i >= 0) {
                        way.micros().recordValue(passed / 1000);
                    }
                }
                if (i >= 0) {
                    sync.recordValue(synced / 1000);
                }
            }
            System.out.printf(
                    "%,d messages each%n%n%-24s %10s %10s %10s %10s%n",
                    messages, "", "p50 ms", "p99 ms", "p50 ratio", "p99 ratio");
            print("bare fdatasync of 1 KB", sync, sync);
            for (Way way : ways) {
                print(way.name(), way.micros(), sync);
            }
        }
        return 0;
    }

    private static Way topic(Connection connection, String name, boolean raw) throws IOException {
        String word = raw ? "raw" : "envelope";
        String url = QueueCalls.create(connection, word);
        String topic =
                Text.element(
                        connection.send(
                                Request.sns("Action=CreateTopic&Version=2010-03-31&Name=" + word)),
                        "TopicArn");
        connection.send(
                Request.sns(
                        "Action=Subscribe&Version=2010-03-31&Protocol=sqs&TopicArn="
                                + encode(topic)
                                + "&Endpoint="
                                + encode(QueueCalls.arn(connection, url))
                                + "&Attributes.entry.1.key=RawMessageDelivery"
                                + "&Attributes.entry.1.value="
                                + raw));
        Request publish =
                Request.sns(
                        "Action=Publish&Version=2010-03-31&TopicArn="
                                + encode(topic)
                                + "&Message="
                                + BODY);
        return new Way(name, publish, url, new Histogram(3));
    }

    private static Way rule(Connection connection) throws IOException {
        String url = QueueCalls.create(connection, "routed");
        connection.send(
                Request.events(
                        "PutRule",
                        "{\"Name\":\"bench\",\"EventPattern\":\"{\\\"source\\\":[\\\"bench\\\"]}\"}"));
        connection.send(
                Request.events(
                        "PutTargets",
                        "{\"Rule\":\"bench\",\"Targets\":[{\"Id\":\"1\",\"Arn\":\"%s\"}]}"
                                .formatted(QueueCalls.arn(connection, url))));
        Request put =
                Request.events(
                        "PutEvents",
                        "{\"Entries\":[{\"Source\":\"bench\",\"DetailType\":\"t\",\"Detail\":\"{\\\"a\\\":\\\"%s\\\"}\"}]}"
                                .formatted(BODY));
        return new Way("EventBridge, 1 rule", put, url, new Histogram(3));
    }

    /// Nanoseconds from before the request to publish until the long poll is answered.
    private static long once(
            Way way, Connection publisher, Connection receiver, ExecutorService threads)
            throws IOException, InterruptedException, ExecutionException {
        Request poll = QueueCalls.receive(way.url(), 1, WAIT_SECONDS);
        record Arrival(String answer, long nanos) {}
        Future<Arrival> arrival =
                threads.submit(() -> {
                    String answer = receiver.send(poll);
                    return new Arrival(answer, System.nanoTime());
                });
        Thread.sleep(POLL_ARRIVES); // the long poll waits when the message comes
        long begin = System.nanoTime();
        publisher.send(way.publish());
        Arrival arrived = arrival.get();
        List<String> handles = QueueCalls.handles(arrived.answer());
        if (handles.isEmpty()) {
            throw new IOException("a long poll ended without the message: " + arrived.answer());
        }
        publisher.send(QueueCalls.delete(way.url(), handles.getFirst()));
        return arrived.nanos() - begin;
    }

    /// Nanoseconds for appending 1 KB to a file and syncing that.
    private static long sync(FileChannel file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BODY_BYTES);
        long begin = System.nanoTime();
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        file.force(false);
        return System.nanoTime() - begin;
    }

    private static void print(String name, Histogram micros, Histogram sync) {
        long p50 = micros.getValueAtPercentile(50);
        long p99 = micros.getValueAtPercentile(99);
        System.out.printf(
                "%-24s %10.2f %10.2f %9.2fx %9.2fx%n",
                name,
                p50 / 1000.0,
                p99 / 1000.0,
                (double) p50 / sync.getValueAtPercentile(50),
                (double) p99 / sync.getValueAtPercentile(99));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
