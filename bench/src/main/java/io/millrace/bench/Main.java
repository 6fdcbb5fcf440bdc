package io.millrace.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

import java.util.ArrayList;
import java.util.List;

/// The menu of the benchmarks.
@Command(
        name = "millrace bench",
        mixinStandardHelpOptions = true,
        description = "Measures Millrace beside others.",
        subcommands = {
            LoadBenchmark.class,
            StartBenchmark.class,
            IdleBenchmark.class,
            GrowthBenchmark.class,
            SoakBenchmark.class,
            DepthBenchmark.class,
            LatencyBenchmark.class,
            PollsBenchmark.class,
            FanOutBenchmark.class,
            RulesBenchmark.class,
            CodecCommand.class,
            VectorBenchmark.class,
            OverloadBenchmark.class,
            EdgeBenchmark.class,
            HelpCommand.class
        })
final class Main {

    private Main() {}

    /// The first argument is the launcher; the script gives it.
    public static void main(String[] args) {
        List<String> words = new ArrayList<>(List.of(args));
        String launcher = words.removeFirst();
        if (words.isEmpty()) {
            words.add("load");
        }
        if (!words.contains("help") && !words.contains("codec")) {
            words.add(1, "--launcher=" + launcher);
        }
        System.exit(new CommandLine(new Main()).execute(words.toArray(String[]::new)));
    }
}
