package io.millrace.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/// What a started server takes while nobody asks it anything. Reads `/proc`, so Linux only.
@Command(
        name = "idle",
        mixinStandardHelpOptions = true,
        description = "Resident memory and CPU of an idle server.")
final class IdleBenchmark implements Callable<Integer> {

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    @Option(names = "--seconds", defaultValue = "30", description = "How long; default 30.")
    private int seconds;

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("millrace-bench-");
        try (ServerUnderTest server = ServerUnderTest.millrace(launcher, data);
                Connection connection = new Connection(server.port())) {
            connection.send(Request.dynamodb("ListTables", "{}"));
            Thread.sleep(Duration.ofSeconds(5)); // what the start began comes to rest
            Duration before = server.cpu();
            Thread.sleep(Duration.ofSeconds(seconds));
            Duration used = server.cpu().minus(before);
            System.out.printf(
                    "idle: %.2f %% of a core over %d s, %d MiB resident%n",
                    100.0 * used.toMillis() / 1000 / seconds,
                    seconds,
                    server.residentKibibytes() / 1024);
        }
        return 0;
    }
}
