package io.millrace.service.dynamodb.expression;

import io.millrace.engine.Bytes;

/// A range of store keys.
///
/// @param from the first key in it
/// @param to the first key behind it
public record KeyRange(byte[] from, byte[] to) {

    /// All keys that begin with the prefix.
    public static KeyRange all(byte[] prefix) {
        return new KeyRange(prefix, Bytes.prefixEnd(prefix));
    }
}
