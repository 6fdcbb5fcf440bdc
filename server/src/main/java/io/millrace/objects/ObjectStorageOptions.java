package io.millrace.objects;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/// Where buckets are, as an operator says it.
///
/// @param place a folder, or the URL of an S3 endpoint; null for none
/// @param credentials for an endpoint
public record ObjectStorageOptions(@Nullable String place, @Nullable S3Credentials credentials) {

    public static final ObjectStorageOptions NONE = new ObjectStorageOptions(null, null);

    /// Opens what the operator said; an endpoint is not asked yet.
    ///
    /// @param region the endpoint's
    /// @throws IllegalArgumentException when there is no such folder, or an endpoint without
    ///   credentials
    public ObjectStorage open(String region, InstantSource clock) {
        if (place == null) {
            return new NoStorage();
        }
        if (!place.startsWith("http://") && !place.startsWith("https://")) {
            Path folder = Path.of(place);
            if (!Files.isDirectory(folder)) {
                throw new IllegalArgumentException("--s3 is no folder and no URL: " + place);
            }
            return new FolderStorage(folder);
        }
        URI endpoint = URI.create(place);
        if (endpoint.getRawAuthority() == null || endpoint.getRawQuery() != null) {
            throw new IllegalArgumentException("--s3 is not the URL of an endpoint: " + place);
        }
        if (credentials == null) {
            throw new IllegalArgumentException(
                    "--s3 is a URL, so AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set");
        }
        return new S3Storage(endpoint, region, credentials, clock);
    }
}
