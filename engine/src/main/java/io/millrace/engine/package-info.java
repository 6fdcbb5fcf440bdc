/// The store: an ordered key-value space with serializable transactions, and its embedded
/// implementation on RocksDB.
///
/// Promises: a write is durable when it returns; nothing that could still be lost is ever shown;
/// commit sequence numbers are monotonic in visibility; a waiter is woken, never polled. Depends on
/// RocksDB and nothing else; it knows no AWS word. Deliberately missing: column families, secondary
/// indexes, time. Start reading at [Store].
@NullMarked
package io.millrace.engine;

import org.jspecify.annotations.NullMarked;
