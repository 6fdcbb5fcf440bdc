package io.millrace.service.dynamodb.expression;

import static io.millrace.engine.Bytes.prefixEnd;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.KeyCodec;
import io.millrace.service.dynamodb.item.Values;

import java.util.Arrays;
import java.util.List;

/// A condition on one key attribute. Its values are strings, numbers or binaries, once
/// [KeyConditionExpression#on] has checked them.
public sealed interface SortCondition {

    record Equal(AttributeValue value) implements SortCondition {}

    record Less(AttributeValue bound) implements SortCondition {}

    record AtMost(AttributeValue bound) implements SortCondition {}

    record Greater(AttributeValue bound) implements SortCondition {}

    record AtLeast(AttributeValue bound) implements SortCondition {}

    /// Both bounds included.
    record Between(AttributeValue low, AttributeValue high) implements SortCondition {}

    record BeginsWith(AttributeValue prefix) implements SortCondition {}

    /// What no index serves; refused when the table is known.
    record NotIndexable(List<AttributeValue> given) implements SortCondition {}

    default List<AttributeValue> values() {
        return switch (this) {
            case Equal(AttributeValue value) -> List.of(value);
            case Less(AttributeValue bound) -> List.of(bound);
            case AtMost(AttributeValue bound) -> List.of(bound);
            case Greater(AttributeValue bound) -> List.of(bound);
            case AtLeast(AttributeValue bound) -> List.of(bound);
            case Between(AttributeValue low, AttributeValue high) -> List.of(low, high);
            case BeginsWith(AttributeValue prefix) -> List.of(prefix);
            case NotIndexable(List<AttributeValue> given) -> given;
        };
    }

    /// Whether a key value meets the condition: what [#range] finds, for a single value.
    default boolean matches(AttributeValue key) {
        return switch (this) {
            case Equal(AttributeValue value) -> Values.equal(key, value);
            case Less(AttributeValue bound) -> order(key, bound, -1, -1);
            case AtMost(AttributeValue bound) -> order(key, bound, -1, 0);
            case Greater(AttributeValue bound) -> order(key, bound, 1, 1);
            case AtLeast(AttributeValue bound) -> order(key, bound, 0, 1);
            case Between(AttributeValue low, AttributeValue high) ->
                    order(key, low, 0, 1) && order(key, high, -1, 0);
            case BeginsWith(AttributeValue prefix) -> Condition.BeginsWith.begins(key, prefix);
            case NotIndexable _ -> throw new IllegalStateException("has been refused");
        };
    }

    /// The store keys that begin with `prefix` and go on with a value that meets the condition, as
    /// [KeyCodec] writes it, whatever follows it.
    default KeyRange range(byte[] prefix) {
        return switch (this) {
            case Equal(AttributeValue value) -> KeyRange.all(key(prefix, value));
            case Less(AttributeValue bound) -> new KeyRange(prefix, key(prefix, bound));
            case AtMost(AttributeValue bound) ->
                    new KeyRange(prefix, prefixEnd(key(prefix, bound)));
            case Greater(AttributeValue bound) ->
                    new KeyRange(prefixEnd(key(prefix, bound)), prefixEnd(prefix));
            case AtLeast(AttributeValue bound) ->
                    new KeyRange(key(prefix, bound), prefixEnd(prefix));
            case Between(AttributeValue low, AttributeValue high) ->
                    new KeyRange(key(prefix, low), prefixEnd(key(prefix, high)));
            case BeginsWith(AttributeValue value) ->
                    KeyRange.all(joined(prefix, KeyCodec.prefix(value)));
            case NotIndexable _ -> throw new IllegalStateException("has been refused");
        };
    }

    private static boolean order(AttributeValue key, AttributeValue bound, int least, int most) {
        Integer order = Values.compare(key, bound);
        return order != null && Integer.signum(order) >= least && Integer.signum(order) <= most;
    }

    private static byte[] key(byte[] prefix, AttributeValue value) {
        return joined(prefix, KeyCodec.bytes(value));
    }

    private static byte[] joined(byte[] prefix, byte[] rest) {
        byte[] key = Arrays.copyOf(prefix, prefix.length + rest.length);
        System.arraycopy(rest, 0, key, prefix.length, rest.length);
        return key;
    }
}
