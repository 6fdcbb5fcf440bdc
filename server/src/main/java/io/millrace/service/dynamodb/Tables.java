package io.millrace.service.dynamodb;

import io.millrace.engine.Bytes;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

/// The tables' records in the store. Stateless but for the codec's cache.
final class Tables {
    private static final ResourceCodec<Table> CODEC = new ResourceCodec<>(Table.class);

    /// What a table or an index holds.
    record Contents(long itemCount, long sizeBytes) {
        static final Contents EMPTY = new Contents(0, 0);
    }

    private Tables() {}

    /// @throws io.millrace.wire.ServiceException when the request that names it may not use it
    static @Nullable Table find(Snapshot tx, TableName name) {
        Table table = CODEC.decodeOrNull(tx.get(name.key()));
        if (name.permission() != null) {
            name.permission().check(tx, name, table);
        }
        return table;
    }

    /// For operations on tables.
    static Table table(Snapshot tx, TableName name) {
        Table table = find(tx, name);
        if (table == null) {
            throw DynamoDbErrors.tableNotFound(name.name());
        }
        return table;
    }

    /// For operations that change tables: only one that is not being created.
    static Table settled(Snapshot tx, TableName name) {
        Table table = table(tx, name);
        if (table.creating()) {
            throw DynamoDbErrors.beingCreated(name.name());
        }
        return table;
    }

    /// For operations on items.
    static Table open(Snapshot tx, TableName name) {
        Table table = find(tx, name);
        if (table == null || table.creating()) {
            throw DynamoDbErrors.notFound();
        }
        return table;
    }

    /// Writes a record, and what it shares with other regions to theirs.
    static void put(Transaction tx, Table table) {
        Replication group = table.features().replication();
        if (group == null || group.member(table.region()) == null) {
            write(tx, table);
        } else {
            Replicas.put(tx, table, group);
        }
    }

    /// Writes this one record.
    static void write(Transaction tx, Table table) {
        tx.put(key(table), CODEC.encode(table));
    }

    static void delete(Transaction tx, Table table) {
        tx.delete(key(table));
    }

    static Table decode(byte[] value) {
        return CODEC.decode(value);
    }

    static Contents contents(Snapshot tx, long space) {
        return new Contents(
                Bytes.counter(tx.get(DynamoDbKeys.itemCount(space))),
                Bytes.counter(tx.get(DynamoDbKeys.sizeBytes(space))));
    }

    /// Counts an item of a table, or an entry of an index, that is replaced by another.
    static void count(
            Transaction tx,
            long space,
            @Nullable StoredItem old,
            @Nullable StoredItem replacement) {
        int items = (replacement == null ? 0 : 1) - (old == null ? 0 : 1);
        if (items != 0) {
            tx.add(DynamoDbKeys.itemCount(space), items);
        }
        int bytes =
                (replacement == null ? 0 : replacement.sizeBytes())
                        - (old == null ? 0 : old.sizeBytes());
        if (bytes != 0) {
            tx.add(DynamoDbKeys.sizeBytes(space), bytes);
        }
    }

    private static byte[] key(Table table) {
        return DynamoDbKeys.table(table.accountId(), table.region(), table.name());
    }
}
