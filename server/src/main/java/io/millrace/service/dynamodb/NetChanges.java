package io.millrace.service.dynamodb;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.stream.Position;
import io.millrace.stream.StreamLog;
import io.millrace.stream.TableChange;
import io.millrace.stream.TableChange.EventName;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/// What became of each item between two moments: the changes of a table's history, folded into one
/// for each item, in a space of their own. An entry there is the change that leads from what the
/// first replaced to what the last left.
///
/// @param next where to read on, or null before the beginning
/// @param end behind the last change, once it is known
record NetChanges(
        String accountId,
        String region,
        String table,
        long space,
        long log,
        long fromMillis,
        long untilMillis,
        boolean done,
        @Nullable Position next,
        @Nullable Position end) {
    private static final int COUNT_MAX = 1_000;
    private static final int BYTES_MAX = 1024 * 1024;

    static NetChanges of(Table table, long space, PointInTime history, Export export) {
        return new NetChanges(
                table.accountId(),
                table.region(),
                table.name(),
                space,
                history.log(),
                export.fromMillis(),
                export.untilMillis(),
                false,
                null,
                null);
    }

    TableName name() {
        return new TableName(accountId, region, table);
    }

    /// Folds one page.
    ///
    /// @param save keeps how far it came, in the transaction of the step
    void step(Store store, BiConsumer<Transaction, NetChanges> save) {
        NetChanges bounded = next == null ? store.read(this::bounded) : this;
        StreamLog.Page page = store.read(bounded::read);
        NetChanges further = bounded.at(page.next());
        store.write(tx -> {
            page.entries().forEach(entry -> fold(tx, entry));
            save.accept(tx, further);
            return true;
        });
    }

    private NetChanges bounded(Snapshot tx) {
        StreamLog history = new StreamLog(log, 0);
        return new NetChanges(
                accountId,
                region,
                table,
                space,
                log,
                fromMillis,
                untilMillis,
                false,
                history.firstSince(tx, fromMillis),
                history.firstSince(tx, untilMillis));
    }

    private StreamLog.Page read(Snapshot tx) {
        if (next == null || end == null) {
            throw new IllegalStateException("changes without bounds");
        }
        return new StreamLog(log, 0).readBetween(tx, next, end, COUNT_MAX, BYTES_MAX);
    }

    private NetChanges at(@Nullable Position position) {
        return new NetChanges(
                accountId,
                region,
                table,
                space,
                log,
                fromMillis,
                untilMillis,
                position == null,
                position,
                end);
    }

    private void fold(Transaction tx, StreamLog.Entry entry) {
        TableChange change = TableChange.read(entry.payload());
        byte[] key = DynamoDbKeys.item(space, change.keys());
        byte[] earlier = tx.get(key);
        TableChange folded = earlier == null ? change : fold(earlier, change);
        tx.put(key, folded.entry(entry.epochMillis()));
    }

    private static TableChange fold(byte[] earlier, TableChange change) {
        ByteBuffer payload = ByteBuffer.wrap(earlier).position(StreamLog.HEADER_BYTES).slice();
        byte[] old = TableChange.read(payload).oldImage();
        byte[] replacement = change.newImage();
        EventName eventName =
                old == null
                        ? EventName.INSERT
                        : replacement == null ? EventName.REMOVE : EventName.MODIFY;
        return new TableChange(eventName, change.keys(), old, replacement, 0, false);
    }
}
