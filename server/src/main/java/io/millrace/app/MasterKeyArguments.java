package io.millrace.app;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The part of the command line that says where the master key comes from. The key itself is no
/// option, since other users of the machine see command lines.
final class MasterKeyArguments {
    private static final String KEY = "MILLRACE_MASTER_KEY";
    private static final long COMMAND_SECONDS_MAX = 60;

    @Option(
            names = "--master-key-file",
            paramLabel = "FILE",
            description = "the file with the master key (master.key in the data directory)")
    private @Nullable Path file;

    @Option(
            names = "--master-key-command",
            paramLabel = "COMMAND",
            description = "the shell command that prints the master key")
    private @Nullable String command;

    /// The key, from the one place that is given; null when none is.
    @Nullable String given(Map<String, String> environment) throws StartException {
        return given(environment.get(KEY), file, command, KEY, "--master-key");
    }

    /// As [#given(Map)], of these places.
    ///
    /// @param key how the first one is called
    /// @param option how the others are called, up to `-file` and `-command`
    static @Nullable String given(
            @Nullable String inEnvironment,
            @Nullable Path file,
            @Nullable String command,
            String key,
            String option)
            throws StartException {
        if (Stream.of(inEnvironment, file, command).filter(Objects::nonNull).count() > 1) {
            throw new StartException(
                    key + ", " + option + "-file and " + option + "-command exclude each other");
        }
        if (file != null) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new StartException("cannot read the master key in " + file, e);
            }
        }
        return command == null ? inEnvironment : ask(command, option + "-command");
    }

    private static String ask(String command, String option) throws StartException {
        try {
            Process process =
                    new ProcessBuilder("sh", "-c", command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            process.getOutputStream().close();
            try {
                if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
                    throw new StartException(
                            option + " gave no key in " + COMMAND_SECONDS_MAX + " s");
                }
                if (process.exitValue() != 0) {
                    throw new StartException(option + " ended with status " + process.exitValue());
                }
                return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new StartException(option + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", e);
        }
    }
}
