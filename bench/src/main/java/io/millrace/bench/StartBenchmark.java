package io.millrace.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;

/// From the start of the process to its first answered request, on a built tree.
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = "Milliseconds from start to the first answered request.")
final class StartBenchmark implements Callable<Integer> {

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(names = "--runs", defaultValue = "10", description = "How often; default 10.")
    private int runs;

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        double[] millis = new double[runs];
        for (int i = 0; i < runs; i++) {
            millis[i] = startOnce(data);
        }
        Arrays.sort(millis);
        System.out.printf(
                "first answered request after: median %.0f ms, least %.0f ms, most %.0f ms"
                        + " (%d runs)%n",
                millis[runs / 2], millis[0], millis[runs - 1], runs);
        return 0;
    }

    private double startOnce(Path data) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (ServerUnderTest server = ServerUnderTest.millrace(launcher, data);
                Connection connection = new Connection(server.port())) {
            connection.send(Request.dynamodb("ListTables", "{}"));
            return (System.nanoTime() - begin) / 1e6;
        }
    }
}
