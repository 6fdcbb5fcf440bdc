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

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;

/// `millrace restore`: makes a new data directory of a backup.
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description =
                "Make a data directory of a backup in DIR: the whole, with every checksum"
                        + " verified, or nothing.")
final class RestoreCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "where the backups are")
    private @Nullable Path directory;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "NEW",
            description = "the data directory to make; not there yet, or empty")
    private @Nullable Path data;

    @Option(
            names = "--number",
            paramLabel = "NUMBER",
            description = "which backup (the newest); 'backup DIR --list' lists them")
    private @Nullable Integer number;

    @Override
    public Integer call() throws StartException {
        Path to = Objects.requireNonNull(data);
        try {
            StoreBackups.Backup restored =
                    StoreBackups.restore(
                            Objects.requireNonNull(directory),
                            number == null ? StoreBackups.NEWEST : number,
                            to);
            Objects.requireNonNull(spec)
                    .commandLine()
                    .getOut()
                    .println(
                            ControlSocket.text(restored)
                                    + ", of "
                                    + restored.time()
                                    + ", is in "
                                    + to);
            return CommandLine.ExitCode.OK;
        } catch (StoreException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }
}
