package io.millrace.engine;

import org.jspecify.annotations.Nullable;

/// A serializable transaction. Reads see its own earlier writes, except stamped ones.
///
/// Arguments are kept without copying: do not change an array after passing it.
public interface Transaction extends Snapshot {

    /// Something in memory that one run of a transaction's body has taken, to be settled with it:
    /// exactly one of these two is called, on the thread of the transaction. They must not use the
    /// store, block or throw.
    interface Claim {

        /// The transaction is committed. It may still be lost, so that nobody may be told anything
        /// before [Store#awaitDurable].
        ///
        /// @param version its commit sequence number
        void committed(long version);

        /// The run came to nothing: it will be repeated, or its body threw.
        void released();
    }

    /// "No stamp here", for the offsets of [#putStamped].
    int NO_STAMP = -1;

    void put(byte[] key, byte[] value);

    void delete(byte[] key);

    /// Deletes every key with `from <= key < to`.
    void deleteRange(byte[] from, byte[] to);

    /// Adds `delta` to the counter at `key`, a 64-bit two's complement number in little-endian
    /// order that begins at 0; read it with [Bytes#counter]. Two transactions that add to one
    /// counter do not conflict, unless they read it. Never mix it with [#put] on the same key.
    void add(byte[] key, long delta);

    /// Puts an entry that contains this transaction's commit sequence number: at commit, eight
    /// bytes at each given offset are overwritten with the number, big-endian. At least one offset
    /// is not [#NO_STAMP]. The entry cannot be read in this same transaction. Several stamped keys
    /// of one transaction are told apart by bytes of the caller's, after the stamp.
    void putStamped(byte[] key, int keyStampOffset, byte[] value, int valueStampOffset);

    /// The value of the first entry, in the order in which they were put, that this transaction has
    /// put at a stamped key that begins with `prefix`; null when there is none. Ranges deleted
    /// since do not count, and it takes time with the number of stamped keys.
    byte @Nullable [] firstStamped(byte[] prefix);

    /// Runs `action` when this transaction has become durable, on its thread, before the call of
    /// the store returns; never for a run of the body that was repeated, nor after a crash. It must
    /// not use the store, block or throw.
    void afterCommit(Runnable action);

    /// Settles `claim` with this run of the body.
    void claim(Claim claim);
}
