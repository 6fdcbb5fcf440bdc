package io.millrace.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server that the benchmark started as a process of its own, on a free port of loopback.
record ServerUnderTest(String name, int port, Process process) implements AutoCloseable {

    private static final long START_SECONDS_MAX = 60;

    /// @param options more of `start`
    static ServerUnderTest millrace(String launcher, Path data, String... options)
            throws IOException, InterruptedException {
        return millrace(launcher, data, Map.of(), options);
    }

    /// @param heap of the server, as `-Xmx` takes it
    static ServerUnderTest millraceWithHeap(
            String launcher, Path data, String heap, String... options)
            throws IOException, InterruptedException {
        return millrace(launcher, data, Map.of("JDK_JAVA_OPTIONS", "-Xmx" + heap), options);
    }

    private static ServerUnderTest millrace(
            String launcher, Path data, Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(launcher, "start"));
        command.addAll(List.of("--port", Integer.toString(port), "--data", data.toString()));
        command.addAll(List.of(options));
        return start(Scenarios.MILLRACE, port, command, environment);
    }

    static ServerUnderTest dynamodbLocal(Path lib) throws IOException, InterruptedException {
        int port = freePort();
        return start(
                Scenarios.DYNAMODB_LOCAL,
                port,
                List.of(
                        java(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.library.path=" + lib,
                        "-cp",
                        lib + File.separator + "*",
                        "software.amazon.dynamodb.services.local.main.ServerRunner",
                        "-inMemory",
                        "-disableTelemetry",
                        "-port",
                        Integer.toString(port)));
    }

    static ServerUnderTest elasticmq(Path lib) throws IOException, InterruptedException {
        int port = freePort();
        return start(
                Scenarios.ELASTICMQ,
                port,
                List.of(
                        java(),
                        "-Drest-sqs.bind-hostname=127.0.0.1",
                        "-Drest-sqs.bind-port=" + port,
                        "-Dnode-address.port=" + port,
                        "-Drest-stats.enabled=false",
                        "-cp",
                        lib + File.separator + "*",
                        "org.elasticmq.server.Main"));
    }

    private static ServerUnderTest start(String name, int port, List<String> command)
            throws IOException, InterruptedException {
        return start(name, port, command, Map.of());
    }

    private static ServerUnderTest start(
            String name, int port, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        Process process = builder.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (!accepts(port)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IOException(name + " did not start: " + String.join(" ", command));
            }
            Thread.sleep(20);
        }
        return new ServerUnderTest(name, port, process);
    }

    /// What its process has used since it began.
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /// From `/proc`, so on Linux only.
    long residentKibibytes() throws IOException {
        return status("VmRSS:");
    }

    /// The most that has been resident since it started.
    long residentMostKibibytes() throws IOException {
        return status("VmHWM:");
    }

    private long status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not listening yet
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
