package io.millrace.app;

import io.millrace.http.TlsOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/// The part of the command line that is about encrypted connections.
final class TlsArguments {
    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description = "speak TLS, with this certificate and those behind it, in PEM")
    private @Nullable Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "the certificate's key, in PEM (PKCS #8)")
    private @Nullable Path key;

    @Option(
            names = "--tls-generated",
            description = "speak TLS, with a certificate that is made in the data directory")
    private boolean generated;

    /// Null to speak without encryption.
    @Nullable TlsOptions options(Configuration configuration) throws StartException {
        Path chosen = certificate;
        Path chosenKey = key;
        if (generated) {
            if (chosen != null || chosenKey != null) {
                throw new StartException(
                        "--tls-generated stands alone: it makes the certificate and the key");
            }
            return GeneratedCertificate.findOrMake(configuration.data(), configuration.host());
        }
        if (chosen == null && chosenKey == null) {
            return null;
        }
        if (chosen == null || chosenKey == null) {
            throw new StartException("--tls-certificate and --tls-key belong together");
        }
        return new TlsOptions(chosen, chosenKey);
    }

    /// What clients need to trust the server, in a line; null when that is not known here.
    @Nullable String advice(@Nullable TlsOptions options) {
        return generated && options != null
                ? "for clients: export AWS_CA_BUNDLE=" + options.certificate().toAbsolutePath()
                : null;
    }
}
