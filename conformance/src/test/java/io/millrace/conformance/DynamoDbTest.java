package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// DynamoDB through the AWS SDK for Java v2: what goes in comes out, in order, and what is refused
/// is refused in AWS's words.
@ExtendWith(MillraceExtension.class)
final class DynamoDbTest {

    private static final String TABLE = "things";

    private final Clients aws;

    DynamoDbTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @BeforeEach
    void createTable() {
        create(TABLE, ScalarAttributeType.N);
    }

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void describesAndListsATable() {
        var table = aws.dynamodb.describeTable(request -> request.tableName(TABLE)).table();

        assertThat(table.tableStatus()).isEqualTo(TableStatus.ACTIVE);
        assertThat(table.tableArn())
                .isEqualTo("arn:aws:dynamodb:us-east-1:" + aws.account() + ":table/" + TABLE);
        assertThat(aws.dynamodb.listTables().tableNames()).containsExactly(TABLE);
    }

    @Test
    void refusesATableTwice() {
        assertThatThrownBy(() -> create(TABLE, ScalarAttributeType.N))
                .isInstanceOf(ResourceInUseException.class)
                .hasMessageContaining("Table already exists: " + TABLE);
    }

    @Test
    void keepsAllTenAttributeTypes() {
        Map<String, AttributeValue> item = new HashMap<>(key("a", 1));
        item.put("s", AttributeValue.fromS("text \u0000 ü 🚀"));
        item.put("n", AttributeValue.fromN("12345678901234567890123456789012345678"));
        item.put("b", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, 1, -1})));
        item.put("bool", AttributeValue.fromBool(true));
        item.put("null", AttributeValue.fromNul(true));
        item.put("ss", AttributeValue.fromSs(List.of("a", "b")));
        item.put("ns", AttributeValue.fromNs(List.of("1", "2.5")));
        item.put("bs", AttributeValue.fromBs(List.of(SdkBytes.fromUtf8String("x"))));
        item.put(
                "l",
                AttributeValue.fromL(
                        List.of(AttributeValue.fromS(""), AttributeValue.fromN("-0.5"))));
        item.put("m", AttributeValue.fromM(Map.of("k", AttributeValue.fromL(List.of()))));

        aws.dynamodb.putItem(request -> request.tableName(TABLE).item(item));

        var read = aws.dynamodb.getItem(request -> request.tableName(TABLE).key(key("a", 1)));
        Map<String, AttributeValue> found = new HashMap<>(read.item());
        assertThat(Clients.attribute(found, "ss").ss()).containsExactlyInAnyOrder("a", "b");
        assertThat(Clients.attribute(found, "ns").ns()).containsExactlyInAnyOrder("1", "2.5");
        List.of("ss", "ns")
                .forEach(name -> {
                    found.remove(name);
                    item.remove(name);
                });
        assertThat(found).isEqualTo(item);
    }

    @Test
    void sortsNumbersAsNumbers() {
        List<String> numbers = List.of("-100", "-1.5", "0", "3E-5", "2", "10", "1E20");
        for (String number : numbers.reversed()) {
            aws.dynamodb.putItem(request -> request.tableName(TABLE).item(key("n", number)));
        }

        List<String> forward = sortKeys("n", true);

        assertThat(forward)
                .containsExactly(
                        "-100", "-1.5", "0", "0.00003", "2", "10", "100000000000000000000");
        assertThat(sortKeys("n", false)).isEqualTo(forward.reversed());
    }

    @Test
    void sortsStringsByTheirUtf8Bytes() {
        create("strings", ScalarAttributeType.S);
        // in UTF-16 order the astral character would come before U+FF5E
        List<String> inOrder = List.of("", "a", "a\u0000b", "ab", "é", "\uff5e", "😀");
        for (String text : inOrder.subList(1, inOrder.size()).reversed()) {
            aws.dynamodb.putItem(request ->
                    request.tableName("strings")
                            .item(
                                    Map.of(
                                            "pk",
                                            AttributeValue.fromS("p"),
                                            "sk",
                                            AttributeValue.fromS(text))));
        }

        var found =
                aws.dynamodb.query(request ->
                        request.tableName("strings")
                                .keyConditionExpression("pk = :p")
                                .expressionAttributeValues(
                                        Map.of(":p", AttributeValue.fromS("p"))));

        assertThat(found.items())
                .extracting(item -> Clients.attribute(item, "sk").s())
                .isEqualTo(inOrder.subList(1, inOrder.size()));
    }

    @Test
    void updatesByExpressionAndTellsWhatChanged() {
        aws.dynamodb.putItem(request ->
                request.tableName(TABLE)
                        .item(with(key("u", 1), "count", AttributeValue.fromN("1"))));

        UpdateItemResponse updated =
                aws.dynamodb.updateItem(request ->
                        request.tableName(TABLE)
                                .key(key("u", 1))
                                .updateExpression(
                                        "SET #c = #c + :one, tags ="
                                                + " list_append(if_not_exists(tags,"
                                                + " :none), :more)")
                                .conditionExpression("#c = :one")
                                .expressionAttributeNames(Map.of("#c", "count"))
                                .expressionAttributeValues(
                                        Map.of(
                                                ":one",
                                                AttributeValue.fromN("1"),
                                                ":none",
                                                AttributeValue.fromL(List.of()),
                                                ":more",
                                                AttributeValue.fromL(
                                                        List.of(AttributeValue.fromS("x")))))
                                .returnValues(ReturnValue.UPDATED_NEW));

        assertThat(updated.attributes())
                .isEqualTo(
                        Map.of(
                                "count",
                                AttributeValue.fromN("2"),
                                "tags",
                                AttributeValue.fromL(List.of(AttributeValue.fromS("x")))));
    }

    @Test
    void refusesAFailedConditionAndChangesNothing() {
        aws.dynamodb.putItem(request -> request.tableName(TABLE).item(key("c", 1)));

        assertThatThrownBy(() ->
                        aws.dynamodb.putItem(request ->
                                request.tableName(TABLE)
                                        .item(with(key("c", 1), "x", AttributeValue.fromS("y")))
                                        .conditionExpression("attribute_not_exists(pk)")))
                .isInstanceOf(ConditionalCheckFailedException.class)
                .hasMessageContaining("The conditional request failed");
        assertThat(
                        aws.dynamodb
                                .getItem(request -> request.tableName(TABLE).key(key("c", 1)))
                                .item())
                .isEqualTo(key("c", 1));
    }

    @Test
    void pagesThroughAQuery() {
        for (int i = 0; i < 25; i++) {
            int number = i;
            aws.dynamodb.putItem(request -> request.tableName(TABLE).item(key("p", number)));
        }

        List<String> found = new ArrayList<>();
        List<Integer> pages = new ArrayList<>();
        aws.dynamodb
                .queryPaginator(request ->
                        request.tableName(TABLE)
                                .limit(10)
                                .keyConditionExpression("pk = :p")
                                .expressionAttributeValues(Map.of(":p", AttributeValue.fromS("p"))))
                .forEach(page -> {
                    pages.add(page.count());
                    page.items().forEach(item -> found.add(Clients.attribute(item, "sk").n()));
                });

        assertThat(found).isEqualTo(IntStream.range(0, 25).mapToObj(Integer::toString).toList());
        assertThat(pages).containsExactly(10, 10, 5);
    }

    @Test
    void writesAndReadsBatches() {
        List<WriteRequest> writes =
                IntStream.range(0, 25)
                        .mapToObj(i ->
                                WriteRequest.builder()
                                        .putRequest(PutRequest.builder().item(key("b", i)).build())
                                        .build())
                        .toList();

        aws.dynamodb.batchWriteItem(request -> request.requestItems(Map.of(TABLE, writes)));

        var read =
                aws.dynamodb.batchGetItem(request ->
                        request.requestItems(
                                Map.of(
                                        TABLE,
                                        KeysAndAttributes.builder()
                                                .keys(List.of(key("b", 3), key("b", 99)))
                                                .build())));
        assertThat(read.responses().get(TABLE)).containsExactly(key("b", 3));
        var scanned = aws.dynamodb.scan(request -> request.tableName(TABLE)).items();
        assertThat(scanned).hasSize(25);
        assertThat(
                        scanned.stream()
                                .map(item -> Clients.attribute(item, "sk").n())
                                .sorted(numerically())
                                .toList())
                .startsWith("0", "1", "2");
    }

    @Test
    void refusesBadRequestsInTheWordsOfAws() {
        assertThatThrownBy(() ->
                        aws.dynamodb.putItem(request ->
                                request.tableName(TABLE)
                                        .item(Map.of("pk", AttributeValue.fromS("x")))))
                .isInstanceOf(DynamoDbException.class)
                .hasMessageContaining(
                        "One or more parameter values were invalid: Missing the key sk in the item");
        assertThatThrownBy(() ->
                        aws.dynamodb.getItem(
                                request -> request.tableName("absent").key(key("a", 1))))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Requested resource not found");
    }

    @Test
    void deletesATable() {
        aws.dynamodb.deleteTable(request -> request.tableName(TABLE));
        aws.dynamodb.waiter().waitUntilTableNotExists(request -> request.tableName(TABLE));
        create(TABLE, ScalarAttributeType.N);

        assertThat(aws.dynamodb.scan(request -> request.tableName(TABLE)).count()).isZero();
    }

    private void create(String name, ScalarAttributeType sortKeyType) {
        aws.dynamodb.createTable(request ->
                request.tableName(name)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(
                                attribute("pk", ScalarAttributeType.S),
                                attribute("sk", sortKeyType))
                        .keySchema(
                                KeySchemaElement.builder()
                                        .attributeName("pk")
                                        .keyType(KeyType.HASH)
                                        .build(),
                                KeySchemaElement.builder()
                                        .attributeName("sk")
                                        .keyType(KeyType.RANGE)
                                        .build()));
        aws.dynamodb.waiter().waitUntilTableExists(request -> request.tableName(name));
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
    }

    private List<String> sortKeys(String partition, boolean forward) {
        return aws
                .dynamodb
                .query(request ->
                        request.tableName(TABLE)
                                .scanIndexForward(forward)
                                .keyConditionExpression("pk = :p")
                                .expressionAttributeValues(
                                        Map.of(":p", AttributeValue.fromS(partition))))
                .items()
                .stream()
                .map(item -> Clients.attribute(item, "sk").n())
                .toList();
    }

    private static Map<String, AttributeValue> key(String partition, int sort) {
        return key(partition, Integer.toString(sort));
    }

    private static Map<String, AttributeValue> key(String partition, String sort) {
        return Map.of("pk", AttributeValue.fromS(partition), "sk", AttributeValue.fromN(sort));
    }

    private static Map<String, AttributeValue> with(
            Map<String, AttributeValue> item, String name, AttributeValue value) {
        Map<String, AttributeValue> more = new HashMap<>(item);
        more.put(name, value);
        return more;
    }

    private static Comparator<String> numerically() {
        return Comparator.comparingInt(Integer::parseInt);
    }
}
