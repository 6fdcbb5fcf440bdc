package io.millrace.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/// One directory through many lives of a [CrashChild], and what it acknowledged in all of them.
final class CrashRun {
    final Path directory;
    final long seed;
    final long[] acknowledged = new long[CrashWorkload.WORKERS];
    final Map<String, Long> versions = new HashMap<>();
    final List<String> failures = new ArrayList<>();
    long chainSeen;
    long newestVersion;
    private final Path temporary;
    private final Durability durability;
    private final boolean encrypted;
    private final int workers;

    CrashRun(Path parent, long seed, Durability durability) throws IOException {
        this(parent, seed, durability, false);
    }

    CrashRun(Path parent, long seed, Durability durability, boolean encrypted) throws IOException {
        this(parent, seed, durability, encrypted, CrashWorkload.WORKERS);
    }

    /// @param workers how many write; one of them is alone in the store
    CrashRun(Path parent, long seed, Durability durability, boolean encrypted, int workers)
            throws IOException {
        this.encrypted = encrypted;
        directory = Files.createDirectories(parent.resolve("data"));
        temporary = Files.createDirectories(parent.resolve("tmp"));
        this.seed = seed;
        this.durability = durability;
        this.workers = workers;
    }

    Encryption encryption() {
        return encrypted ? TestKey.ENCRYPTED : TestKey.NONE;
    }

    /// How many lines a child may live for: sometimes it only opens the store, mostly it works.
    static int life(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> 1;
            case 1 -> random.nextInt(50);
            default -> random.nextInt(4000);
        };
    }

    /// Starts a child, and kills it when it has told `lines` lines.
    void killAfter(int lines, Map<String, String> environment) throws IOException {
        live(
                environment,
                (child, told) -> {
                    if (told >= lines) {
                        child.toHandle().destroyForcibly(); // leaves its output readable
                    }
                });
    }

    /// Starts a child, calls `onLine` with the count of lines, and waits until the child has ended.
    void liveUntilFailure(Map<String, String> environment, IntConsumer onLine) throws IOException {
        live(environment, (_, told) -> onLine.accept(told));
    }

    private interface Listener {
        void told(Process child, int lines);
    }

    private void live(Map<String, String> environment, Listener listener) throws IOException {
        Process child = start(environment);
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            int lines = 0;
            String line;
            while ((line = reader.readLine()) != null) {
                note(line);
                listener.told(child, ++lines);
            }
            if (child.onExit().join().exitValue() == CrashChild.DIED) {
                throw new IllegalStateException("the child died: " + Files.readString(errors()));
            }
        } finally {
            child.destroyForcibly().onExit().join();
        }
    }

    private Process start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Xmx256m",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashChild.class.getName(),
                        directory.toString(),
                        Long.toString(seed),
                        durability.name(),
                        Boolean.toString(encrypted),
                        Integer.toString(workers));
        builder.environment().putAll(environment);
        builder.redirectError(errors().toFile());
        return builder.start();
    }

    private Path errors() {
        return temporary.resolve("stderr");
    }

    private void note(String line) {
        String[] words = line.split(" ", 4);
        switch (words[0]) {
            case "A" -> {
                int worker = Integer.parseInt(words[1]);
                acknowledged[worker] = Long.parseLong(words[2]);
                long version = Long.parseLong(words[3]);
                versions.put(words[1] + " " + words[2], version);
                newestVersion = Math.max(newestVersion, version);
            }
            case "S" -> chainSeen = Math.max(chainSeen, Long.parseLong(words[1]));
            case "F" -> failures.add(line.substring(2));
            case "O" -> {}
            default -> throw new IllegalStateException("the child said: " + line);
        }
    }

    /// After a check, what was found counts as acknowledged: it must not vanish later.
    void found(long[] progress, long chain) {
        System.arraycopy(progress, 0, acknowledged, 0, progress.length);
        chainSeen = Math.max(chainSeen, chain);
    }

    @Override
    public String toString() {
        return "seed " + seed + ", acknowledged " + Arrays.toString(acknowledged);
    }
}
