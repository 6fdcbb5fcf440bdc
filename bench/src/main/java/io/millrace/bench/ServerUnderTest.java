package io.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A server that is measured: one that the benchmark started as a process of its own, on a free
/// port of loopback, or one that is there already.
///
/// @param services what it has
/// @param started its process; null when it was there already
record ServerUnderTest(
        String name,
        Set<Scenario.Api> services,
        InetSocketAddress address,
        @Nullable Process started)
        implements AutoCloseable {

    private static final int TICK_MILLIS = 10; // in which Linux tells times of threads
    private static final long START_SECONDS_MAX = 60;
    private static final int HTTP_PORT = 80;

    /// The serial collector's young and old generation; metaspace is not of the heap.
    private static final Pattern HEAP_USED = Pattern.compile("(?:DefNew|Tenured) .*?used (\\d+)K");

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

    /// One whose compiler's threads, once started, stay: [#compilerCpu] asks those that are there.
    static ServerUnderTest millraceWithLastingCompilers(
            String launcher, Path data, String... options)
            throws IOException, InterruptedException {
        String threads = "-XX:-UseDynamicNumberOfCompilerThreads";
        return millrace(launcher, data, Map.of("JDK_JAVA_OPTIONS", threads), options);
    }

    /// @param environment more of the server's
    static ServerUnderTest millrace(
            String launcher, Path data, Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(launcher, "start"));
        command.addAll(List.of("--port", Integer.toString(port), "--data", data.toString()));
        command.addAll(List.of(options));
        return start(Scenarios.MILLRACE, Set.of(Scenario.Api.values()), port, command, environment);
    }

    /// One that is there already, with all services.
    static ServerUnderTest at(String name, URI url) {
        int port = url.getPort() < 0 ? HTTP_PORT : url.getPort();
        return new ServerUnderTest(
                name,
                Set.of(
                        Scenario.Api.DYNAMODB,
                        Scenario.Api.SQS,
                        Scenario.Api.SNS,
                        Scenario.Api.EVENTS),
                new InetSocketAddress(url.getHost(), port),
                null);
    }

    int port() {
        return address.getPort();
    }

    Process process() {
        return Objects.requireNonNull(started, "it was not started here");
    }

    static ServerUnderTest start(
            String name,
            Set<Scenario.Api> services,
            int port,
            List<String> command,
            Map<String, String> environment)
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
        return new ServerUnderTest(
                name,
                services,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                process);
    }

    /// What its process has used since it began.
    Duration cpu() {
        return process().info().totalCpuDuration().orElseThrow();
    }

    /// Of [#cpu], what the JVM's compiler has used: a server that has run for long needs none. From
    /// `/proc`, so on Linux only; of a server with lasting compilers.
    Duration compilerCpu() throws IOException {
        long ticks = 0;
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc/" + process().pid() + "/task"))) {
            for (Path thread : threads) {
                String stat;
                try {
                    stat = Files.readString(thread.resolve("stat"));
                } catch (IOException _) {
                    continue; // it has ended meanwhile, so it is none of the compiler's
                }
                int nameEnd = stat.lastIndexOf(')');
                if (stat.substring(0, nameEnd).contains(" CompilerThre")) { // cut off by the system
                    String[] fields = stat.substring(nameEnd + 2).split(" ", 14);
                    ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                }
            }
        }
        return Duration.ofMillis(ticks * TICK_MILLIS);
    }

    /// From `/proc`, so on Linux only.
    long residentKibibytes() throws IOException {
        return status("VmRSS:");
    }

    /// The most that has been resident since it started.
    long residentMostKibibytes() throws IOException {
        return status("VmHWM:");
    }

    long threads() throws IOException {
        return status("Threads:");
    }

    long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + process().pid() + "/fd"))) {
            return files.count();
        }
    }

    /// What is in use of the heap after a full collection.
    long heapKibibytes() throws IOException, InterruptedException {
        command("GC.run");
        Matcher used = HEAP_USED.matcher(command("GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1));
        }
        if (sum == 0) {
            throw new IOException("no serial collector");
        }
        return sum;
    }

    /// Asks its JVM.
    private String command(String command) throws IOException, InterruptedException {
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(process().pid()),
                                command)
                        .redirectErrorStream(true)
                        .start();
        String answer = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + answer);
        }
        return answer;
    }

    private long status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process().pid() + "/status")).stream()
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

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws InterruptedException {
        Process process = started;
        if (process == null) {
            return;
        }
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
