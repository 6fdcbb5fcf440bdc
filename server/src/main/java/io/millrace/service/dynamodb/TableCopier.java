package io.millrace.service.dynamodb;

import io.millrace.engine.Bytes;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.ItemPage.Entry;
import io.millrace.service.dynamodb.TableCopy.Phase;
import io.millrace.stream.Position;
import io.millrace.stream.StreamLog;
import io.millrace.stream.TableChange;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Takes consistent copies of tables, page by page, while the tables are written to.
///
/// The transaction that begins a copy notes it in the table's record, which every write reads. From
/// then on, the first change of an item saves in the copy what the item was, or that it was not
/// there ([#save]); the copier walks over the table and puts what nobody saved. So the copy is the
/// table at exactly that commit, whichever way the two interleave: whoever comes first at an item
/// leaves the same value, and the second finds it there. Pages are read outside the transactions
/// that write them, so that copier and writers conflict on single items only, and at most once for
/// each.
///
/// For an earlier moment, the changes since then are undone in the copy, newest first, so that what
/// remains for each item is what its first change replaced. That a writer saves an item into the
/// copy meanwhile does no harm: it saves only where the copy has nothing, and undoing overwrites
/// it.
///
/// Stateless; each step is one transaction, and doing one again does no harm.
final class TableCopier {
    private static final int UNDO_COUNT_MAX = 2_000;
    private static final int UNDO_BYTES_MAX = 1024 * 1024;

    /// Keeps how far a copy came, in the transaction of the step.
    @FunctionalInterface
    interface Progress {

        /// False when nobody wants the copy any more; then the step writes nothing.
        boolean save(Transaction tx, TableCopy copy);
    }

    private final Store store;

    TableCopier(Store store) {
        this.store = store;
    }

    /// Begins a copy: what changes after this transaction is not in it.
    static void begin(Transaction tx, Table table, TableCopy copy) {
        add(tx, table, new RunningSnapshot(copy.space(), copy.boundaryMillis()));
    }

    /// Keeps the history since a moment, for who only reads that, until [#release].
    static void hold(Transaction tx, Table table, long sinceMillis) {
        add(tx, table, new RunningSnapshot(RunningSnapshot.NO_SPACE, sinceMillis));
    }

    private static void add(Transaction tx, Table table, RunningSnapshot snapshot) {
        List<RunningSnapshot> running = new ArrayList<>(table.features().snapshots());
        if (running.size() >= DynamoDbLimits.SNAPSHOTS_MAX) {
            throw DynamoDbErrors.tooManyCopies(table.name());
        }
        running.add(snapshot);
        Tables.put(tx, table.with(table.features().withSnapshots(running)));
    }

    /// Ends a copy, wherever it is.
    static void end(Transaction tx, TableCopy copy) {
        Table table = Tables.find(tx, copy.name());
        if (table != null && table.number() == copy.source()) {
            remove(tx, table, new RunningSnapshot(copy.space(), copy.boundaryMillis()));
        }
    }

    static void release(Transaction tx, TableName name, long sinceMillis) {
        Table table = Tables.find(tx, name);
        if (table != null) {
            remove(tx, table, new RunningSnapshot(RunningSnapshot.NO_SPACE, sinceMillis));
        }
    }

    private static void remove(Transaction tx, Table table, RunningSnapshot snapshot) {
        List<RunningSnapshot> running = new ArrayList<>(table.features().snapshots());
        if (running.remove(snapshot)) {
            Tables.put(tx, table.with(table.features().withSnapshots(running)));
        }
    }

    /// Saves what an item is before it changes, in the copies that are being taken.
    ///
    /// @param key the item's
    static void save(Transaction tx, Table table, byte[] key, @Nullable StoredItem old) {
        for (RunningSnapshot snapshot : table.features().snapshots()) {
            if (snapshot.number() == RunningSnapshot.NO_SPACE) {
                continue;
            }
            byte[] saved = DynamoDbKeys.item(snapshot.number(), DynamoDbKeys.behindSpace(key));
            if (tx.get(saved) == null) {
                tx.put(saved, old == null ? Bytes.EMPTY : old.value());
            }
        }
    }

    /// Goes on with a copy that is not done.
    void step(TableCopy copy, Progress progress) {
        switch (copy.phase()) {
            case COPY -> copyPage(copy, progress);
            case UNDO -> undoPage(copy, progress);
            case DONE -> throw new IllegalStateException("a copy that is done");
        }
    }

    private void copyPage(TableCopy copy, Progress progress) {
        ItemPage page = store.read(tx -> ItemPage.read(tx, copy.source(), copy.cursor()));
        byte[] nextItem = page.next();
        Phase following = copy.boundaryMillis() == null ? Phase.DONE : Phase.UNDO;
        TableCopy next = nextItem == null ? copy.in(following) : copy.at(nextItem);
        store.write(tx -> {
            if (progress.save(tx, next)) {
                for (Entry entry : page.entries()) {
                    byte[] key = DynamoDbKeys.item(copy.space(), entry.rest());
                    if (tx.get(key) == null) {
                        tx.put(key, entry.value());
                    }
                }
                endIfDone(tx, next);
            }
            return true;
        });
    }

    private void undoPage(TableCopy asked, Progress progress) {
        TableCopy copy = asked.from() == null ? store.read(tx -> bounded(tx, asked)) : asked;
        Position from = copy.from();
        Position before = copy.before();
        if (from == null || before == null) {
            throw new IllegalStateException("a copy without bounds");
        }
        StreamLog log = new StreamLog(copy.log(), 0);
        StreamLog.Page page =
                store.read(tx -> log.readBack(tx, before, from, UNDO_COUNT_MAX, UNDO_BYTES_MAX));
        Position nextBefore = page.next();
        TableCopy next = nextBefore == null ? copy.in(Phase.DONE) : copy.undoing(from, nextBefore);
        store.write(tx -> {
            if (progress.save(tx, next)) {
                for (StreamLog.Entry entry : page.entries()) {
                    TableChange change = TableChange.read(entry.payload());
                    byte[] old = change.oldImage();
                    byte[] key = DynamoDbKeys.item(copy.space(), change.keys());
                    tx.put(key, old == null ? Bytes.EMPTY : old);
                }
                endIfDone(tx, next);
            }
            return true;
        });
    }

    private static TableCopy bounded(Snapshot tx, TableCopy copy) {
        Long boundary = copy.boundaryMillis();
        if (boundary == null) {
            throw new IllegalStateException("nothing to undo");
        }
        StreamLog log = new StreamLog(copy.log(), 0);
        return copy.undoing(log.firstSince(tx, boundary + 1), Position.behind(tx.version()));
    }

    private static void endIfDone(Transaction tx, TableCopy copy) {
        if (copy.done()) {
            end(tx, copy);
        }
    }
}
