package io.millrace.engine;

/// The key that a store's data key is wrapped with; kept outside of the store. Thread-safe.
public interface KeyEncryptionKey {

    /// Wraps the data key of a new store.
    ///
    /// @throws StoreException when there is no key
    byte[] wrap(byte[] dataKey);

    /// Unwraps what [#wrap] gave.
    ///
    /// @throws StoreException when there is no key, or it is not the one that wrapped this; in
    ///   words for people
    byte[] unwrap(byte[] wrapped);
}
