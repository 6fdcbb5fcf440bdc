package io.millrace.wire;

import io.millrace.http.Headers;
import io.millrace.http.Request;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Requests signed by AWS's own signer.
///
/// @param expires presigned when not null
/// @param payloadSigned whether the signature covers the body
record SignedRequests(
        Credential credential,
        String region,
        String service,
        Instant now,
        @Nullable Duration expires,
        boolean payloadSigned) {

    SignedRequests(
            Credential credential,
            String region,
            String service,
            Instant now,
            @Nullable Duration expires) {
        this(credential, region, service, now, expires, true);
    }

    SdkHttpFullRequest.Builder plain(SdkHttpMethod method, String url, byte[] body) {
        return SdkHttpFullRequest.builder()
                .method(method)
                .uri(URI.create(url))
                .contentStreamProvider(ContentStreamProvider.fromByteArray(body));
    }

    Request sign(SdkHttpFullRequest unsigned, byte[] body) {
        String token = credential.sessionToken();
        AwsCredentialsIdentity identity =
                token == null
                        ? AwsCredentialsIdentity.create(
                                credential.accessKeyId(), credential.secretAccessKey())
                        : AwsSessionCredentialsIdentity.create(
                                credential.accessKeyId(), credential.secretAccessKey(), token);
        SdkHttpRequest signed =
                AwsV4HttpSigner.create()
                        .sign(r -> {
                            r.identity(identity)
                                    .request(unsigned)
                                    .payload(ContentStreamProvider.fromByteArray(body))
                                    .putProperty(
                                            AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, service)
                                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                                    .putProperty(
                                            AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED,
                                            payloadSigned)
                                    .putProperty(
                                            HttpSigner.SIGNING_CLOCK,
                                            Clock.fixed(now, ZoneOffset.UTC));
                            if (expires != null) {
                                r.putProperty(
                                                AwsV4FamilyHttpSigner.AUTH_LOCATION,
                                                AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                                        .putProperty(
                                                AwsV4FamilyHttpSigner.EXPIRATION_DURATION, expires);
                            }
                        })
                        .request();
        Map<String, List<String>> headers = new HashMap<>();
        signed.headers()
                .forEach((name, values) ->
                        headers.computeIfAbsent(
                                        name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                                .addAll(values));
        return request(
                signed.method().name(),
                signed.encodedPath(),
                signed.encodedQueryParameters().orElse(""),
                headers,
                body);
    }

    static Request request(
            String method,
            String path,
            String query,
            Map<String, List<String>> headers,
            byte[] body) {
        return new Request(
                method,
                path,
                query,
                Headers.of(headers),
                "127.0.0.1",
                () -> new ByteArrayInputStream(body));
    }
}
