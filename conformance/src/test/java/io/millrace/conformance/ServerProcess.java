package io.millrace.conformance;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A server in a process of its own, on this test's class path, that can be killed.
public final class ServerProcess implements AutoCloseable {

    /// Ends what hangs: on a machine with much else to do, a start takes minutes.
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(10);

    private static @Nullable String startCache;

    private final Path folder;
    private final Path launcher;
    private final Path data;
    private final Map<String, String> environment;
    private final int port;
    private Process process;

    ServerProcess(Path folder) throws IOException, InterruptedException {
        this(folder, launcher(folder), folder.resolve("data"), Map.of());
    }

    /// @param launcher a script that becomes the server
    /// @param environment what its environment has besides this process's own
    public ServerProcess(Path folder, Path launcher, Path data, Map<String, String> environment)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.launcher = launcher;
        this.data = data;
        this.environment = Map.copyOf(environment);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = socket.getLocalPort();
        }
        this.process = start();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public long pid() {
        return process.pid();
    }

    /// SIGKILL, and a new start on the same data.
    public void killAndRestart() throws IOException, InterruptedException {
        kill();
        restart();
    }

    /// SIGKILL.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// A new start on the same data, after a kill.
    public void restart() throws IOException, InterruptedException {
        process = start();
    }

    /// Begins to start on the same data, after a kill, and does not wait until it answers.
    public void beginRestart() throws IOException {
        process = launch();
    }

    private Process launch() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                launcher.toString(),
                                "start",
                                "--port",
                                Integer.toString(port),
                                "--data",
                                data.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Process start() throws IOException, InterruptedException {
        Process started = launch();
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!isHealthy(client)) {
                if (!started.isAlive() || System.nanoTime() > deadline) {
                    started.destroyForcibly().waitFor();
                    throw new IOException(
                            "the server ended or did not answer within "
                                    + START_TIMEOUT
                                    + ":\n"
                                    + Files.readString(folder.resolve("log")));
                }
                LockSupport.parkNanos(5_000_000);
            }
        }
        return started;
    }

    private boolean isHealthy(HttpClient client) throws InterruptedException {
        HttpRequest probe =
                HttpRequest.newBuilder(endpoint().resolve("/_millrace/health"))
                        .timeout(PROBE_TIMEOUT)
                        .build();
        try {
            return client.send(probe, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // not listening yet, or no answer in time
        }
    }

    /// A script in `folder` that becomes the server.
    public static Path launcher(Path folder) throws IOException {
        Path script = folder.resolve("launcher");
        if (Files.exists(script)) {
            return script;
        }
        Files.createFile(
                script,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return Files.writeString(
                script,
                "#!/bin/sh\nexec %s \"$@\"\n"
                        .formatted(
                                server(startCache(folder)).stream()
                                        .map(word -> "'" + word + "'")
                                        .collect(Collectors.joining(" "))),
                StandardCharsets.UTF_8);
    }

    private static List<String> server(String option) {
        return List.of(
                java(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                option,
                "-cp",
                serverClassPath(),
                "io.millrace.app.Main");
    }

    /// The option for a record of what a start needs, made once for all servers of these tests:
    /// most of their processor time went into starts. Without it, as from a tree that is not
    /// packaged, they just start slower.
    private static synchronized String startCache(Path folder) throws IOException {
        if (startCache == null) {
            Path file = folder.resolveSibling("millrace-" + ProcessHandle.current().pid() + ".aot");
            file.toFile().deleteOnExit();
            Path scratch = Files.createDirectory(folder.resolve("rehearsal"));
            List<String> command = new ArrayList<>(server("-XX:AOTCacheOutput=" + file));
            command.addAll(List.of("rehearse", "--data", scratch.resolve("data").toString()));
            Process rehearsal =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(scratch.resolve("log").toFile())
                            .start();
            try {
                rehearsal.waitFor();
            } catch (InterruptedException e) {
                rehearsal.destroyForcibly();
                throw new InterruptedIOException();
            }
            startCache = Files.exists(file) ? "-XX:AOTCache=" + file : "-Xshare:auto";
        }
        return startCache;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// Also where the tests have a class loader of their own.
    private static Stream<Path> classPath() {
        if (ServerProcess.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs()).map(url -> Path.of(URI.create(url.toString())));
        }
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of);
    }

    private static String joined(Stream<Path> paths) {
        return paths.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /// The server's class path; the start-up cache takes no folders, and the tests' own is not
    /// needed.
    private static String serverClassPath() {
        Path tests = Path.of("target").toAbsolutePath();
        return joined(classPath().filter(path -> !path.toAbsolutePath().startsWith(tests)));
    }

    /// The command line of a program on this test's class path.
    static List<String> program(String mainClass) {
        return List.of(java(), "-cp", joined(classPath()), mainClass);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
