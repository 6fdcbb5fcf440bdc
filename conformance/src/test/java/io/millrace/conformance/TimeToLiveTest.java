package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Eventually;
import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Time to live through the AWS SDK for Java v2: an expired item stays visible until it is deleted,
/// and is deleted some time later; on AWS within days, here within seconds.
@ExtendWith(MillraceExtension.class)
final class TimeToLiveTest {
    private static final String TABLE = "sessions";

    private final Clients aws;

    TimeToLiveTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @BeforeEach
    void createTable() {
        aws.dynamodb.createTable(request ->
                request.tableName(TABLE)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(
                                AttributeDefinition.builder()
                                        .attributeName("id")
                                        .attributeType(ScalarAttributeType.S)
                                        .build())
                        .keySchema(
                                KeySchemaElement.builder()
                                        .attributeName("id")
                                        .keyType(KeyType.HASH)
                                        .build()));
        aws.dynamodb.waiter().waitUntilTableExists(request -> request.tableName(TABLE));
    }

    @AfterEach
    void close() {
        aws.close();
    }

    private void set(boolean enabled, String attribute) {
        aws.dynamodb.updateTimeToLive(request ->
                request.tableName(TABLE)
                        .timeToLiveSpecification(specification ->
                                specification.enabled(enabled).attributeName(attribute)));
    }

    private void put(String id, long expires) {
        aws.dynamodb.putItem(request ->
                request.tableName(TABLE)
                        .item(
                                Map.of(
                                        "id", AttributeValue.fromS(id),
                                        "expires", AttributeValue.fromN("" + expires))));
    }

    private List<Map<String, AttributeValue>> scan() {
        return aws.dynamodb.scan(request -> request.tableName(TABLE)).items();
    }

    @Test
    void deletesWhatExpiredAndNothingElse() {
        long now = Instant.now().getEpochSecond();
        put("there before", now - 10);
        set(true, "expires");
        put("expired", now - 5);
        put("later", 99_000_000_000L);
        put("too old", 1_000_000_000);

        Eventually.see("the expired ones' end", () -> scan(), left -> left.size() <= 2);
        assertThat(
                        aws.dynamodb
                                .describeTimeToLive(request -> request.tableName(TABLE))
                                .timeToLiveDescription()
                                .timeToLiveStatus())
                .isEqualTo(TimeToLiveStatus.ENABLED);
        assertThat(scan())
                .extracting(item -> item.get("id"))
                .containsExactlyInAnyOrder(
                        AttributeValue.fromS("later"), AttributeValue.fromS("too old"));
    }

    @Test
    void refusesWhatIsSoAlready() {
        assertThatThrownBy(() -> set(false, "expires"))
                .isInstanceOf(DynamoDbException.class)
                .hasMessageContaining("TimeToLive is already disabled");
        set(true, "expires");

        assertThatThrownBy(() -> set(true, "expires"))
                .hasMessageContaining("TimeToLive is already enabled");
        assertThatThrownBy(() -> set(true, "other"))
                .hasMessageContaining(
                        "TimeToLive is active on a different AttributeName: current AttributeName"
                                + " is expires");
        assertThatThrownBy(
                        () -> aws.dynamodb.describeTimeToLive(request -> request.tableName("none")))
                .isInstanceOf(ResourceNotFoundException.class);
    }
}
