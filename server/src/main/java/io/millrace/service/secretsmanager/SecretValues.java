package io.millrace.service.secretsmanager;

import io.millrace.secret.Secrets;

/// Seals values and opens them. Each is bound to the ARN of its secret, of a replica's primary, and
/// to its version: at another place it does not open. Outside of any transaction. Thread-safe.
final class SecretValues {
    private final Secrets secrets;

    SecretValues(Secrets secrets) {
        this.secrets = secrets;
    }

    /// @param arn of the secret, or of its primary
    byte[] seal(String arn, String versionId, SecretValue value) {
        return secrets.seal(value.toBytes(), context(arn, versionId));
    }

    SecretValue open(String arn, String versionId, byte[] sealed) {
        return SecretValue.of(secrets.open(sealed, context(arn, versionId)));
    }

    private static String context(String arn, String versionId) {
        return arn + " version " + versionId;
    }
}
