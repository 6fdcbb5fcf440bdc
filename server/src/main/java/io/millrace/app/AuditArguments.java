package io.millrace.app;

import io.millrace.audit.AuditOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Duration;

/// The part of the command line that is about the audit log.
final class AuditArguments {
    private static final int DAYS_MAX = 3_650;

    @Option(
            names = "--audit",
            paramLabel = "CALLS",
            description =
                    "which calls are recorded: off, management, or all (management; in development"
                            + " mode off)")
    private @Nullable String calls;

    @Option(
            names = "--audit-retention",
            paramLabel = "DAYS",
            description = "how long records of calls are kept (90)")
    private @Nullable Integer retentionDays;

    /// @param development whether anyone may do everything
    /// @throws IllegalArgumentException that names the option, when it is out of its bounds
    AuditOptions options(boolean development) {
        AuditOptions.Mode mode = development ? AuditOptions.Mode.OFF : AuditOptions.Mode.MANAGEMENT;
        if (calls != null) {
            mode = AuditOptions.mode(calls);
        }
        if (retentionDays == null) {
            return new AuditOptions(mode, AuditOptions.RETENTION);
        }
        if (retentionDays < 1 || retentionDays > DAYS_MAX) {
            throw new IllegalArgumentException(
                    "--audit-retention is "
                            + retentionDays
                            + ", which is not between 1 and "
                            + DAYS_MAX);
        }
        return new AuditOptions(mode, Duration.ofDays(retentionDays));
    }
}
