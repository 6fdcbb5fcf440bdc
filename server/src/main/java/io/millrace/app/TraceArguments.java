package io.millrace.app;

import io.millrace.trace.TraceOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Duration;

/// The part of the command line that is about the trace of events.
final class TraceArguments {
    @Option(
            names = "--trace-retention",
            paramLabel = "HOURS",
            description = "how long it is kept what became of each event (24; 0 for not at all)")
    private @Nullable Integer retentionHours;

    /// @throws IllegalArgumentException that names the option, when it is out of its bounds
    TraceOptions options() {
        if (retentionHours == null) {
            return TraceOptions.DEFAULT;
        }
        long hoursMax = TraceOptions.RETENTION_MAX.toHours();
        if (retentionHours < 0 || retentionHours > hoursMax) {
            throw new IllegalArgumentException(
                    "--trace-retention is "
                            + retentionHours
                            + ", which is not between 0 and "
                            + hoursMax);
        }
        return new TraceOptions(Duration.ofHours(retentionHours));
    }
}
