package io.millrace.objects;

import org.jspecify.annotations.Nullable;

/// Who asks an S3 endpoint.
public record S3Credentials(
        String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {

    /// Without the secret.
    @Override
    public String toString() {
        return "S3Credentials[" + accessKeyId + "]";
    }
}
