package io.millrace.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A server in a process of its own, on this test's class path, that can be killed.
final class ServerProcess implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final Path folder;
    private final int port;
    private Process process;

    ServerProcess(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = socket.getLocalPort();
        }
        this.process = start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// SIGKILL, and a new start on the same data.
    void killAndRestart() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        process = start();
    }

    private Process start() throws IOException, InterruptedException {
        Process started =
                new ProcessBuilder(
                                launcher(folder).toString(),
                                "start",
                                "--port",
                                Integer.toString(port),
                                "--data",
                                folder.resolve("data").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                        .start();
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!isHealthy(client)) {
                if (!started.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException(Files.readString(folder.resolve("log")));
                }
                LockSupport.parkNanos(5_000_000);
            }
        }
        return started;
    }

    private boolean isHealthy(HttpClient client) throws InterruptedException {
        HttpRequest probe =
                HttpRequest.newBuilder(endpoint().resolve("/_millrace/health"))
                        .timeout(START_TIMEOUT)
                        .build();
        try {
            return client.send(probe, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // not listening yet
        }
    }

    /// A script in `folder` that becomes the server.
    static Path launcher(Path folder) throws IOException {
        Path script = folder.resolve("launcher");
        if (Files.exists(script)) {
            return script;
        }
        Files.createFile(
                script,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return Files.writeString(
                script,
                """
                #!/bin/sh
                exec '%s' --enable-native-access=ALL-UNNAMED -cp '%s' io.millrace.app.Main "$@"
                """
                        .formatted(java(), System.getProperty("java.class.path")),
                StandardCharsets.UTF_8);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// The command line of a program on this test's class path.
    static List<String> program(String mainClass) {
        return List.of(java(), "-cp", System.getProperty("java.class.path"), mainClass);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
