package com.example.orders;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The server that the demo runs against, as a process that can be killed.
final class ServerProcess implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration PROBE_PAUSE = Duration.ofMillis(50);

    private final List<String> command;
    private final Path log;
    private final URI endpoint;
    private @Nullable Process process;

    /// @param launcher the command that starts the server and becomes it
    ServerProcess(String launcher, Path data, Path log, int port) {
        this.command =
                List.of(
                        launcher,
                        "start",
                        "--port",
                        Integer.toString(port),
                        "--data",
                        data.toString());
        this.log = log;
        this.endpoint = URI.create("http://127.0.0.1:" + port);
    }

    URI endpoint() {
        return endpoint;
    }

    /// Starts it, and waits until it says that it is healthy.
    void start() throws IOException, InterruptedException {
        Process started =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        process = started;
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest probe =
                    HttpRequest.newBuilder(endpoint.resolve("/_millrace/health"))
                            .timeout(START_TIMEOUT)
                            .build();
            while (!isHealthy(client, probe)) {
                if (!started.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("the server did not start; its log is " + log);
                }
                Thread.sleep(PROBE_PAUSE);
            }
        }
    }

    private static boolean isHealthy(HttpClient client, HttpRequest probe)
            throws InterruptedException {
        try {
            return client.send(probe, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // not listening yet
        }
    }

    /// SIGKILL: no shutdown hook, no flush, nothing.
    void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (process == null) {
            return;
        }
        process.destroy();
        if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            kill();
        }
    }
}
