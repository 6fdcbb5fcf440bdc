package io.millrace.app;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `millrace iam`: what has to be done about identities before anyone can sign a request.
@Command(
        name = "iam",
        mixinStandardHelpOptions = true,
        description = "Make an administrator; everything else is done with IAM's own API.",
        subcommands = CreateAdminCommand.class,
        synopsisSubcommandLabel = "COMMAND")
final class IamCommand implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
        }
    }
}
