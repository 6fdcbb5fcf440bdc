package io.millrace.service.dynamodb;

import io.millrace.stream.Position;

import org.jspecify.annotations.Nullable;

/// A copy of a table's items that is being taken, and how far it came; [TableCopier] does it.
///
/// @param source the number of the table
/// @param space the number of the space that the items are copied to
/// @param log the number of the table's change history, when `boundaryMillis` is set
/// @param boundaryMillis the moment whose state the copy is to have; null for the moment when it
///   began
/// @param phase what is being done
/// @param cursor which item comes next, while copying; null at the beginning
/// @param from the oldest change to undo, once it is known
/// @param before the changes from here on have been undone
@SuppressWarnings("ArrayRecordComponent") // never compared
record TableCopy(
        String accountId,
        String region,
        String table,
        long source,
        long space,
        long log,
        @Nullable Long boundaryMillis,
        Phase phase,
        byte @Nullable [] cursor,
        @Nullable Position from,
        @Nullable Position before) {

    /// What a copy goes through, in this order.
    enum Phase {
        COPY,
        UNDO,
        DONE
    }

    /// A copy of the table as it is when the transaction that makes this commits.
    static TableCopy now(Table table, long space) {
        return of(table, space, 0, null);
    }

    /// A copy of the table as it was at a moment that its history reaches back to.
    static TableCopy at(Table table, long space, PointInTime history, long boundaryMillis) {
        return of(table, space, history.log(), boundaryMillis);
    }

    private static TableCopy of(Table table, long space, long log, @Nullable Long boundaryMillis) {
        return new TableCopy(
                table.accountId(),
                table.region(),
                table.name(),
                table.number(),
                space,
                log,
                boundaryMillis,
                Phase.COPY,
                null,
                null,
                null);
    }

    boolean done() {
        return phase == Phase.DONE;
    }

    TableName name() {
        return new TableName(accountId, region, table);
    }

    TableCopy at(byte[] nextItem) {
        return with(Phase.COPY, nextItem, null, null);
    }

    TableCopy undoing(Position oldest, Position newest) {
        return with(Phase.UNDO, null, oldest, newest);
    }

    /// Behind a phase.
    TableCopy in(Phase next) {
        return with(next, null, null, null);
    }

    private TableCopy with(
            Phase newPhase,
            byte @Nullable [] newCursor,
            @Nullable Position newFrom,
            @Nullable Position newBefore) {
        return new TableCopy(
                accountId,
                region,
                table,
                source,
                space,
                log,
                boundaryMillis,
                newPhase,
                newCursor,
                newFrom,
                newBefore);
    }
}
