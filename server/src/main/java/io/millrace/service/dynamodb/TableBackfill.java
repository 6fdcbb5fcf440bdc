package io.millrace.service.dynamodb;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.log.Log;
import io.millrace.service.dynamodb.TableJobs.Handler;
import io.millrace.service.dynamodb.TableJobs.Job;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

/// Takes all items of a table into something that is derived from them, such as a new index, page
/// by page, while writes go on. A kind of job: see [TableJobs].
///
/// The other half is the writers': from the transaction on that puts the target into the table's
/// record and calls [#begin], every write has to follow the item's change in the target, whether
/// the backfill has been there or not. A page reads its items in its own transaction, so it
/// conflicts with a write to one of them, and whichever is second sees what the first has done. A
/// page that conflicts is tried again smaller, so that it cannot stand in the way of a busy table.
///
/// @param <T> what the items are taken into
final class TableBackfill<T> implements Handler {
    private static final Log LOG = Log.of(TableBackfill.class);
    private static final ResourceCodec<Progress> CODEC = new ResourceCodec<>(Progress.class);
    private static final int PAGE_ITEMS = 256;
    private static final long PAGE_BYTES = 1024 * 1024;

    /// What items are taken into. Called in a page's transaction, which may run several times.
    ///
    /// @param <T> as above
    interface Target<T> {

        /// The target of that id, or null when it is gone, which ends the job.
        @Nullable T find(Table table, String id);

        /// Takes in an item as it is now; a write may have done so before.
        ///
        /// @param key the item's key in the store
        /// @return false when the item cannot stand there, which is counted
        boolean take(Transaction tx, Table table, T target, byte[] key, StoredItem item);

        /// All items have been taken in.
        void finish(Transaction tx, Table table, T target);
    }

    /// How far a job came.
    ///
    /// @param number of the table's space: another table of its name is not meant
    /// @param last the key of the last item that was taken in; null before the first
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Progress(
            String accountId,
            String region,
            String table,
            long number,
            byte @Nullable [] last,
            long taken,
            long unfit) {

        private Progress behind(byte[] key, long takenNow, long unfitNow) {
            return new Progress(
                    accountId, region, table, number, key, taken + takenNow, unfit + unfitNow);
        }
    }

    private final Store store;
    private final String kind;
    private final Target<T> target;

    TableBackfill(Store store, String kind, Target<T> target) {
        this.store = store;
        this.kind = kind;
        this.target = target;
    }

    /// Begins a backfill, in the transaction that makes its target known to the writers.
    ///
    /// @param id the target's, never used twice
    static void begin(Transaction tx, String kind, Table table, String id) {
        Progress progress =
                new Progress(
                        table.accountId(),
                        table.region(),
                        table.name(),
                        table.number(),
                        null,
                        0,
                        0);
        TableJobs.put(tx, new Job(kind, id, CODEC.encode(progress)));
    }

    @Override
    public void step(Job job) {
        Page page = new Page(job.id());
        Progress finished = store.<@Nullable Progress>write(tx -> page.run(tx));
        if (finished != null) {
            LOG.info(
                    "A table's items have been taken in",
                    "kind",
                    kind,
                    "table",
                    finished.table(),
                    "items",
                    finished.taken(),
                    "unfit",
                    finished.unfit());
        }
    }

    /// One step. Remembers over the runs of its transaction only how often it ran.
    private final class Page {
        private final String id;
        private int itemsMax = 2 * PAGE_ITEMS;

        private Page(String id) {
            this.id = id;
        }

        /// What there is to tell, when it was the last page.
        private @Nullable Progress run(Transaction tx) {
            itemsMax = Math.max(1, itemsMax / 2);
            byte[] state = TableJobs.state(tx, kind, id);
            if (state == null) {
                return null;
            }
            Progress progress = CODEC.decode(state);
            TableName name =
                    new TableName(progress.accountId(), progress.region(), progress.table());
            Table table = Tables.find(tx, name);
            T found =
                    table == null || table.number() != progress.number()
                            ? null
                            : target.find(table, id);
            if (table == null || found == null) {
                TableJobs.remove(tx, kind, id);
                return null;
            }
            return take(tx, table, found, progress);
        }

        private @Nullable Progress take(Transaction tx, Table table, T found, Progress progress) {
            byte[] space = new KeyWriter(DynamoDbKeys.ITEM).uint64(table.number()).toBytes();
            byte[] from = progress.last() == null ? space : Bytes.after(progress.last());
            byte[] last = from;
            int taken = 0;
            int unfit = 0;
            long bytes = 0;
            boolean more = false;
            try (Cursor cursor = tx.range(from, Bytes.prefixEnd(space), Direction.FORWARD)) {
                while (!more && cursor.next()) {
                    last = cursor.key();
                    bytes += cursor.value().length;
                    StoredItem item = StoredItem.read(cursor.value());
                    unfit += target.take(tx, table, found, last, item) ? 0 : 1;
                    taken++;
                    more = taken == itemsMax || bytes >= PAGE_BYTES;
                }
            }
            Progress now = progress.behind(last, taken, unfit);
            if (more) {
                TableJobs.put(tx, new Job(kind, id, CODEC.encode(now)));
                return null;
            }
            TableJobs.remove(tx, kind, id);
            target.finish(tx, table, found);
            return now;
        }
    }
}
