package io.millrace.conformance;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.pipes.PipesClient;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.schemas.SchemasClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/// The SDK's clients for one account on one endpoint. In development mode an access key of twelve
/// digits is the account, so that each test class has a world of its own.
public final class Clients implements AutoCloseable {

    private static final int SDK_ATTEMPTS = 0;
    private static final int INTERNAL_FAILURE = 500;

    /// Sees each answer, those too that the SDK hides by asking again.
    private static final class InternalFailures implements ExecutionInterceptor {
        private final AtomicReference<@Nullable String> first = new AtomicReference<>();

        @Override
        public void afterTransmission(
                Context.AfterTransmission context, ExecutionAttributes attributes) {
            if (context.httpResponse().statusCode() == INTERNAL_FAILURE) {
                first.compareAndSet(null, context.request().getClass().getSimpleName());
            }
        }
    }

    private final URI endpoint;
    private final String account;
    private final SdkHttpClient http;
    private final int attemptsMax;
    private final InternalFailures internalFailures = new InternalFailures();
    public final DynamoDbClient dynamodb;
    public final DynamoDbStreamsClient streams;
    public final SqsClient sqs;
    public final SnsClient sns;
    public final EventBridgeClient events;
    public final CloudWatchLogsClient logs;
    public final SchemasClient schemas;
    public final PipesClient pipes;
    public final StsClient sts;
    public final SchedulerClient scheduler;
    public final KmsClient kms;
    public final SecretsManagerClient secrets;
    public final IamClient iam;

    Clients(URI endpoint, String account) {
        this(
                endpoint,
                account,
                UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(60)).build(),
                SDK_ATTEMPTS);
    }

    /// @param attemptsMax how often a call is sent until it is answered, at most; 0 to leave it to
    ///   the SDK
    public Clients(URI endpoint, String account, SdkHttpClient http, int attemptsMax) {
        this.endpoint = endpoint;
        this.account = account;
        this.http = http;
        this.attemptsMax = attemptsMax;
        this.dynamodb = build(DynamoDbClient.builder());
        this.streams = build(DynamoDbStreamsClient.builder());
        this.sqs = build(SqsClient.builder());
        this.sns = build(SnsClient.builder());
        this.events = build(EventBridgeClient.builder());
        this.logs = build(CloudWatchLogsClient.builder());
        this.schemas = build(SchemasClient.builder());
        this.pipes = build(PipesClient.builder());
        this.sts = build(StsClient.builder());
        this.scheduler = build(SchedulerClient.builder());
        this.kms = build(KmsClient.builder());
        this.secrets = build(SecretsManagerClient.builder());
        this.iam = build(IamClient.builder());
    }

    /// An attribute that is there.
    public static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
        return Objects.requireNonNull(item.get(name), name);
    }

    /// Makes a table with a stream, whose key is a text named `id`; returns the stream's ARN.
    @SuppressWarnings("unchecked") // arrays of builders' consumers, which the SDK makes of them
    public String createTable(String name, StreamViewType view) {
        return dynamodb.createTable(request ->
                        request.tableName(name)
                                .billingMode(BillingMode.PAY_PER_REQUEST)
                                .attributeDefinitions(attribute ->
                                        attribute
                                                .attributeName("id")
                                                .attributeType(ScalarAttributeType.S))
                                .keySchema(key -> key.attributeName("id").keyType(KeyType.HASH))
                                .streamSpecification(
                                        on -> on.streamEnabled(true).streamViewType(view)))
                .tableDescription()
                .latestStreamArn();
    }

    public String account() {
        return account;
    }

    /// The first request to which the server answered that it failed internally; null when it did
    /// so to none.
    @Nullable String internalFailure() {
        return internalFailures.first.get();
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(account, "secret")))
                .httpClient(http)
                .overrideConfiguration(all -> {
                    all.addExecutionInterceptor(internalFailures);
                    if (attemptsMax != SDK_ATTEMPTS) {
                        all.retryStrategy(retry -> retry.maxAttempts(attemptsMax));
                    }
                })
                .build();
    }

    @Override
    public void close() {
        dynamodb.close();
        streams.close();
        sqs.close();
        sns.close();
        events.close();
        logs.close();
        schemas.close();
        pipes.close();
        sts.close();
        scheduler.close();
        kms.close();
        secrets.close();
        iam.close();
        http.close();
    }
}
