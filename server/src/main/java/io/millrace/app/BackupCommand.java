package io.millrace.app;

import io.millrace.engine.StoreBackups;
import io.millrace.engine.StoreException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;

/// `millrace backup`: adds a backup of the data directory to a directory of backups, whether a
/// server uses it or not.
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description =
                "Add a backup of the data directory to DIR; a server that uses it goes on. Run it"
                        + " on the server's machine, as the server's user.")
final class BackupCommand implements Callable<Integer> {
    private static final int DEFAULT_KEEP_COUNT = 7;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "where the backups are")
    private @Nullable Path directory;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the data directory (~/.millrace/data)")
    private @Nullable Path data;

    @Option(
            names = "--keep",
            paramLabel = "COUNT",
            description = "how many backups DIR keeps, this one among them (7)")
    private @Nullable Integer keep;

    @Option(names = "--list", description = "list the backups in DIR and make none")
    private boolean list;

    @Option(
            names = "--verify",
            description =
                    "compare every file in DIR with its checksum, and make no backup; exit status 1"
                            + " when one is damaged")
    private boolean verify;

    @Override
    public Integer call() throws StartException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Path to = Objects.requireNonNull(directory);
        Path from = data == null ? Configuration.defaultData() : data;
        int keepCount = keep == null ? DEFAULT_KEEP_COUNT : keep;
        if (keepCount < 1) {
            throw new StartException("--keep must be at least 1");
        }
        try {
            if (list) {
                StoreBackups.Listing listing = StoreBackups.list(to);
                for (StoreBackups.Backup backup : listing.whole()) {
                    out.println(backup.time() + "  " + ControlSocket.text(backup));
                }
                listing.damaged().forEach(number -> out.println(damaged(number)));
                return CommandLine.ExitCode.OK;
            }
            if (verify) {
                return verify(to, out);
            }
            String made = ControlSocket.backup(from, to, keepCount);
            out.println(
                    made == null
                            ? ControlSocket.text(StoreBackups.take(from, to, keepCount))
                            : made);
            PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
            StoreBackups.list(to)
                    .damaged()
                    .forEach(number -> err.println("millrace: beside it, " + damaged(number)));
            return CommandLine.ExitCode.OK;
        } catch (StoreException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static int verify(Path directory, PrintWriter out) {
        boolean whole = true;
        for (StoreBackups.Verified backup : StoreBackups.verify(directory)) {
            whole &= backup.damages().isEmpty();
            out.println(
                    "backup %d is ".formatted(backup.number())
                            + (backup.damages().isEmpty() ? "whole" : "damaged"));
            backup.damages().forEach(damage -> out.println("  " + damage));
        }
        return whole ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static String damaged(int number) {
        return "backup %d is damaged: a file of it is missing or not whole".formatted(number);
    }
}
