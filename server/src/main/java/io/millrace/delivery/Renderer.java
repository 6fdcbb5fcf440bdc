package io.millrace.delivery;

/// Makes the texts of one kind of [Rendering]. Always the same from the same parts, over restarts
/// and versions of this program too: receivers compare digests. Called outside of transactions; may
/// be slow. Thread-safe.
public interface Renderer {
    String render(byte[] own, byte[] shared);
}
