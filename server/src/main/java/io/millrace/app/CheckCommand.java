package io.millrace.app;

import io.millrace.engine.Encryption;
import io.millrace.engine.KeyEncryptionKey;
import io.millrace.engine.StoreCheck;
import io.millrace.engine.StoreException;
import io.millrace.secret.MasterKey;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/// `millrace check`: reads a data directory that no server uses, every block of it.
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Verify every checksum in the data directory of a server that is stopped, and with"
                        + " its master key that every encrypted value opens; say what is damaged,"
                        + " and change nothing. Exit status 1 when something is, or encrypted"
                        + " values were not opened.")
final class CheckCommand implements Callable<Integer> {
    private static final int KEY_BYTES_SHOWN_MAX = 24;

    private final RandomGenerator random = new SecureRandom();

    @Spec private @Nullable CommandSpec spec;
    @Mixin private MasterKeyArguments masterKey = new MasterKeyArguments();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the data directory (~/.millrace/data)")
    private @Nullable Path data;

    @Override
    public Integer call() throws StartException {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        Map<String, String> environment = ((Main) line.getParent().getCommand()).environment();
        Path directory = data == null ? Configuration.defaultData() : data;
        Encryption opening =
                new Encryption(
                        Encryption.Wanted.AS_IT_IS,
                        asking(environment, directory.resolve(Configuration.MASTER_KEY_FILE)),
                        random);
        StoreCheck.Report report = report(directory, opening);
        print(report, line.getOut());
        return report.damages().isEmpty() && report.values() != StoreCheck.Values.SEALED
                ? CommandLine.ExitCode.OK
                : 1;
    }

    /// Asks for the master key only when something is to be opened with it.
    private KeyEncryptionKey asking(Map<String, String> environment, Path file) {
        return new KeyEncryptionKey() {
            @Override
            public byte[] wrap(byte[] dataKey) {
                throw new StoreException("a check wraps nothing");
            }

            @Override
            public byte[] unwrap(byte[] wrapped) {
                try {
                    return MasterKey.of(masterKey.given(environment), file)
                            .wrapping(random)
                            .unwrap(wrapped);
                } catch (StartException e) {
                    throw new StoreException(String.valueOf(e.getMessage()), e);
                }
            }
        };
    }

    /// @param encryption null to leave encrypted values sealed
    static StoreCheck.Report report(Path directory, @Nullable Encryption encryption)
            throws StartException {
        try {
            return StoreCheck.of(directory, encryption);
        } catch (StoreException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    static void print(StoreCheck.Report report, PrintWriter out) {
        report.notes().forEach(out::println);
        for (StoreCheck.Damage damage : report.damages()) {
            out.println("damaged: " + damage.text());
            if (damage.from() != null) {
                out.println(
                        "  holds "
                                + (damage.entryCount() < 0
                                        ? "entries"
                                        : damage.entryCount() + " entries")
                                + " of "
                                + KeySpace.owners(damage.from(), damage.to())
                                + ", keys from "
                                + hex(damage.from())
                                + " to "
                                + hex(damage.to()));
            }
        }
        out.println(
                report.damages().isEmpty()
                        ? "nothing is damaged: %d sorted files with %d entries, logs up to %d%s"
                                .formatted(
                                        report.tableCount(),
                                        report.entryCount(),
                                        report.logVersion(),
                                        report.values() == StoreCheck.Values.OPENED
                                                ? "; every value opens"
                                                : "")
                        : report.damages().size() + " damaged");
    }

    private static String hex(byte @Nullable [] key) {
        byte[] bytes = Objects.requireNonNull(key);
        int shown = Math.min(bytes.length, KEY_BYTES_SHOWN_MAX);
        return HexFormat.of().formatHex(bytes, 0, shown) + (shown < bytes.length ? "…" : "");
    }
}
