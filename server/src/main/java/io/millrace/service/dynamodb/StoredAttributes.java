package io.millrace.service.dynamodb;

import io.millrace.api.codec.JsonBytes;
import io.millrace.api.codec.JsonMap;
import io.millrace.api.dynamodb.AttributeValue;

import org.jspecify.annotations.Nullable;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;

/// The attributes of a stored item in an answer: decoded for whoever looks into them, and nobody
/// does who only writes JSON. Not thread-safe.
final class StoredAttributes extends AbstractMap<String, AttributeValue> implements JsonMap {
    private final StoredItem item;

    StoredAttributes(StoredItem item) {
        this.item = item;
    }

    @Override
    public void write(JsonBytes out) {
        item.write(out);
    }

    @Override
    public Set<Map.Entry<String, AttributeValue>> entrySet() {
        return item.attributes().entrySet();
    }

    @Override
    public @Nullable AttributeValue get(Object name) {
        return item.attributes().get(name);
    }

    @Override
    public boolean containsKey(Object name) {
        return item.attributes().containsKey(name);
    }
}
