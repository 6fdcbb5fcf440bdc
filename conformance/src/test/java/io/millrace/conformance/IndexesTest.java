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
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

import java.util.List;
import java.util.Map;

/// Global indexes of a table in use: AWS tells a new index as `CREATING` until it is filled with
/// the items that were there, then answers from it; a removed one is gone. Keys may have several
/// attributes.
@ExtendWith(MillraceExtension.class)
final class IndexesTest {
    private static final String TABLE = "games";
    private static final String INDEX = "by-cup";

    private final Clients aws;

    IndexesTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @BeforeEach
    void createTable() {
        aws.dynamodb.createTable(request ->
                request.tableName(TABLE)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(definition("id", ScalarAttributeType.S))
                        .keySchema(key("id", KeyType.HASH)));
        aws.dynamodb.waiter().waitUntilTableExists(request -> request.tableName(TABLE));
    }

    @AfterEach
    void close() {
        aws.close();
    }

    private static AttributeDefinition definition(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static GlobalSecondaryIndexUpdate creation() {
        return GlobalSecondaryIndexUpdate.builder()
                .create(index ->
                        index.indexName(INDEX)
                                .projection(
                                        projection -> projection.projectionType(ProjectionType.ALL))
                                .keySchema(
                                        key("cup", KeyType.HASH),
                                        key("region", KeyType.HASH),
                                        key("round", KeyType.RANGE)))
                .build();
    }

    private static UpdateTableRequest.Builder create(UpdateTableRequest.Builder request) {
        return request.tableName(TABLE)
                .attributeDefinitions(
                        definition("cup", ScalarAttributeType.S),
                        definition("region", ScalarAttributeType.S),
                        definition("round", ScalarAttributeType.N))
                .globalSecondaryIndexUpdates(creation());
    }

    private void put(String id, String region, int round) {
        aws.dynamodb.putItem(request ->
                request.tableName(TABLE)
                        .item(
                                Map.of(
                                        "id", AttributeValue.fromS(id),
                                        "cup", AttributeValue.fromS("summer"),
                                        "region", AttributeValue.fromS(region),
                                        "round", AttributeValue.fromN("" + round))));
    }

    private TableDescription table() {
        return aws.dynamodb.describeTable(request -> request.tableName(TABLE)).table();
    }

    private void awaitIndex() {
        Eventually.see(
                "an index that is filled",
                () -> table().globalSecondaryIndexes().getFirst().indexStatus(),
                status -> status == IndexStatus.ACTIVE);
    }

    @Test
    void aNewIndexHoldsWhatWasThereAndWhatCame() {
        put("a", "west", 2);
        put("b", "west", 1);
        put("c", "east", 1);

        TableDescription answer = aws.dynamodb.updateTable(r -> create(r)).tableDescription();
        put("d", "west", 10);
        awaitIndex();

        assertThat(answer.tableStatus()).isEqualTo(TableStatus.UPDATING);
        GlobalSecondaryIndexDescription index = answer.globalSecondaryIndexes().getFirst();
        assertThat(index.indexStatus()).isEqualTo(IndexStatus.CREATING);
        assertThat(index.backfilling()).isFalse();
        List<String> found =
                aws
                        .dynamodb
                        .queryPaginator(request ->
                                request.tableName(TABLE)
                                        .indexName(INDEX)
                                        .limit(2)
                                        .keyConditionExpression(
                                                "cup = :c AND #r = :r AND round > :n")
                                        .expressionAttributeNames(Map.of("#r", "region"))
                                        .expressionAttributeValues(
                                                Map.of(
                                                        ":c", AttributeValue.fromS("summer"),
                                                        ":r", AttributeValue.fromS("west"),
                                                        ":n", AttributeValue.fromN("0"))))
                        .items()
                        .stream()
                        .map(item -> Clients.attribute(item, "id").s())
                        .toList();
        assertThat(found).containsExactly("b", "a", "d");
    }

    @Test
    void aRemovedIndexIsGone() {
        aws.dynamodb.updateTable(r -> create(r));
        awaitIndex();

        aws.dynamodb.updateTable(request ->
                request.tableName(TABLE)
                        .globalSecondaryIndexUpdates(
                                GlobalSecondaryIndexUpdate.builder()
                                        .delete(index -> index.indexName(INDEX))
                                        .build()));
        Eventually.see("the index's end", this::table, table -> !table.hasGlobalSecondaryIndexes());

        assertThat(table().attributeDefinitions())
                .containsExactly(definition("id", ScalarAttributeType.S));
        assertThatThrownBy(() ->
                        aws.dynamodb.updateTable(request ->
                                request.tableName(TABLE)
                                        .globalSecondaryIndexUpdates(
                                                GlobalSecondaryIndexUpdate.builder()
                                                        .delete(i -> i.indexName(INDEX))
                                                        .build())))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Requested resource not found: Index by-cup for table games");
    }
}
