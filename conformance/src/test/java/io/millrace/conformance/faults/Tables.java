package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.util.HashMap;
import java.util.Map;

/// Tables whose key is a text named `id`.
final class Tables {

    private Tables() {}

    /// Returns the ARN of its stream, which tells old and new images.
    @SuppressWarnings("unchecked") // arrays of builders' consumers, which the SDK makes of them
    static String create(Clients aws, String table) {
        return aws.dynamodb
                .createTable(request ->
                        request.tableName(table)
                                .billingMode(BillingMode.PAY_PER_REQUEST)
                                .attributeDefinitions(attribute ->
                                        attribute
                                                .attributeName("id")
                                                .attributeType(ScalarAttributeType.S))
                                .keySchema(key -> key.attributeName("id").keyType(KeyType.HASH))
                                .streamSpecification(on ->
                                        on.streamEnabled(true)
                                                .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)))
                .tableDescription()
                .latestStreamArn();
    }

    static Map<String, AttributeValue> key(String id) {
        return Map.of("id", AttributeValue.fromS(id));
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    /// All items by id.
    static Map<String, Map<String, AttributeValue>> scan(Clients aws, String table) {
        Map<String, Map<String, AttributeValue>> items = new HashMap<>();
        aws.dynamodb
                .scanPaginator(request -> request.tableName(table).consistentRead(true))
                .items()
                .forEach(item -> items.put(Clients.attribute(item, "id").s(), item));
        return items;
    }
}
