package com.example.orders;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Runs the orders system against a server of its own, places orders, and counts at every hop.
@Command(
        name = "millrace demo",
        mixinStandardHelpOptions = true,
        description = "Runs the orders example: from an HTTP request to every service, counted.")
final class Demo implements Callable<Integer> {

    /// How long a run may stand still before it is given up.
    private static final Duration STANDSTILL_MAX = Duration.ofSeconds(60);

    @Option(
            names = "--orders",
            defaultValue = "1000",
            description = "How many orders are placed (default: ${DEFAULT-VALUE}).")
    private int orderCount;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "How many orders a second (default: ${DEFAULT-VALUE}).")
    private int ordersPerSecond;

    @Option(
            names = "--kill",
            description = "Kill the server with SIGKILL in the middle, and start it again.")
    private boolean kill;

    @Option(
            names = "--launcher",
            hidden = true,
            required = true,
            description = "The command that starts the server.")
    private String launcher = "";

    private final Screen screen =
            new Screen(
                    new PrintStream(System.out, false, StandardCharsets.UTF_8),
                    Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false));
    private final Tracker tracker = new Tracker(System::nanoTime);

    public static void main(String[] args) {
        System.setProperty("http.maxConnections", "64"); // keep as many connections as threads
        System.setProperty("sun.net.httpserver.nodelay", "true"); // no wait for an acknowledgement
        System.exit(new CommandLine(new Demo()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (orderCount < 1 || ordersPerSecond < 1) {
            System.err.println("--orders and --rate must be at least 1");
            return CommandLine.ExitCode.USAGE;
        }
        Path home = Files.createTempDirectory("millrace-demo-");
        boolean complete = false;
        try (ServerProcess server =
                new ServerProcess(
                        launcher, home.resolve("data"), home.resolve("server.log"), freePort())) {
            complete = run(server, home);
        } finally {
            if (complete) {
                deleteTree(home);
            } else {
                screen.say("Data and log of this run are kept in " + home);
            }
        }
        return complete ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private boolean run(ServerProcess server, Path home) throws Exception {
        screen.say("Starting a server in a fresh data directory, " + home.resolve("data"));
        server.start();
        try (Cloud cloud = new Cloud(server.endpoint());
                Webhook webhook =
                        new Webhook(
                                0,
                                event ->
                                        tracker.passed(
                                                Tracker.WEBHOOK, Services.orderIdOf(event)))) {
            screen.say("Provisioning queues, tables, the stream, the bus, rules and the topic");
            new Provision(cloud).run(webhook.url());
            awaitConfirmation(cloud);
            try (Services services = new Services(cloud, tracker, 0, this::ignore)) {
                screen.say(
                        "Placing %,d orders, %,d a second, at http://127.0.0.1:%d/orders"
                                .formatted(orderCount, ordersPerSecond, services.frontDoorPort()));
                return place(server, new Customers(services.frontDoorPort(), tracker));
            }
        }
    }

    private boolean place(ServerProcess server, Customers customers) throws Exception {
        List<Order> orders = Customers.orders(orderCount);
        Map<String, Integer> expected = expected(orders);
        Thread placing =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                customers.place(orders, ordersPerSecond);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        boolean killed = !kill;
        long passed = -1;
        long standingSince = System.nanoTime();
        while (!isComplete(expected)) {
            if (!killed && tracker.hop(Tracker.ACCEPTED).count() >= orderCount / 2) {
                killed = true;
                server.kill();
                screen.say("Killed the server with SIGKILL; starting it again");
                server.start();
            }
            screen.draw(tracker, expected);
            long now = tracker.hops().values().stream().mapToLong(Tracker.Hop::count).sum();
            if (now != passed) {
                passed = now;
                standingSince = System.nanoTime();
            } else if (System.nanoTime() - standingSince > STANDSTILL_MAX.toNanos()) {
                break;
            }
            Thread.sleep(screen.pause());
        }
        screen.draw(tracker, expected);
        placing.interrupt();
        placing.join();
        return report(customers.accepted());
    }

    /// Prints the closing table; true when nothing is missing.
    private boolean report(List<Order> accepted) {
        screen.say("");
        screen.say("Orders accepted: %,d of %,d".formatted(accepted.size(), orderCount));
        screen.say("");
        screen.say(
                "%-12s %10s %9s %11s %12s %12s   %s"
                        .formatted(
                                "hop",
                                "delivered",
                                "missing",
                                "duplicates",
                                "p50 ms",
                                "p99 ms",
                                "latency since"));
        boolean complete = accepted.size() == orderCount;
        for (Map.Entry<String, Tracker.Hop> entry : tracker.hops().entrySet()) {
            Tracker.Hop hop = entry.getValue();
            int missing =
                    tracker.missing(
                            entry.getKey(),
                            accepted.stream()
                                    .filter(order -> isExpected(entry.getKey(), order))
                                    .map(Order::orderId)
                                    .toList());
            complete &= missing == 0;
            screen.say(
                    "%-12s %,10d %,9d %,11d %,12.1f %,12.1f   %s"
                            .formatted(
                                    entry.getKey(),
                                    hop.count(),
                                    missing,
                                    hop.duplicates(),
                                    hop.millisAt(50),
                                    hop.millisAt(99),
                                    hop.from()));
        }
        screen.say("");
        screen.say(complete ? "Nothing is missing." : "ORDERS ARE MISSING.");
        return complete;
    }

    private static Map<String, Integer> expected(List<Order> orders) {
        return Stream.concat(Stream.of(Tracker.ACCEPTED), Tracker.services().stream())
                .collect(
                        Collectors.toMap(
                                hop -> hop,
                                hop ->
                                        (int)
                                                orders.stream()
                                                        .filter(order -> isExpected(hop, order))
                                                        .count()));
    }

    private static boolean isExpected(String hop, Order order) {
        return !hop.equals(Names.FRAUD_CHECK)
                || order.amountCents() > Names.FRAUD_CHECK_ABOVE_CENTS;
    }

    private boolean isComplete(Map<String, Integer> expected) {
        return expected.entrySet().stream()
                .allMatch(entry -> tracker.hop(entry.getKey()).count() >= entry.getValue());
    }

    private static void awaitConfirmation(Cloud cloud) throws InterruptedException, IOException {
        String topic = cloud.sns.createTopic(request -> request.name(Names.TOPIC)).topicArn();
        long deadline = System.nanoTime() + STANDSTILL_MAX.toNanos();
        while (cloud
                .sns
                .listSubscriptionsByTopic(request -> request.topicArn(topic))
                .subscriptions()
                .stream()
                .anyMatch(subscription -> !subscription.subscriptionArn().startsWith("arn:"))) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the webhook's subscription was not confirmed");
            }
            Thread.sleep(20);
        }
    }

    /// While the server is away its clients fail; they try again.
    private void ignore(Exception failure) {}

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
