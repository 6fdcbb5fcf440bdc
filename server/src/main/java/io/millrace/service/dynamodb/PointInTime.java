package io.millrace.service.dynamodb;

import io.millrace.engine.Transaction;
import io.millrace.stream.StreamLog;
import io.millrace.stream.TableChange;
import io.millrace.stream.TableChange.EventName;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/// The change history of a table: every change with what the item was and became, in the order of
/// commits, for as many days as its owner asked.
///
/// @param log the internal number of its log
/// @param sinceMillis the earliest moment that can be restored, but for what `days` trims
/// @param days how long changes are kept
record PointInTime(boolean enabled, long log, long sinceMillis, int days) {

    /// The earliest moment that can be restored.
    Instant earliest(Instant now) {
        Instant since = Instant.ofEpochMilli(sinceMillis);
        Instant kept = now.minus(Duration.ofDays(days));
        return since.isAfter(kept) ? since : kept;
    }

    /// Keeps changes for so many days from now on; what has been trimmed stays so.
    PointInTime keeping(int newDays, Instant now) {
        return new PointInTime(true, log, earliest(now).toEpochMilli(), newDays);
    }

    StreamLog history() {
        return new StreamLog(log, 0);
    }

    /// Adds a change.
    ///
    /// @param index its place among the transaction's changes of this table
    void record(
            Transaction tx,
            int index,
            byte[] key,
            @Nullable StoredItem old,
            @Nullable StoredItem replacement,
            long nowMillis) {
        EventName eventName =
                old == null
                        ? EventName.INSERT
                        : replacement == null ? EventName.REMOVE : EventName.MODIFY;
        TableChange change =
                new TableChange(
                        eventName,
                        DynamoDbKeys.behindSpace(key),
                        old == null ? null : old.value(),
                        replacement == null ? null : replacement.value(),
                        0,
                        false);
        history().append(tx, index, change.entry(nowMillis));
    }
}
