package io.millrace.service.dynamodb.item;

import io.millrace.api.dynamodb.AttributeValue;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// The ten types of attribute values, named as DynamoDB names them.
public enum AttributeType {
    S("STRING"),
    N("NUMBER"),
    B("BINARY"),
    SS("STRING_SET"),
    NS("NUMBER_SET"),
    BS("BINARY_SET"),
    M("MAP"),
    L("LIST"),
    NULL("NULL"),
    BOOL("BOOLEAN");

    private static final Map<String, AttributeType> BY_NAME = new HashMap<>();

    static {
        for (AttributeType type : values()) {
            BY_NAME.put(type.name(), type);
        }
    }

    private final String longName;

    AttributeType(String longName) {
        this.longName = longName;
    }

    public static AttributeType of(AttributeValue value) {
        return switch (value) {
            case AttributeValue.S _ -> S;
            case AttributeValue.N _ -> N;
            case AttributeValue.B _ -> B;
            case AttributeValue.SS _ -> SS;
            case AttributeValue.NS _ -> NS;
            case AttributeValue.BS _ -> BS;
            case AttributeValue.M _ -> M;
            case AttributeValue.L _ -> L;
            case AttributeValue.Null _ -> NULL;
            case AttributeValue.Bool _ -> BOOL;
        };
    }

    /// The type of that name (`S`, `BOOL`), or null.
    public static @Nullable AttributeType named(String name) {
        return BY_NAME.get(name);
    }

    /// Whether values of this type have an order and may be keys: S, N and B.
    public boolean isOrdered() {
        return this == S || this == N || this == B;
    }

    public boolean isSet() {
        return this == SS || this == NS || this == BS;
    }

    /// The name in messages about `ADD` and `DELETE`.
    public String longName() {
        return longName;
    }
}
