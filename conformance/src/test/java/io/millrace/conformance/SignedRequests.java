package io.millrace.conformance;

import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/// DynamoDB's wire protocol with the SDK's own signer, for operations that are newer than the
/// pinned SDK.
final class SignedRequests implements AutoCloseable {

    /// An answer: its status, and its body.
    record Answer(int status, JsonNode body) {

        String text(String field) {
            return body.field(field).map(JsonNode::text).orElse("");
        }
    }

    private final URI endpoint;
    private final AwsCredentialsIdentity credentials;
    private final SdkHttpClient http = UrlConnectionHttpClient.create();

    SignedRequests(URI endpoint, String account) {
        this.endpoint = endpoint;
        this.credentials = AwsCredentialsIdentity.create(account, "secret");
    }

    Answer dynamodb(String operation, String body) throws IOException {
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .uri(endpoint)
                        .method(SdkHttpMethod.POST)
                        .putHeader("Content-Type", "application/x-amz-json-1.0")
                        .putHeader("X-Amz-Target", "DynamoDB_20120810." + operation)
                        .build();
        ContentStreamProvider payload = ContentStreamProvider.fromUtf8String(body);
        SignedRequest signed =
                AwsV4HttpSigner.create()
                        .sign(sign ->
                                sign.identity(credentials)
                                        .request(request)
                                        .payload(payload)
                                        .putProperty(
                                                AwsV4HttpSigner.SERVICE_SIGNING_NAME, "dynamodb")
                                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1"));
        HttpExecuteResponse response =
                http.prepareRequest(
                                HttpExecuteRequest.builder()
                                        .request(signed.request())
                                        .contentStreamProvider(signed.payload().orElse(payload))
                                        .build())
                        .call();
        try (InputStream content = response.responseBody().orElseThrow()) {
            return new Answer(
                    response.httpResponse().statusCode(), JsonNode.parser().parse(content));
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
