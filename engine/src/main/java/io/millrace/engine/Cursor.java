package io.millrace.engine;

/// A position in a range; begins before the first entry.
///
/// ```java
/// try (Cursor cursor = tx.prefix(prefix)) {
///     while (cursor.next()) {
///         use(cursor.key(), cursor.value());
///     }
/// }
/// ```
public interface Cursor extends AutoCloseable {

    /// Moves to the next entry; false at the end of the range, where it stays.
    boolean next();

    /// The entry's key. The array is the caller's.
    byte[] key();

    /// The entry's value. The array is the caller's.
    byte[] value();

    @Override
    void close();
}
