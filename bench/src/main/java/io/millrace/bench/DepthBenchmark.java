package io.millrace.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/// What sending and receiving cost on queues that hold much, or have held much: as on an empty one.
///
/// All queues are on one server, and measured in turn, so that they share what else the machine
/// does; the CPU time that the server used tells more than the throughput where others are busy. A
/// cycle sends, receives and deletes a message, which leaves a queue as deep as it was.
@Command(
        name = "depth",
        mixinStandardHelpOptions = true,
        description =
                "SendMessage, and send-receive-delete, on queues with many messages waiting, in"
                        + " flight, consumed, or behind blocked groups, beside empty queues.")
final class DepthBenchmark implements Callable<Integer> {
    private static final String BODY = "x".repeat(100);

    /// A queue to measure.
    ///
    /// @param empty the name of the queue that it is compared with
    private record Subject(String name, String url, String empty) {

        private boolean fifo() {
            return url.endsWith(".fifo");
        }
    }

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(
            names = "--messages",
            defaultValue = "1000000",
            description =
                    "Messages that wait; a tenth of that are in flight and consumed, and a"
                            + " hundredth are groups; default 1,000,000.")
    private long messages;

    @Option(names = "--connections", defaultValue = "32", description = "Default: 32.")
    private int connections;

    @Option(names = "--seconds", defaultValue = "3", description = "A round's length; default 3.")
    private double seconds;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds per queue; default 3.")
    private int rounds;

    private final AtomicLong ids = new AtomicLong();

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        try (ServerUnderTest server = ServerUnderTest.millrace(launcher, data);
                Connection connection = new Connection(server.port())) {
            List<Subject> subjects = prepare(server.port(), connection);
            report("cycles a second", subjects, measure(server, subjects, this::cycle));
            report("sends a second", subjects, measure(server, subjects, this::send));
        }
        return 0;
    }

    private List<Subject> prepare(int port, Connection connection) throws Exception {
        List<Subject> subjects = new ArrayList<>();
        long some = messages / 10;
        long groups = messages / 100;
        subjects.add(subject(connection, "empty", "empty"));
        subjects.add(subject(connection, "%,d waiting".formatted(messages), "empty"));
        subjects.add(subject(connection, "%,d in flight".formatted(some), "empty"));
        subjects.add(subject(connection, "%,d consumed".formatted(some), "empty"));
        subjects.add(subject(connection, "empty FIFO", "empty FIFO"));
        subjects.add(
                subject(connection, "%,d groups, one blocked".formatted(groups), "empty FIFO"));
        subjects.add(subject(connection, "%,d blocked groups".formatted(groups), "empty FIFO"));
        fill(port, subjects.get(1).url(), messages);
        fill(port, subjects.get(2).url(), some);
        empty(port, subjects.get(2).url(), some, false);
        fill(port, subjects.get(3).url(), some);
        empty(port, subjects.get(3).url(), some, true);
        for (Subject fifo : subjects.subList(5, 7)) {
            for (int message = 0; message < 2; message++) {
                repeat(port, groups, 1, (c, n) -> c.send(fifo(fifo.url(), "waiting-" + n)));
            }
        }
        connection.send(QueueCalls.receive(subjects.get(5).url(), 1, 0));
        repeat(port, groups, 1, (c, _) -> c.send(QueueCalls.receive(subjects.get(6).url(), 1, 0)));
        return subjects;
    }

    private static Subject subject(Connection connection, String name, String empty)
            throws IOException {
        String word = name.replaceAll("[^A-Za-z0-9]+", "-");
        boolean fifo = empty.endsWith("FIFO");
        return new Subject(
                name, QueueCalls.create(connection, fifo ? word + ".fifo" : word), empty);
    }

    private void fill(int port, String url, long count) throws Exception {
        Request batch = QueueCalls.sendBatch(url, BODY);
        long begin = System.nanoTime();
        repeat(port, count, QueueCalls.BATCH, (connection, _) -> connection.send(batch));
        System.out.printf(
                "%,d messages sent by tens, %,.0f a second%n",
                count, count * 1e9 / (System.nanoTime() - begin));
    }

    /// Receives by tens, and deletes or does not.
    private void empty(int port, String url, long count, boolean delete) throws Exception {
        Request receive = QueueCalls.receive(url, QueueCalls.BATCH, 0);
        AtomicLong received = new AtomicLong();
        repeat(
                port,
                count,
                QueueCalls.BATCH,
                (connection, _) -> {
                    List<String> handles = QueueCalls.handles(connection.ask(receive));
                    received.addAndGet(handles.size());
                    if (delete && !handles.isEmpty()) {
                        connection.send(QueueCalls.deleteBatch(url, handles));
                    }
                });
        if (received.get() != count) {
            throw new IOException("received " + received + " of " + count);
        }
    }

    /// Runs a step for each `stepCount` of `count`, on all connections.
    private void repeat(int port, long count, int stepCount, Load.Step step)
            throws IOException, InterruptedException {
        Load.each(port, connections, 0, count, stepCount, step);
    }

    private Scenario.Round cycle(Connection unused, Subject subject) {
        String url = subject.url();
        Request receive = QueueCalls.receive(url, 1, 0);
        return (connection, worker, number) -> {
            connection.send(send(subject, worker));
            for (String handle : QueueCalls.handles(connection.ask(receive))) {
                connection.send(QueueCalls.delete(url, handle));
            }
        };
    }

    /// To an empty queue that stays nearly so: a new one for each round.
    private Scenario.Round send(Connection connection, Subject subject) throws IOException {
        Subject target =
                subject.name().equals(subject.empty())
                        ? subject(connection, "e" + ids.incrementAndGet(), subject.empty())
                        : subject;
        return (c, worker, number) -> c.send(send(target, worker));
    }

    private Request send(Subject subject, int worker) {
        return subject.fifo()
                ? fifo(subject.url(), "worker-" + worker)
                : QueueCalls.send(subject.url(), BODY);
    }

    private Request fifo(String url, String group) {
        return QueueCalls.send(url, BODY, group, Long.toString(ids.incrementAndGet()));
    }

    @FunctionalInterface
    private interface Operation {
        Scenario.Round prepare(Connection connection, Subject subject) throws IOException;
    }

    /// What came of a queue, medians.
    ///
    /// @param cpuMicros what the server's process used for one operation
    private record Figures(double perSecond, double cpuMicros) {}

    private Map<String, Figures> measure(
            ServerUnderTest server, List<Subject> subjects, Operation operation)
            throws IOException, InterruptedException {
        Map<String, List<Figures>> figures = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) { // round -1 warms up
            for (Subject subject : subjects) {
                Scenario.Round load;
                try (Connection connection = new Connection(server.port())) {
                    load = operation.prepare(connection, subject);
                }
                Duration before = server.cpu();
                double perSecond = Load.run(load, server.port(), connections, seconds).perSecond();
                double micros = server.cpu().minus(before).toNanos() / 1000.0;
                if (round >= 0) {
                    figures.computeIfAbsent(subject.name(), _ -> new ArrayList<>())
                            .add(new Figures(perSecond, micros / (perSecond * seconds)));
                }
            }
        }
        Map<String, Figures> medians = new LinkedHashMap<>();
        figures.forEach((name, all) ->
                medians.put(
                        name,
                        new Figures(
                                median(all, Figures::perSecond), median(all, Figures::cpuMicros))));
        return medians;
    }

    private static double median(List<Figures> all, ToDoubleFunction<Figures> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static void report(String what, List<Subject> subjects, Map<String, Figures> all) {
        System.out.printf(
                "%n%-26s %16s %14s %14s %14s%n",
                "queue", what, "an empty one", "CPU us each", "an empty one");
        for (Subject subject : subjects) {
            Figures ours = Objects.requireNonNull(all.get(subject.name()));
            Figures empty = Objects.requireNonNull(all.get(subject.empty()));
            System.out.printf(
                    "%-26s %,16.0f %13.2fx %14.0f %13.2fx%n",
                    subject.name(),
                    ours.perSecond(),
                    empty.perSecond() / ours.perSecond(),
                    ours.cpuMicros(),
                    ours.cpuMicros() / empty.cpuMicros());
        }
    }
}
