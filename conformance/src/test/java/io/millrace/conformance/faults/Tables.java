package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

import java.util.HashMap;
import java.util.Map;

/// Tables whose key is a text named `id`.
final class Tables {

    private Tables() {}

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
