package io.millrace.conformance;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.app.Configuration;
import io.millrace.app.Millrace;
import io.millrace.audit.AuditOptions;
import io.millrace.wire.Credential;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/// A server where requests must be signed and allowed, with a user `alice` who may do what the test
/// grants.
final class SecuredServer implements AutoCloseable {
    static final AwsCredentials ROOT =
            AwsBasicCredentials.create("MILLRACEROOT", "a secret of the operator's");

    /// The root of another account, whose number is its key.
    static final AwsCredentials OTHER_ROOT =
            AwsBasicCredentials.create("111122223333", "a secret of another operator's");

    private final Millrace server;
    private final IamClient iam;
    private final AwsCredentials alice;

    SecuredServer(Path data) throws Exception {
        this.server =
                Millrace.start(
                        Configuration.of(data)
                                .withAudit(AuditOptions.MANAGEMENT)
                                .withCredentials(credential(ROOT), credential(OTHER_ROOT)));
        this.iam = client(IamClient.builder(), ROOT);
        iam.createUser(request -> request.userName("alice"));
        AccessKey key = iam.createAccessKey(request -> request.userName("alice")).accessKey();
        this.alice = AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey());
    }

    private static Credential credential(AwsCredentials root) {
        return new Credential(root.accessKeyId(), root.secretAccessKey(), null);
    }

    AwsCredentials alice() {
        return alice;
    }

    IamClient iam() {
        return iam;
    }

    /// A page, as the root sees it.
    String page(String service, String path) throws IOException {
        try (SignedRequests signed = new SignedRequests(URI.create(server.endpoint()), ROOT)) {
            return signed.page(service, path).body();
        }
    }

    /// Alice may do what the statements say, and nothing else.
    void grant(String... statements) {
        String policy =
                "{\"Version\": \"2012-10-17\", \"Statement\": ["
                        + String.join(",", statements).replace('\'', '"')
                        + "]}";
        iam.putUserPolicy(
                request -> request.userName("alice").policyName("p").policyDocument(policy));
    }

    <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
            B builder, AwsCredentials credentials) {
        return builder.endpointOverride(URI.create(server.endpoint()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    /// The code of a call's error and its message; empty when it succeeds.
    static String refusal(Runnable call) {
        AwsServiceException refusal =
                catchThrowableOfType(AwsServiceException.class, () -> call.run());
        return refusal == null
                ? ""
                : refusal.awsErrorDetails().errorCode()
                        + ": "
                        + refusal.awsErrorDetails().errorMessage();
    }

    @Override
    public void close() {
        iam.close();
        server.close();
    }
}
