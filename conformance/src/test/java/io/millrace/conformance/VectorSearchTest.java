package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.Eventually;
import io.millrace.conformance.SignedRequests.Answer;
import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Vector indexes on the wire: AWS keeps the vectors of written items in an index that is declared
/// with the table or later, and finds those nearest to a given one. Items are written by the AWS
/// SDK for Java v2, whose pinned version has no SearchVectors: that goes by signed requests.
@ExtendWith(MillraceExtension.class)
final class VectorSearchTest {
    private static final String DEFINITION =
            """
            {"IndexName": "Embeddings", "VectorAttribute": {"AttributeName": "Embedding"},
             "SearchSchema": [
               {"AttributeName": "Category", "SearchSchemaElementType": "HASH"},
               {"AttributeName": "Brand", "SearchSchemaElementType": "INLINE_FILTER"}],
             "Projection": {"ProjectionType": "ALL"}, "Dimensions": 3,
             "DistanceFunction": "COSINE"}
            """;

    private final Clients aws;
    private final SignedRequests wire;

    VectorSearchTest(MillraceServer server) {
        String account = server.freshAccount();
        this.aws = new Clients(server.endpoint(), account);
        this.wire = new SignedRequests(server.endpoint(), account);
    }

    @AfterEach
    void close() {
        aws.close();
        wire.close();
    }

    private void createTable(String vectorIndexes) throws IOException {
        Answer created =
                wire.dynamodb(
                        "CreateTable",
                        """
                        {"TableName": "Products", "BillingMode": "PAY_PER_REQUEST",
                         "AttributeDefinitions": [
                           {"AttributeName": "Id", "AttributeType": "S"}%s],
                         "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}]%s}
                        """
                                .formatted(
                                        vectorIndexes.isEmpty()
                                                ? ""
                                                : ", {\"AttributeName\": \"Category\","
                                                        + " \"AttributeType\": \"S\"},"
                                                        + " {\"AttributeName\": \"Brand\","
                                                        + " \"AttributeType\": \"S\"}",
                                        vectorIndexes));
        assertThat(created.status()).as(created.toString()).isEqualTo(200);
        aws.dynamodb.waiter().waitUntilTableExists(request -> request.tableName("Products"));
    }

    private void put(String id, String category, String brand, double... vector) {
        aws.dynamodb.putItem(request ->
                request.tableName("Products")
                        .item(
                                Map.of(
                                        "Id",
                                        AttributeValue.fromS(id),
                                        "Category",
                                        AttributeValue.fromS(category),
                                        "Brand",
                                        AttributeValue.fromS(brand),
                                        "Embedding",
                                        AttributeValue.fromL(
                                                Arrays.stream(vector)
                                                        .mapToObj(number ->
                                                                AttributeValue.fromN("" + number))
                                                        .toList()))));
    }

    private Answer search(String condition, String values) throws IOException {
        return wire.dynamodb(
                "SearchVectors",
                """
                {"TableName": "Products", "IndexName": "Embeddings", "TopK": 2,
                 "SearchVector": [{"N": "1"}, {"N": "0"}, {"N": "0"}],
                 "SearchConditionExpression": "%s", "ExpressionAttributeValues": {%s}}
                """
                        .formatted(condition, values));
    }

    /// As AWS advises: a search that works is the sign that the index is ready.
    private List<JsonNode> found(String condition, String values) throws IOException {
        Answer answer =
                Eventually.see(
                        "an index that is ready", // AWS takes minutes
                        () -> search(condition, values),
                        seen -> !seen.toString().contains("vector index"));
        return answer.body().field("SearchResults").orElseThrow().asArray();
    }

    private static String id(JsonNode found) {
        return found.field("Item")
                .flatMap(item -> item.field("Id"))
                .flatMap(id -> id.field("S"))
                .orElseThrow()
                .text();
    }

    private static double score(JsonNode found) {
        return Double.parseDouble(found.field("Score").orElseThrow().asNumber());
    }

    @Test
    void findsTheNearestOfAPartition() throws IOException {
        createTable(", \"VectorIndexes\": [" + DEFINITION + "]");
        put("same", "audio", "Acme", 2, 0, 0);
        put("across", "audio", "Other", 0, 1, 0);
        put("opposite", "audio", "Acme", -1, 0, 0);
        put("elsewhere", "video", "Acme", 1, 0, 0);

        List<JsonNode> audio = found("Category = :c", "\":c\": {\"S\": \"audio\"}");
        List<JsonNode> acme =
                found(
                        "Category = :c AND Brand = :b",
                        "\":c\": {\"S\": \"audio\"}, \":b\": {\"S\": \"Acme\"}");

        assertThat(audio).extracting(VectorSearchTest::id).containsExactly("same", "across");
        assertThat(score(audio.getFirst())).isCloseTo(0, within(1e-6));
        assertThat(score(audio.getLast())).isCloseTo(1, within(1e-6));
        assertThat(acme).extracting(VectorSearchTest::id).containsExactly("same", "opposite");
        assertThat(acme.getFirst().field("Item").orElseThrow().field("Embedding")).isEmpty();
    }

    @Test
    void fillsAnIndexThatIsMadeLater() throws IOException {
        createTable("");
        put("there before", "audio", "Acme", 1, 0, 0);

        Answer updated =
                wire.dynamodb(
                        "UpdateTable",
                        """
                        {"TableName": "Products", "AttributeDefinitions": [
                           {"AttributeName": "Category", "AttributeType": "S"},
                           {"AttributeName": "Brand", "AttributeType": "S"}],
                         "VectorIndexUpdates": [{"Create": %s}]}
                        """
                                .formatted(DEFINITION));

        assertThat(updated.status()).as(updated.toString()).isEqualTo(200);
        assertThat(found("Category = :c", "\":c\": {\"S\": \"audio\"}"))
                .extracting(VectorSearchTest::id)
                .containsExactly("there before");
    }

    @Test
    void refusesWhatItCannotSearch() throws IOException {
        createTable(", \"VectorIndexes\": [" + DEFINITION + "]");

        Answer comparison = search("Category > :c", "\":c\": {\"S\": \"audio\"}");

        assertThat(comparison.status()).isEqualTo(400);
        assertThat(comparison.text("message"))
                .isEqualTo(
                        "Invalid SearchConditionExpression: Invalid comparator used in"
                                + " SearchConditionExpression");
    }
}
