package io.millrace.app;

import io.millrace.engine.StoreOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/// The part of the command line that is about the store.
final class StoreArguments {
    @Option(
            names = "--store-memory",
            paramLabel = "MIB",
            description =
                    "what the store takes at most beside the heap, for its cache and for what is"
                            + " not yet in sorted files (256)")
    private @Nullable Integer memoryMebibytes;

    /// What is chosen, or the default.
    ///
    /// @throws IllegalArgumentException that names the option, when it is out of its bounds
    StoreOptions options() {
        if (memoryMebibytes == null) {
            return StoreOptions.DEFAULT;
        }
        if (memoryMebibytes < StoreOptions.MEBIBYTES_MIN
                || memoryMebibytes > StoreOptions.MEBIBYTES_MAX) {
            throw new IllegalArgumentException(
                    "--store-memory is "
                            + memoryMebibytes
                            + ", which is not between "
                            + StoreOptions.MEBIBYTES_MIN
                            + " and "
                            + StoreOptions.MEBIBYTES_MAX);
        }
        return StoreOptions.within(memoryMebibytes);
    }
}
