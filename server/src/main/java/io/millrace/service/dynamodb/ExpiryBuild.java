package io.millrace.service.dynamodb;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.TableJobs.Handler;
import io.millrace.service.dynamodb.TableJobs.Job;
import io.millrace.storage.ResourceCodec;

import java.time.InstantSource;

/// The job that gives the items that a table holds already their expiry entries, when time to live
/// is switched on. Until it is done, the status is `ENABLING`. Items that are written meanwhile get
/// their entries with the write.
final class ExpiryBuild implements Handler {
    static final String KIND = "expiry";

    private static final ResourceCodec<State> CODEC = new ResourceCodec<>(State.class);
    private static final int PAGE_ITEMS = 500;
    private static final int PAGE_BYTES_MAX = 4 << 20;

    /// @param from the item's key that the next page begins with
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record State(String accountId, String region, String tableName, byte[] from) {}

    private final Store store;
    private final InstantSource clock;

    ExpiryBuild(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Begins it, unless the table is empty.
    static void begin(Transaction tx, Table table, TimeToLive timeToLive) {
        byte[] from = items(table);
        try (Cursor cursor = tx.prefix(from)) {
            if (!cursor.next()) {
                return;
            }
        }
        put(tx, id(timeToLive), table, from);
    }

    static void cancel(Transaction tx, TimeToLive timeToLive) {
        TableJobs.remove(tx, KIND, id(timeToLive));
    }

    static boolean isRunning(Snapshot tx, TimeToLive timeToLive) {
        return TableJobs.state(tx, KIND, id(timeToLive)) != null;
    }

    private static String id(TimeToLive timeToLive) {
        return Long.toUnsignedString(timeToLive.number());
    }

    private static byte[] items(Table table) {
        return new KeyWriter(DynamoDbKeys.ITEM).uint64(table.number()).toBytes();
    }

    private static void put(Transaction tx, String id, Table table, byte[] from) {
        State state = new State(table.accountId(), table.region(), table.name(), from);
        TableJobs.put(tx, new Job(KIND, id, CODEC.encode(state)));
    }

    @Override
    public void step(Job job) {
        long nowMillis = clock.millis();
        store.write(tx -> page(tx, job.id(), nowMillis));
    }

    private static boolean page(Transaction tx, String id, long nowMillis) {
        State state = CODEC.decodeOrNull(TableJobs.state(tx, KIND, id));
        if (state == null) {
            return true;
        }
        TableName name = new TableName(state.accountId(), state.region(), state.tableName());
        Table table = Tables.find(tx, name);
        TimeToLive timeToLive = table == null ? null : TimeToLive.active(table);
        if (table == null || timeToLive == null || !id(timeToLive).equals(id)) {
            TableJobs.remove(tx, KIND, id);
            return true;
        }
        byte[] end = Bytes.prefixEnd(items(table));
        int count = 0;
        int bytes = 0;
        try (Cursor cursor = tx.range(state.from(), end, Direction.FORWARD)) {
            while (cursor.next()) {
                if (count == PAGE_ITEMS || bytes > PAGE_BYTES_MAX) {
                    put(tx, id, table, cursor.key());
                    return true;
                }
                StoredItem item = StoredItem.read(cursor.value());
                long second = ExpiryEntries.second(timeToLive, item);
                ExpiryEntries.put(tx, timeToLive, cursor.key(), second, nowMillis);
                count++;
                bytes += item.sizeBytes();
            }
        }
        TableJobs.remove(tx, KIND, id);
        return true;
    }
}
