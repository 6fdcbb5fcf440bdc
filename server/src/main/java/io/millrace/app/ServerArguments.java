package io.millrace.app;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.Map;

/// Which server a command asks.
final class ServerArguments {
    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "the server (AWS_ENDPOINT_URL, or http://localhost:4566)")
    private @Nullable String endpoint;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "the region (AWS_REGION, AWS_DEFAULT_REGION, or us-east-1)")
    private @Nullable String region;

    ServerCall call(Map<String, String> environment) {
        String url = endpoint == null ? environment.get("AWS_ENDPOINT_URL") : endpoint;
        String place = region == null ? environment.get("AWS_REGION") : region;
        if (place == null) {
            place = environment.get("AWS_DEFAULT_REGION");
        }
        return new ServerCall(
                url == null ? "http://localhost:" + Configuration.DEFAULT_PORT : url,
                place == null ? Configuration.DEFAULT_REGION : place,
                environment);
    }
}
