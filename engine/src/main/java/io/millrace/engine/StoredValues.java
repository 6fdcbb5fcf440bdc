package io.millrace.engine;

/// How values stand in the files of a store: as they are, or sealed. Thread-safe.
sealed interface StoredValues permits ClearValues, SealedValues {

    /// A stored value into which stamps will be filled.
    ///
    /// @param stampOffset where the stamp belongs, or [Transaction#NO_STAMP]
    /// @param sealNumber for [#stamped]; -1 when that is not needed
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, compared by nobody
    record Stamped(byte[] bytes, int stampOffset, long sealNumber) {}

    /// A stored value that is none, or not of its key.
    final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(String message) {
            super(message);
        }
    }

    /// By how much a stored value is longer at most, its length's bytes included.
    int overheadBytesMax();

    byte[] seal(byte[] key, byte[] value);

    /// As [#seal], for what [Transaction#putStamped] puts.
    Stamped sealStamped(byte[] key, int keyStampOffset, byte[] value, int valueStampOffset);

    /// Ends the sealing of a value whose stamps are now filled in.
    ///
    /// @param sealNumber of [Stamped]
    /// @param end of the value in `bytes`
    void stamped(long sealNumber, long stamp, byte[] bytes, int end);

    /// Takes the argument over.
    byte[] open(byte[] key, byte[] stored) throws UnreadableException;
}
