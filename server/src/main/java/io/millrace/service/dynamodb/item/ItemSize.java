package io.millrace.service.dynamodb.item;

import io.millrace.api.dynamodb.AttributeValue;

import java.util.List;
import java.util.Map;

/// An item's size as DynamoDB counts it, for limits and for capacity. Source: [item sizes and
/// formats](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
public final class ItemSize {

    private static final int DOCUMENT_OVERHEAD_BYTES = 3;
    private static final int ELEMENT_OVERHEAD_BYTES = 1;

    private ItemSize() {}

    /// Names and values.
    public static int bytes(Map<String, AttributeValue> item) {
        int bytes = 0;
        for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
            bytes += Values.utf8Bytes(attribute.getKey()) + bytes(attribute.getValue());
        }
        return bytes;
    }

    public static int bytes(AttributeValue value) {
        return switch (value) {
            case AttributeValue.S(String text) -> Values.utf8Bytes(text);
            case AttributeValue.N(String text) -> PlainNumber.sizeBytes(text);
            case AttributeValue.B(byte[] bytes) -> bytes.length;
            case AttributeValue.SS(var texts) -> texts.stream().mapToInt(Values::utf8Bytes).sum();
            case AttributeValue.NS(var texts) ->
                    texts.stream().mapToInt(PlainNumber::sizeBytes).sum();
            case AttributeValue.BS(var binaries) ->
                    binaries.stream().mapToInt(bytes -> bytes.length).sum();
            case AttributeValue.M(var map) ->
                    DOCUMENT_OVERHEAD_BYTES + map.size() * ELEMENT_OVERHEAD_BYTES + bytes(map);
            case AttributeValue.L(var list) -> DOCUMENT_OVERHEAD_BYTES + bytes(list);
            case AttributeValue.Null _, AttributeValue.Bool _ -> 1;
        };
    }

    private static int bytes(List<AttributeValue> list) {
        int bytes = list.size() * ELEMENT_OVERHEAD_BYTES;
        for (AttributeValue element : list) {
            bytes += bytes(element);
        }
        return bytes;
    }
}
