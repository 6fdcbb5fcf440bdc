package io.millrace.app;

import io.millrace.engine.Encryption;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/// The part of the command line that says whether what is stored is encrypted.
final class EncryptArguments {
    @Option(
            names = "--encrypt",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "whether what is stored is encrypted under the master key; unless told, a new"
                            + " data directory is when the key is given from outside of it")
    private @Nullable Boolean encrypt;

    /// What is wanted.
    ///
    /// @param given the key from outside, if there is one
    Encryption.Wanted wanted(@Nullable String given) {
        if (encrypt == null) {
            return given == null ? Encryption.Wanted.AS_IT_IS : Encryption.Wanted.WHEN_NEW;
        }
        return encrypt ? Encryption.Wanted.ALWAYS : Encryption.Wanted.NEVER;
    }
}
