package com.example.orders;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;

/// The clients of the AWS services, all over one HTTP client.
final class Cloud implements AutoCloseable {

    // longer than the longest long poll
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

    private final SdkHttpClient http =
            UrlConnectionHttpClient.builder().socketTimeout(SOCKET_TIMEOUT).build();
    final SqsClient sqs;
    final SnsClient sns;
    final DynamoDbClient dynamodb;
    final DynamoDbStreamsClient streams;
    final EventBridgeClient events;

    /// Clients for the AWS services at `endpoint`, with development credentials.
    Cloud(URI endpoint) {
        this.sqs = build(SqsClient.builder(), endpoint);
        this.sns = build(SnsClient.builder(), endpoint);
        this.dynamodb = build(DynamoDbClient.builder(), endpoint);
        this.streams = build(DynamoDbStreamsClient.builder(), endpoint);
        this.events = build(EventBridgeClient.builder(), endpoint);
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
            B builder, URI endpoint) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("development", "development")))
                .httpClient(http)
                .build();
    }

    /// Runs `step` again and again on a thread of its own until it is closed; a failed step, as
    /// while the service is away, is tried again after a short pause.
    static AutoCloseable repeat(String name, Step step, Consumer<Exception> failures) {
        Thread thread =
                Thread.ofVirtual()
                        .name(name)
                        .start(() -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                try {
                                    step.run();
                                } catch (InterruptedException e) {
                                    return;
                                } catch (RuntimeException e) {
                                    failures.accept(e);
                                    if (!pause(Duration.ofMillis(200))) {
                                        return;
                                    }
                                }
                            }
                        });
        return () -> {
            thread.interrupt();
            thread.join();
        };
    }

    private static boolean pause(Duration duration) {
        try {
            Thread.sleep(duration);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /// One round of a service's loop.
    @FunctionalInterface
    interface Step {
        void run() throws InterruptedException;
    }

    @Override
    public void close() {
        sqs.close();
        sns.close();
        dynamodb.close();
        streams.close();
        events.close();
        http.close();
    }
}
