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
import java.util.function.IntFunction;

/// From the moment at which a message is given to a queue, a topic or a bus to the moment at which
/// a waiting long poll has it, one message at a time, beside the bare sync of the same disk, taken
/// in turn. One commit lies between: the sender's hands the message over.
///
/// Each message and each sync comes after the same pause, in which the processors go to sleep. The
/// server is warm, as one is that has run for an hour: so many messages went through it before that
/// its compiler has little left to do, and how much that was is told.
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
    private static final Duration PAUSE = Duration.ofMillis(3);

    /// So many of the warm-up are paced as those that are measured.
    private static final int WARM_UP_PACED = 200;

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(names = "--messages", defaultValue = "1000", description = "Of each; default 1,000.")
    private int messages;

    @Option(
            names = "--warm-up",
            defaultValue = "6000",
            description = "Messages of each before; default 6,000.")
    private int warmUp;

    /// How a message gets to a queue.
    ///
    /// @param publish makes the request for a message, by its number
    /// @param url of the queue that it gets to
    private record Way(String name, IntFunction<Request> publish, String url, Histogram micros) {}

    /// @param threads in which the receiver waits
    private record Clients(Connection publisher, Connection receiver, ExecutorService threads) {}

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        Histogram sync = new Histogram(3);
        try (ServerUnderTest server = ServerUnderTest.millraceWithLastingCompilers(launcher, data);
                Connection publisher = new Connection(server.port());
                Connection receiver = new Connection(server.port());
                ExecutorService threads = Executors.newSingleThreadExecutor();
                FileChannel file =
                        FileChannel.open(
                                data.resolve("bare-sync"),
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.WRITE)) {
            List<Way> ways = ways(publisher);
            Clients clients = new Clients(publisher, receiver, threads);
            Duration compilerBefore = Duration.ZERO;
            for (int i = -warmUp; i < messages; i++) {
                if (i == 0) {
                    compilerBefore = server.compilerCpu();
                }
                Duration pause = i < -WARM_UP_PACED ? Duration.ZERO : PAUSE;
                Thread.sleep(pause);
                long synced = sync(file);
                if (i >= 0) {
                    sync.recordValue(synced / 1000);
                }
                for (Way way : ways) {
                    Request publish = way.publish().apply(i);
                    long passed = once(way.url(), publish, pause, clients);
                    if (i >= 0) {
                        way.micros().recordValue(passed / 1000);
                    }
                }
            }
            Duration compiler = server.compilerCpu().minus(compilerBefore);
            System.out.printf(
                    "%,d messages each after %,d; the server's compiler took %d us for each%n%n",
                    messages, warmUp, compiler.toNanos() / 1000 / ((long) messages * ways.size()));
            System.out.printf(
                    "%-24s %10s %10s %10s %10s%n",
                    "", "p50 ms", "p99 ms", "p50 ratio", "p99 ratio");
            print("bare fdatasync of 1 KB", sync, sync);
            for (Way way : ways) {
                print(way.name(), way.micros(), sync);
            }
        }
        return 0;
    }

    private static List<Way> ways(Connection connection) throws IOException {
        String url = QueueCalls.create(connection, "sent");
        Request send = QueueCalls.send(url, BODY);
        String fifo = QueueCalls.create(connection, "sent.fifo");
        return List.of(
                new Way("SQS send", _ -> send, url, new Histogram(3)),
                new Way(
                        "SQS send, FIFO",
                        number -> QueueCalls.send(fifo, BODY, "g", "" + number),
                        fifo,
                        new Histogram(3)),
                topic(connection, "SNS publish, raw", true),
                topic(connection, "SNS publish, envelope", false),
                rule(connection));
    }

    private static Way topic(Connection connection, String name, boolean raw) throws IOException {
        String word = raw ? "raw" : "envelope";
        String url = QueueCalls.create(connection, word);
        String topic =
                Text.element(
                        connection.ask(
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
        return new Way(name, _ -> publish, url, new Histogram(3));
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
        return new Way("EventBridge, 1 rule", _ -> put, url, new Histogram(3));
    }

    /// Nanoseconds from before the request to publish until the long poll is answered.
    ///
    /// @param url of the queue
    /// @param pause after which the long poll waits when the message comes
    private static long once(String url, Request publish, Duration pause, Clients clients)
            throws IOException, InterruptedException, ExecutionException {
        Request poll = QueueCalls.receive(url, 1, WAIT_SECONDS);
        record Arrival(String answer, long nanos) {}
        Future<Arrival> arrival =
                clients.threads()
                        .submit(() -> {
                            String answer = clients.receiver().ask(poll);
                            return new Arrival(answer, System.nanoTime());
                        });
        Thread.sleep(pause);
        long begin = System.nanoTime();
        clients.publisher().send(publish);
        Arrival arrived = arrival.get();
        List<String> handles = QueueCalls.handles(arrived.answer());
        if (handles.isEmpty()) {
            throw new IOException("a long poll ended without the message: " + arrived.answer());
        }
        clients.publisher().send(QueueCalls.delete(url, handles.getFirst()));
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
