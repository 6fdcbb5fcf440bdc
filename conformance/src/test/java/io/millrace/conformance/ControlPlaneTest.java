package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ContributorInsightsAction;
import software.amazon.awssdk.services.dynamodb.model.ContributorInsightsStatus;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DestinationStatus;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PolicyNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ReplicaStatus;
import software.amazon.awssdk.services.dynamodb.model.ReplicationGroupUpdate;
import software.amazon.awssdk.services.dynamodb.model.SSEStatus;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// DynamoDB's control plane through the AWS SDK for Java v2: capacity that refuses, policies that
/// let other accounts in, and a table in two regions.
@ExtendWith(MillraceExtension.class)
final class ControlPlaneTest {
    private static final String TABLE = "things";
    private static final int BURST_SECONDS = 300;

    private final URI endpoint;
    private final Clients aws;
    private final Clients other;

    ControlPlaneTest(MillraceServer server) {
        this.endpoint = server.endpoint();
        this.aws = new Clients(endpoint, server.freshAccount());
        this.other = new Clients(endpoint, server.freshAccount());
    }

    @AfterEach
    void close() {
        aws.close();
        other.close();
    }

    private void create(Consumer<CreateTableRequest.Builder> more) {
        aws.dynamodb.createTable(request -> {
            request.tableName(TABLE)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(
                            AttributeDefinition.builder()
                                    .attributeName("p")
                                    .attributeType(ScalarAttributeType.S)
                                    .build())
                    .keySchema(
                            KeySchemaElement.builder()
                                    .attributeName("p")
                                    .keyType(KeyType.HASH)
                                    .build());
            more.accept(request);
        });
    }

    private String arn() {
        return "arn:aws:dynamodb:us-east-1:" + aws.account() + ":table/" + TABLE;
    }

    private static Map<String, AttributeValue> item(String key) {
        return Map.of("p", AttributeValue.fromS(key));
    }

    /// A client that sends everything once.
    private DynamoDbClient client(Region region) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(region)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(aws.account(), "secret")))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(override ->
                        override.retryStrategy(RetryMode.STANDARD)
                                .retryStrategy(retry -> retry.maxAttempts(1)))
                .build();
    }

    @Test
    void capacityThatIsUsedUpRefuses() {
        create(request ->
                request.billingMode(BillingMode.PROVISIONED)
                        .provisionedThroughput(
                                units -> units.readCapacityUnits(5L).writeCapacityUnits(1L)));
        try (DynamoDbClient once = client(Region.US_EAST_1)) {
            // more than the burst, in case a second passes meanwhile
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 2 * BURST_SECONDS; i++) {
                                    once.putItem(put -> put.tableName(TABLE).item(item("a")));
                                }
                            })
                    .isInstanceOfSatisfying(
                            ProvisionedThroughputExceededException.class,
                            e ->
                                    assertThat(e.throttlingReasons())
                                            .containsExactly(
                                                    ThrottlingReason.builder()
                                                            .reason(
                                                                    "TableWriteProvisionedThroughputExceeded")
                                                            .resource(arn())
                                                            .build()))
                    .hasMessageContaining(
                            "The level of configured provisioned throughput for the table was"
                                    + " exceeded. Consider increasing your provisioning level with"
                                    + " the UpdateTable API.");
            assertThat(once.getItem(get -> get.tableName(TABLE).key(item("a"))).hasItem()).isTrue();
        }
    }

    @Test
    void transactionsTellThatTheyWereThrottled() {
        create(request -> request.onDemandThroughput(max -> max.maxWriteRequestUnits(1L)));
        try (DynamoDbClient once = client(Region.US_EAST_1)) {
            TransactWriteItem put =
                    TransactWriteItem.builder()
                            .put(each -> each.tableName(TABLE).item(item("a")))
                            .build();
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < BURST_SECONDS; i++) {
                                    once.transactWriteItems(
                                            transaction -> transaction.transactItems(put));
                                }
                            })
                    .isInstanceOfSatisfying(
                            TransactionCanceledException.class,
                            e ->
                                    assertThat(e.cancellationReasons().getFirst().code())
                                            .isEqualTo("ThrottlingError"));
        }
    }

    @Test
    void aPolicyLetsAnotherAccountIn() {
        create(_ -> {});
        aws.dynamodb.putItem(put -> put.tableName(TABLE).item(item("a")));
        assertThatThrownBy(() -> other.dynamodb.getItem(get -> get.tableName(arn()).key(item("a"))))
                .isInstanceOf(DynamoDbException.class)
                .hasMessageContaining("because no resource-based policy allows");

        String revision =
                aws.dynamodb
                        .putResourcePolicy(put ->
                                put.resourceArn(arn())
                                        .policy(
                                                """
                                                {"Version": "2012-10-17", "Statement": [
                                                  {"Effect": "Allow",
                                                   "Principal": {"AWS": "%s"},
                                                   "Action": ["dynamodb:GetItem"],
                                                   "Resource": "%s"}]}
                                                """
                                                        .formatted(other.account(), arn())))
                        .revisionId();

        assertThat(other.dynamodb.getItem(get -> get.tableName(arn()).key(item("a"))).item())
                .isEqualTo(item("a"));
        assertThatThrownBy(
                        () -> other.dynamodb.putItem(put -> put.tableName(arn()).item(item("b"))))
                .isInstanceOf(DynamoDbException.class)
                .hasMessageContaining("not authorized to perform: dynamodb:PutItem");
        aws.dynamodb.deleteResourcePolicy(
                delete -> delete.resourceArn(arn()).expectedRevisionId(revision));
        assertThatThrownBy(() -> aws.dynamodb.getResourcePolicy(get -> get.resourceArn(arn())))
                .isInstanceOf(PolicyNotFoundException.class);
    }

    @Test
    void aTableInTwoRegionsIsOneTable() {
        create(_ -> {});
        aws.dynamodb.putItem(put -> put.tableName(TABLE).item(item("before")));
        aws.dynamodb.updateTable(update ->
                update.tableName(TABLE)
                        .replicaUpdates(
                                ReplicationGroupUpdate.builder()
                                        .create(make -> make.regionName("eu-west-1"))
                                        .build()));
        try (DynamoDbClient away = client(Region.EU_WEST_1)) {
            away.putItem(put -> put.tableName(TABLE).item(item("after")));

            var table = aws.dynamodb.describeTable(ask -> ask.tableName(TABLE)).table();
            assertThat(table.globalTableVersion()).isEqualTo("2019.11.21");
            assertThat(table.replicas())
                    .singleElement()
                    .satisfies(replica -> {
                        assertThat(replica.regionName()).isEqualTo("eu-west-1");
                        assertThat(replica.replicaStatus()).isEqualTo(ReplicaStatus.ACTIVE);
                    });
            assertThat(aws.dynamodb.scan(scan -> scan.tableName(TABLE)).count()).isEqualTo(2);
            assertThat(away.scan(scan -> scan.tableName(TABLE)).count()).isEqualTo(2);

            aws.dynamodb.updateTable(update ->
                    update.tableName(TABLE)
                            .replicaUpdates(
                                    ReplicationGroupUpdate.builder()
                                            .delete(drop -> drop.regionName("eu-west-1"))
                                            .build()));
            assertThat(away.listTables().tableNames()).isEmpty();
            assertThat(aws.dynamodb.scan(scan -> scan.tableName(TABLE)).count()).isEqualTo(2);
        }
    }

    @Test
    void settingsAreToldAsTheyWereAsked() {
        create(request ->
                request.sseSpecification(sse -> sse.enabled(true).sseType(SSEType.KMS))
                        .warmThroughput(warm -> warm.readUnitsPerSecond(13000L)));
        aws.dynamodb.updateContributorInsights(update ->
                update.tableName(TABLE)
                        .contributorInsightsAction(ContributorInsightsAction.ENABLE));
        aws.dynamodb.enableKinesisStreamingDestination(enable ->
                enable.tableName(TABLE)
                        .streamArn("arn:aws:kinesis:us-east-1:" + aws.account() + ":stream/s"));

        var table = aws.dynamodb.describeTable(ask -> ask.tableName(TABLE)).table();
        assertThat(table.sseDescription().status()).isEqualTo(SSEStatus.ENABLED);
        assertThat(table.warmThroughput().readUnitsPerSecond()).isEqualTo(13000);
        assertThat(
                        aws.dynamodb
                                .describeContributorInsights(ask -> ask.tableName(TABLE))
                                .contributorInsightsStatus())
                .isEqualTo(ContributorInsightsStatus.ENABLED);
        assertThat(
                        aws.dynamodb
                                .describeKinesisStreamingDestination(ask -> ask.tableName(TABLE))
                                .kinesisDataStreamDestinations())
                .singleElement()
                .satisfies(destination ->
                        assertThat(destination.destinationStatus())
                                .isEqualTo(DestinationStatus.ENABLE_FAILED));
        assertThat(aws.dynamodb.describeLimits().tableMaxReadCapacityUnits()).isPositive();
        assertThat(List.of(aws.dynamodb.describeEndpoints().endpoints())).isNotEmpty();
    }
}
