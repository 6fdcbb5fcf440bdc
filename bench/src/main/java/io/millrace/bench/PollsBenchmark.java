package io.millrace.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// What long polls cost that wait for nothing. Reads the server's CPU time, so Linux only.
@Command(
        name = "polls",
        mixinStandardHelpOptions = true,
        description = "CPU of idle long polls of 20 seconds each, asked again as they end.")
final class PollsBenchmark implements Callable<Integer> {
    private static final int WAIT_SECONDS = 20;
    private static final int REST_SECONDS = 2 * WAIT_SECONDS;
    private static final int WARM_UP = 20; // each, of a second

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(names = "--polls", defaultValue = "1000", description = "Default: 1,000.")
    private int polls;

    @Option(names = "--queues", defaultValue = "10", description = "Default: 10.")
    private int queues;

    @Option(names = "--seconds", defaultValue = "40", description = "How long; default 40.")
    private int seconds;

    private final AtomicInteger failed = new AtomicInteger();
    private volatile boolean ended;

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        List<Connection> connections = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ServerUnderTest server =
                        ServerUnderTest.millraceWithLastingCompilers(launcher, data)) {
            for (int i = 0; i < polls; i++) {
                connections.add(new Connection(server.port()));
            }
            List<Request> requests = new ArrayList<>();
            List<Request> warmUp = new ArrayList<>();
            for (int i = 0; i < queues; i++) {
                String url = QueueCalls.create(connections.getFirst(), "polled-" + i);
                requests.add(QueueCalls.receive(url, 1, WAIT_SECONDS));
                warmUp.add(QueueCalls.receive(url, 1, 1));
            }
            for (int i = 0; i < polls; i++) {
                Connection connection = connections.get(i);
                Request request = requests.get(i % queues);
                Request shorter = warmUp.get(i % queues);
                threads.execute(() -> poll(connection, shorter, request));
            }
            Thread.sleep(Duration.ofSeconds(REST_SECONDS)); // what is in use is compiled then
            Duration before = server.cpu();
            Duration compiledBefore = server.compilerCpu();
            Thread.sleep(Duration.ofSeconds(seconds));
            Duration compiled = server.compilerCpu().minus(compiledBefore);
            Duration used = server.cpu().minus(before).minus(compiled);
            System.out.printf(
                    "%,d long polls on %,d queues: %.2f %% of a core over %d s,"
                            + " and %.2f %% for the JVM's compiler%n",
                    polls, queues, percent(used), seconds, percent(compiled));
            ended = true;
            if (failed.get() > 0) {
                throw new IOException(failed + " long polls failed: the figure counts for nothing");
            }
            for (Connection connection : connections) {
                connection.close();
            }
        }
        return 0;
    }

    private double percent(Duration used) {
        return 100.0 * used.toMillis() / 1000 / seconds;
    }

    private void poll(Connection connection, Request warmUp, Request request) {
        try {
            for (int i = 0; i < WARM_UP; i++) { // a server that just began has not compiled yet
                connection.send(warmUp);
            }
            while (!ended) {
                connection.send(request);
            }
        } catch (IOException e) {
            if (!ended) {
                failed.incrementAndGet();
            }
        }
    }
}
