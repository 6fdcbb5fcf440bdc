package io.millrace.service.dynamodb;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.storage.Worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Deletes changes that are older than their tables' owners want them kept, and system backups that
/// have expired.
///
/// What a restore or an export still has to undo is kept as long as it runs. One virtual thread
/// that is parked between passes, and costs a pass an hour only while something will have to go.
final class HistoryTrimmer implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final Duration PAUSE_WITHOUT_HISTORIES = Duration.ofDays(1);
    private static final int PAGE = 100;

    private final Store store;
    private final InstantSource clock;
    private final Worker worker;

    HistoryTrimmer(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.worker =
                new Worker(
                        store,
                        "dynamodb-history-trimmer",
                        new byte[] {DynamoDbKeys.TABLE},
                        this::step);
    }

    void start() {
        worker.start();
    }

    @Override
    public void close() {
        worker.close();
    }

    private void step(Watch changes) throws InterruptedException {
        changes.await(trim() ? PAUSE : PAUSE_WITHOUT_HISTORIES);
    }

    /// One pass, a small transaction for each table and backup; returns whether anything is left
    /// that will have to go.
    boolean trim() {
        boolean left = false;
        byte[] tables = {DynamoDbKeys.TABLE};
        for (byte[] after = tables; after.length > 0; ) { // ends with the last page
            byte[] from = after;
            Page page = store.read(tx -> tables(tx, from));
            for (TableName name : page.tables()) {
                left |= store.write(tx -> trim(tx, name));
            }
            after = page.next();
        }
        byte[] prefix = {DynamoDbKeys.BACKUP};
        for (byte[] after = prefix; after.length > 0; ) { // ends with the last page
            byte[] from = after;
            List<Backup> page = store.read(tx -> Backups.list(tx, from, prefix, PAGE));
            for (Backup backup : page) {
                left |= backup.expiryMillis() != null && !removed(backup);
            }
            after = page.size() < PAGE ? Bytes.EMPTY : Bytes.after(page.getLast().named().key());
        }
        return left;
    }

    /// Tables that have a history.
    ///
    /// @param next where to read on, or empty
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Page(List<TableName> tables, byte[] next) {}

    private static Page tables(Snapshot tx, byte[] from) {
        List<TableName> tables = new ArrayList<>();
        byte[] end = Bytes.prefixEnd(new byte[] {DynamoDbKeys.TABLE});
        int count = 0;
        try (Cursor cursor = tx.range(from, end, Direction.FORWARD)) {
            while (cursor.next()) {
                Table table = Tables.decode(cursor.value());
                if (table.features().pointInTime() != null) {
                    tables.add(new TableName(table.accountId(), table.region(), table.name()));
                }
                if (++count == PAGE) {
                    return new Page(tables, Bytes.after(cursor.key()));
                }
            }
        }
        return new Page(tables, Bytes.EMPTY);
    }

    private boolean trim(Transaction tx, TableName name) {
        Table table = Tables.find(tx, name);
        PointInTime history = table == null ? null : table.features().pointInTime();
        if (table == null || history == null) {
            return false;
        }
        Instant now = clock.instant();
        long oldest = now.minus(Duration.ofDays(history.days())).toEpochMilli();
        for (RunningSnapshot snapshot : table.features().snapshots()) {
            Long boundary = snapshot.boundaryMillis();
            oldest = boundary == null ? oldest : Math.min(oldest, boundary);
        }
        history.history().trim(tx, oldest);
        return true;
    }

    private boolean removed(Backup backup) {
        long now = clock.millis();
        if (!backup.expired(now)) {
            return false;
        }
        return store.write(tx -> {
            Backup current = Backups.find(tx, backup.named());
            if (current != null && current.restoring() == null) {
                Backups.remove(tx, current);
                return true;
            }
            return current == null;
        });
    }
}
