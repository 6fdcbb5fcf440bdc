package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/// An ordered key-value space with serializable transactions, in FoundationDB's spirit.
///
/// Keys and values are byte strings; keys are ordered as unsigned bytes. Every implementation
/// passes `StoreContract`, which is the specification. Thread-safe.
///
/// A transaction's body may run more than once (conflicts are retried inside), so it must have no
/// side effect but through its transaction. It must not block on anything but the store, and must
/// not start another transaction.
public interface Store extends AutoCloseable {

    /// A body's result together with the commit sequence number of its transaction. A transaction
    /// that wrote nothing has the number of the newest commit that it could see.
    record Committed<T extends @Nullable Object>(T value, long version) {}

    /// Is told of entries that are put.
    @FunctionalInterface
    interface PutListener {

        /// Runs inside of the commit: it must be brief, and must not block, use the store, change
        /// the arrays or throw.
        ///
        /// @param value as it was given: a stamp in it is not filled in
        void put(byte[] key, byte[] value);
    }

    /// What ends when it is closed.
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /// Runs `body` on one consistent snapshot that contains every write that has returned, and
    /// nothing that could still be lost.
    ///
    /// @throws StoreException when the storage failed or the store is closed
    <T extends @Nullable Object> T read(Function<? super Snapshot, ? extends T> body);

    /// As [#read], on the newest state, of which a part may still be lost. For finding out what to
    /// do next in a transaction, whose answer then waits until all that it saw is durable. Nothing
    /// that this returns may be told to anyone.
    default <T extends @Nullable Object> T peek(Function<? super Snapshot, ? extends T> body) {
        return this.<T>read(body);
    }

    /// Runs `body` as a serializable transaction; **durable when it returns**. When `body` throws,
    /// nothing is written, and the exception reaches the caller only after everything that the body
    /// had seen is durable.
    ///
    /// @throws StoreException when the storage failed or the store is closed; the outcome of the
    ///   transaction is then unknown
    default <T extends @Nullable Object> T write(Function<? super Transaction, ? extends T> body) {
        return this.<T>commit(body).value();
    }

    /// As [#write], and tells the commit sequence number.
    <T extends @Nullable Object> Committed<T> commit(
            Function<? super Transaction, ? extends T> body);

    /// Waits until the commit with this number is durable, and all before it; for who learned of it
    /// by a [Transaction.Claim].
    ///
    /// @throws StoreException when the storage failed or the store is closed; the outcome of the
    ///   commit is then unknown
    default void awaitDurable(long version) {
        commit(Snapshot::version); // sees that commit, and returns when what it saw is durable
    }

    /// Opens a watch on all keys that begin with `prefix`. What becomes visible after this call
    /// returned wakes it; so open the watch first, then read, then wait.
    Watch watch(byte[] prefix);

    /// As [#watch], but woken as soon as a change is committed, while it is being made durable: to
    /// look with [#peek].
    default Watch watchCommits(byte[] prefix) {
        return watch(prefix);
    }

    /// Tells `listener` of each entry that a commit puts at a key with this first byte, commits in
    /// their order, and each before any snapshot shows it: so whoever listens, and then has looked
    /// once with [#peek], knows without a look when there is nothing new. What is told may still be
    /// lost. Additions and deletions are not told.
    Listening listen(int firstByte, PutListener listener);

    /// Waits for transactions that are on their way, then releases the files. Waiters are woken
    /// with a [StoreException].
    @Override
    void close();
}
