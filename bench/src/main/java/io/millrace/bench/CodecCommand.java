package io.millrace.bench;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/// Runs [CodecBenchmark] and [ItemBenchmark].
@Command(
        name = "codec",
        mixinStandardHelpOptions = true,
        description = "The generated codec beside hand-written Jackson streaming.")
final class CodecCommand implements Callable<Integer> {

    @Override
    public Integer call() throws RunnerException {
        new Runner(
                        new OptionsBuilder()
                                .include(CodecBenchmark.class.getName())
                                .include(ItemBenchmark.class.getName())
                                .build())
                .run();
        return 0;
    }
}
