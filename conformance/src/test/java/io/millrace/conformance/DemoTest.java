package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The main job: the orders example, all of it, with the server killed in the middle. The demo
/// counts by itself, and its exit status is 0 only when nothing is missing.
final class DemoTest {

    private static final long MINUTES_MAX = 5;

    @TempDir private Path folder;

    @Test
    void losesNoOrderThoughTheServerIsKilled() throws Exception {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(ServerProcess.program("com.example.orders.Demo"));
        command.addAll(List.of("--launcher", ServerProcess.launcher(folder).toString()));
        command.addAll(List.of("--orders", "300", "--rate", "150", "--kill"));
        Process demo =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();

        boolean ended = demo.waitFor(MINUTES_MAX, TimeUnit.MINUTES);

        String told = Files.readString(output);
        assertThat(ended).as(told).isTrue();
        assertThat(demo.exitValue()).as(told).isZero();
        assertThat(told)
                .contains("Killed the server with SIGKILL")
                .contains("Orders accepted: 300 of 300")
                .contains("Nothing is missing.");
    }
}
