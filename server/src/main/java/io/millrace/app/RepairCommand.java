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
import java.util.Objects;
import java.util.concurrent.Callable;

/// `millrace repair`: cuts a damaged log, for whoever has no backup.
@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description =
                "Say what can be done about a damaged data directory, and with --yes do it: a"
                        + " damaged log is cut where the damage begins, and kept as it was beside"
                        + " the data. Damaged sorted files need a backup.")
final class RepairCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the data directory (~/.millrace/data)")
    private @Nullable Path data;

    @Option(names = "--yes", description = "do it")
    private boolean yes;

    @Override
    public Integer call() throws StartException {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = line.getOut();
        Path directory = data == null ? Configuration.defaultData() : data;
        StoreCheck.Report report = CheckCommand.report(directory, null);
        CheckCommand.print(report, out);
        if (report.damages().isEmpty()) {
            return CommandLine.ExitCode.OK;
        }
        if (!report.repairable()) {
            throw new StartException("this cannot be repaired: restore a backup");
        }
        if (!yes) {
            out.println(
                    "With --yes the log is cut behind version "
                            + report.logVersion()
                            + ": everything that was acknowledged after it is lost. The logs as"
                            + " they are would be kept in the data directory.");
            return 1;
        }
        try {
            StoreCheck.Repair repair = StoreCheck.repair(directory);
            out.println("cut behind version " + repair.lastVersion());
            repair.lostKeys()
                    .forEach((first, count) ->
                            out.println("lost: " + count + " writes to " + KeySpace.owner(first)));
            out.println("and what could not be read. The logs as they were: " + repair.kept());
            boolean whole = report.damages().size() == 1;
            if (!whole) {
                out.println("What else is damaged needs a backup.");
            }
            return whole ? CommandLine.ExitCode.OK : 1;
        } catch (StoreException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }
}
