package io.millrace.conformance;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
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
import java.nio.charset.StandardCharsets;

/// Wire protocols with the SDK's own signer: DynamoDB's for operations that are newer than the
/// pinned SDK, and SQS's query protocol, which the SDK no longer speaks.
final class SignedRequests implements AutoCloseable {

    /// An answer: its status, and its body.
    record Answer(int status, JsonNode body) {

        String text(String field) {
            return body.field(field).map(JsonNode::text).orElse("");
        }
    }

    /// An answer that is not JSON.
    record Text(int status, String body) {}

    private final URI endpoint;
    private final AwsCredentialsIdentity credentials;
    private final SdkHttpClient http = UrlConnectionHttpClient.create();

    SignedRequests(URI endpoint, String account) {
        this.endpoint = endpoint;
        this.credentials = AwsCredentialsIdentity.create(account, "secret");
    }

    SignedRequests(URI endpoint, AwsCredentials credentials) {
        this.endpoint = endpoint;
        this.credentials = credentials;
    }

    Answer dynamodb(String operation, String body) throws IOException {
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .uri(endpoint)
                        .method(SdkHttpMethod.POST)
                        .putHeader("Content-Type", "application/x-amz-json-1.0")
                        .putHeader("X-Amz-Target", "DynamoDB_20120810." + operation)
                        .build();
        HttpExecuteResponse response = send(request, body, "dynamodb");
        try (InputStream content = response.responseBody().orElseThrow()) {
            return new Answer(
                    response.httpResponse().statusCode(), JsonNode.parser().parse(content));
        }
    }

    /// SQS in the query protocol.
    ///
    /// @param path with a query, when the method is GET
    Text query(SdkHttpMethod method, String path, String form) throws IOException {
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .uri(endpoint.resolve(path))
                        .method(method)
                        .putHeader("Content-Type", "application/x-www-form-urlencoded")
                        .build();
        HttpExecuteResponse response = send(request, form, "sqs");
        try (InputStream content = response.responseBody().orElseThrow()) {
            return new Text(
                    response.httpResponse().statusCode(),
                    new String(content.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /// awsJson 1.1, whatever the body.
    Text json(String service, String target, String body) throws IOException {
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .uri(endpoint)
                        .method(SdkHttpMethod.POST)
                        .putHeader("Content-Type", "application/x-amz-json-1.1")
                        .putHeader("X-Amz-Target", target)
                        .build();
        return text(send(request, body, service));
    }

    /// A page beside the operations.
    Text page(String service, String path) throws IOException {
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .uri(endpoint.resolve(path))
                        .method(SdkHttpMethod.GET)
                        .build();
        return text(send(request, "", service));
    }

    private static Text text(HttpExecuteResponse response) throws IOException {
        int status = response.httpResponse().statusCode();
        if (response.responseBody().isEmpty()) {
            return new Text(status, "");
        }
        try (InputStream content = response.responseBody().get()) {
            return new Text(status, new String(content.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private HttpExecuteResponse send(SdkHttpRequest request, String body, String service)
            throws IOException {
        ContentStreamProvider payload = ContentStreamProvider.fromUtf8String(body);
        boolean sends = request.method() == SdkHttpMethod.POST;
        SignedRequest signed =
                AwsV4HttpSigner.create()
                        .sign(sign ->
                                sign.identity(credentials)
                                        .request(request)
                                        .payload(sends ? payload : null)
                                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1"));
        HttpExecuteRequest.Builder execution =
                HttpExecuteRequest.builder().request(signed.request());
        if (sends) {
            execution.contentStreamProvider(signed.payload().orElse(payload));
        }
        return http.prepareRequest(execution.build()).call();
    }

    @Override
    public void close() {
        http.close();
    }
}
