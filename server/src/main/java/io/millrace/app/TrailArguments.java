package io.millrace.app;

import io.millrace.cloudtrail.CloudTrailMode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/// The part of the command line that is about records of calls.
final class TrailArguments {
    @Option(
            names = "--cloudtrail",
            paramLabel = "CALLS",
            description = "which calls are told to event buses: off, management, or all (off)")
    private @Nullable String calls;

    /// @throws IllegalArgumentException that names the option, when it is none of these
    CloudTrailMode mode() {
        return calls == null ? CloudTrailMode.OFF : CloudTrailMode.of(calls);
    }
}
