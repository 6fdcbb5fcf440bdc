package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;
import io.millrace.conformance.ServerProcess;
import io.millrace.engine.Disk;

import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// One round: a server with a fresh data directory, all workloads at once, faults one after the
/// other; then everything is mended, what is on its way comes in, and the checkers judge.
final class FaultRun {
    static final int DRAIN_ROUNDS_MAX = 40;
    static final String ACCOUNT = "333344449999";

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration THREADS_TIMEOUT = Duration.ofSeconds(60);

    /// The mean time between a fault's end and the next one.
    static final Duration QUIET = Duration.ofMillis(1500);

    /// What a round is.
    ///
    /// @param home the source tree
    /// @param launcher a script that becomes the server
    /// @param folder for the server's data and log
    /// @param kinds the faults, among which chance chooses by weight
    /// @param quiet the mean time between a fault's end and the next one: a third of it to five
    ///   thirds
    /// @param load how long the workloads call
    /// @param drainRoundsMax how often it is looked for what is still missing, in the end
    record Plan(
            Path home,
            Path launcher,
            Path folder,
            long seed,
            List<FaultKind> kinds,
            Duration quiet,
            Duration load,
            int drainRoundsMax) {}

    private final Plan plan;
    private final UnaryOperator<SdkHttpClient> wire;
    private final Map<String, List<String>> violations = new ConcurrentHashMap<>();

    /// @param wire what stands between the callers and the server
    FaultRun(Plan plan, UnaryOperator<SdkHttpClient> wire) {
        this.plan = plan;
        this.wire = wire;
    }

    RoundReport run() throws IOException, InterruptedException {
        Files.createDirectories(plan.folder());
        Disk disk =
                Disk.prepare(plan.home(), plan.folder())
                        .orElseThrow(() ->
                                new IOException("a C compiler (cc) is needed to break a disk"));
        FaultyClock clock = new FaultyClock(disk.clock());
        disk.begin();
        SdkHttpClient http =
                wire.apply(UrlConnectionHttpClient.builder().socketTimeout(CALL_TIMEOUT).build());
        SplittableRandom random = new SplittableRandom(plan.seed());
        try (ServerProcess server =
                        new ServerProcess(
                                plan.folder(), plan.launcher(), disk.data(), disk.environment());
                Clients aws = new Clients(server.endpoint(), ACCOUNT, http, 1);
                Targets targets = new Targets();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Calls calls = new Calls(threads);
            World world =
                    new World(
                            aws,
                            calls,
                            clock,
                            random.split(),
                            server.endpoint(),
                            targets,
                            plan.drainRoundsMax());
            Registers registers = new Registers(world);
            BitFlips flips =
                    new BitFlips(
                            registers.table(),
                            registers::acknowledged,
                            wire,
                            plan.launcher(),
                            plan.folder().resolve("flipped"));
            Faults faults = new Faults(server, calls, disk, clock, targets, flips, random.split());
            Map<String, Workload> workloads = workloads(world, registers, threads);
            for (Workload workload : workloads.values()) {
                Calls.insist(workload::prepare);
            }
            workloads.values().forEach(Workload::start);
            boolean up = loadAndBreak(faults, random.split());
            calls.stop();
            if (up) {
                judge(workloads);
                report(
                        "shared payloads",
                        new SharedPayloadsChecker(server, clock, disk.data()).violations());
            } else {
                workloads.values().forEach(Workload::abandon);
            }
            report("bit flips", flips.violations());
            threads.shutdown();
            if (!threads.awaitTermination(THREADS_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                report("calls", List.of("some have no end"));
                threads.shutdownNow();
            }
            return RoundReport.of(calls, faults, flips, violations);
        }
    }

    private static Map<String, Workload> workloads(
            World world, Registers registers, ExecutorService threads) {
        Map<String, Workload> workloads = new LinkedHashMap<>();
        workloads.put("registers", registers);
        workloads.put("stream", new Changes(world));
        workloads.put("transfers", new Transfers(world));
        workloads.put("serializability", new Lists(world));
        workloads.put("queue", new Queues(world, false, threads));
        workloads.put("FIFO queue", new Queues(world, true, threads));
        workloads.put("secrets", new Secrets(world));
        workloads.put("keys", new Keys(world));
        workloads.put("permissions", new Permissions(world));
        workloads.put("recurrences", new Recurrences(world));
        workloads.put("logs", new Logs(world));
        workloads.putAll(Flows.all(world));
        return workloads;
    }

    /// False when the server did not come back.
    private boolean loadAndBreak(Faults faults, SplittableRandom random)
            throws InterruptedException {
        faults.awaitAnswers();
        long end = System.nanoTime() + plan.load().toNanos();
        while (true) { // ends with its time
            long mean = plan.quiet().toNanos();
            Duration quiet = Duration.ofNanos(random.nextLong(mean / 3, mean / 3 * 5));
            if (System.nanoTime() + quiet.toNanos() > end) {
                Faults.sleep(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
                return true;
            }
            Faults.sleep(quiet);
            if (plan.kinds().isEmpty()) {
                continue;
            }
            FaultKind kind = choose(random);
            try {
                faults.inject(kind);
            } catch (IOException e) {
                report("server", List.of("not there after " + kind.word() + ": " + e.getMessage()));
                return false;
            }
        }
    }

    private FaultKind choose(SplittableRandom random) {
        int all = plan.kinds().stream().mapToInt(kind -> kind.weight).sum();
        int chosen = random.nextInt(all);
        for (FaultKind kind : plan.kinds()) {
            chosen -= kind.weight;
            if (chosen < 0) {
                return kind;
            }
        }
        throw new IllegalStateException();
    }

    private void judge(Map<String, Workload> workloads) throws InterruptedException {
        List<Thread> drains = new ArrayList<>();
        workloads.forEach((name, workload) ->
                drains.add(
                        Thread.startVirtualThread(() -> {
                            try {
                                Calls.insist(workload::drain);
                                report(name, workload.violations());
                            } catch (RuntimeException e) {
                                report(name, List.of("cannot be judged: " + e));
                            }
                        })));
        for (Thread drain : drains) {
            drain.join();
        }
    }

    private void report(String checker, List<String> found) {
        if (!found.isEmpty()) {
            violations.put(checker, List.copyOf(found));
        }
    }
}
