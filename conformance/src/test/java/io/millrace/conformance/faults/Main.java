package io.millrace.conformance.faults;

import io.millrace.conformance.ServerProcess;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// `./millrace test --faults`, with `--minutes M`, `--seed S`, `--plan KIND,KIND…`, `--every
/// SECONDS`, `--dense`, `--data DIR`: rounds of at most a minute of load each, or two of a dense
/// plan, until the time is over or a round finds something. Ends with a table of what was done;
/// with status 1 and the command that repeats the round when something was found.
final class Main {
    private static final Duration ROUND = Duration.ofMinutes(1);
    private static final Duration DENSE_ROUND = Duration.ofMinutes(2);
    private static final Duration DENSE_QUIET = Duration.ofMillis(600);
    private static final int VIOLATIONS_SHOWN_MAX = 10;

    private final Options options;
    private final RunSummary summary = new RunSummary();

    /// @param home the source tree
    /// @param launcher null to make one that starts the server from this class path
    private record Options(
            Path home,
            @Nullable Path launcher,
            Duration time,
            long seed,
            List<FaultKind> plan,
            Duration quiet,
            boolean dense,
            Path data) {

        static Options parse(String[] arguments) throws IOException {
            Path home = Path.of(arguments[0]);
            Duration time = Duration.ofMinutes(2);
            long seed = new SecureRandom().nextInt(1_000_000);
            List<FaultKind> plan = List.of();
            Duration quiet = null;
            boolean dense = false;
            Path data = null;
            Path launcher = null;
            for (int i = 1; i < arguments.length; i += 2) {
                if (arguments[i].equals("--dense")) {
                    dense = true;
                    i--;
                    continue;
                }
                if (i + 1 == arguments.length) {
                    throw new IllegalArgumentException(arguments[i] + " needs a value");
                }
                String value = arguments[i + 1];
                switch (arguments[i]) {
                    case "--minutes" -> time = seconds(60 * Double.parseDouble(value));
                    case "--every" -> quiet = seconds(Double.parseDouble(value));
                    case "--seed" -> seed = Long.parseLong(value);
                    case "--plan" -> plan = FaultKind.parse(value);
                    case "--data" -> data = Path.of(value);
                    case "--launcher" -> launcher = Path.of(value);
                    default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
                }
            }
            Path chosen = data == null ? Files.createTempDirectory("millrace-faults") : data;
            if (plan.isEmpty()) {
                plan = dense ? FaultKind.DENSE : List.of(FaultKind.values());
            }
            if (quiet == null) {
                quiet = dense ? DENSE_QUIET : FaultRun.QUIET;
            }
            return new Options(
                    home, launcher, time, seed, plan, quiet, dense, chosen.toAbsolutePath());
        }

        private static Duration seconds(double count) {
            return Duration.ofMillis((long) (1000 * count));
        }

        Duration round() {
            return dense ? DENSE_ROUND : ROUND;
        }
    }

    private Main(Options options) {
        this.options = options;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("millrace test --faults: " + e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(new Main(options).run() ? 0 : 1);
    }

    /// False when something was found.
    private boolean run() throws IOException, InterruptedException {
        long end = System.nanoTime() + options.time().toNanos();
        System.out.printf(
                "faults: %s, seed %d, in %s%n", options.time(), options.seed(), options.data());
        Runtime.getRuntime().addShutdownHook(new Thread(this::leaveNothingBehind));
        Files.createDirectories(options.data());
        Path launcher =
                options.launcher() == null
                        ? ServerProcess.launcher(options.data())
                        : options.launcher();
        for (long seed = options.seed(); ; seed++) {
            long left = end - System.nanoTime();
            Duration round = options.round();
            if (seed > options.seed() && left < round.toNanos() / 6) {
                break;
            }
            Duration load = left < round.toNanos() ? Duration.ofNanos(left) : round;
            Path folder = options.data().resolve("round-" + seed);
            delete(folder);
            FaultRun.Plan plan =
                    new FaultRun.Plan(
                            options.home(),
                            launcher,
                            folder,
                            seed,
                            options.plan(),
                            options.quiet(),
                            load,
                            FaultRun.DRAIN_ROUNDS_MAX);
            RoundReport report = new FaultRun(plan, UnaryOperator.identity()).run();
            summary.add(report);
            System.out.println(RunSummary.line(seed, report));
            if (!report.violations().isEmpty()) {
                tell(seed, load, report, folder);
                return false;
            }
            delete(folder);
        }
        return true;
    }

    /// However it ends: no server runs on, and the table is told.
    private void leaveNothingBehind() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        System.out.println(summary.table());
    }

    private void tell(long seed, Duration load, RoundReport report, Path folder) {
        for (Map.Entry<String, List<String>> found : report.violations().entrySet()) {
            System.out.printf("%nFOUND by %s: %d%n", found.getKey(), found.getValue().size());
            found.getValue().stream()
                    .limit(VIOLATIONS_SHOWN_MAX)
                    .forEach(text -> System.out.println("  " + text));
        }
        System.out.printf(
                "%nThe data and the server's log are in %s.%nAgain: ./millrace test --faults"
                        + " --minutes %.2f --seed %d%s --every %.2f --plan %s%n%n",
                folder,
                load.toSeconds() / 60.0,
                seed,
                options.dense() ? " --dense" : "",
                options.quiet().toMillis() / 1000.0,
                String.join(",", options.plan().stream().map(FaultKind::word).toList()));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> {
                        try {
                            Files.delete(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }
}
