package io.millrace.app;

import io.millrace.engine.StoreCheck;
import io.millrace.engine.StoreException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.Callable;

/// `millrace check`: reads a data directory that no server uses, every block of it.
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Verify every checksum in the data directory of a server that is stopped; say what"
                        + " is damaged, and change nothing. Exit status 1 when something is.")
final class CheckCommand implements Callable<Integer> {
    private static final int KEY_BYTES_SHOWN_MAX = 24;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the data directory (~/.millrace/data)")
    private @Nullable Path data;

    @Override
    public Integer call() throws StartException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        StoreCheck.Report report = report(data == null ? Configuration.defaultData() : data);
        print(report, out);
        return report.damages().isEmpty() ? CommandLine.ExitCode.OK : 1;
    }

    static StoreCheck.Report report(Path data) throws StartException {
        try {
            return StoreCheck.of(data);
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
                        ? "nothing is damaged: %d sorted files with %d entries, logs up to %d"
                                .formatted(
                                        report.tableCount(),
                                        report.entryCount(),
                                        report.logVersion())
                        : report.damages().size() + " damaged");
    }

    private static String hex(byte @Nullable [] key) {
        byte[] bytes = Objects.requireNonNull(key);
        int shown = Math.min(bytes.length, KEY_BYTES_SHOWN_MAX);
        return HexFormat.of().formatHex(bytes, 0, shown) + (shown < bytes.length ? "…" : "");
    }
}
