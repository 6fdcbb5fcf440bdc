package io.millrace.delivery;

import org.jspecify.annotations.Nullable;

/// A text that is made when somebody reads it, instead of being sent: by the [Renderer] of its
/// kind, from what its recipients share and the little that is a recipient's own.
///
/// Only for text of the characters that queues take, those of XML 1.0: a target cannot see it.
///
/// @param own what differs for each recipient
/// @param shared what they have in common
/// @param payload the same, where it is stored once for all recipients of a transaction; null where
///   each keeps its own
/// @param length how many bytes the text will have in UTF-8
public record Rendering(
        String kind, byte[] own, byte[] shared, @Nullable SharedPayload payload, int length) {

    /// The kind of a text that is shared as it is, in UTF-8.
    public static final String TEXT = "text";

    /// For a recipient that keeps its own copy.
    public Rendering(String kind, byte[] own, byte[] shared, int length) {
        this(kind, own, shared, null, length);
    }

    /// The same with a copy of its own, as it can leave the transaction.
    public Rendering alone() {
        return new Rendering(kind, own, shared, length);
    }
}
