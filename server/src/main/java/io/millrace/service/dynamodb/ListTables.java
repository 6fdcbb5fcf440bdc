package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.ListTablesInput;
import io.millrace.api.dynamodb.ListTablesOutput;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// `ListTables`: the names of the caller's tables in order, in pages of at most 100.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html).
final class ListTables implements Operation<ListTablesInput, ListTablesOutput> {
    private final Store store;

    ListTables(Store store) {
        this.store = store;
    }

    @Override
    public ListTablesOutput handle(Caller caller, ListTablesInput request) {
        String after = request.exclusiveStartTableName();
        if (after != null) {
            TableName.check(after);
        }
        Integer limit = request.limit();
        int count = limit == null ? DynamoDbLimits.LIST_TABLES_MAX : limit;
        return store.read(tx -> list(tx, caller, after, count));
    }

    private static ListTablesOutput list(
            Snapshot tx, Caller caller, @Nullable String after, int count) {
        byte[] prefix = DynamoDbKeys.tables(caller.accountId(), caller.region()).toBytes();
        byte[] from =
                after == null
                        ? prefix
                        : Bytes.after(
                                DynamoDbKeys.table(caller.accountId(), caller.region(), after));
        List<String> names = new ArrayList<>();
        try (Cursor cursor = tx.range(from, Bytes.prefixEnd(prefix), Direction.FORWARD)) {
            while (cursor.next()) {
                if (names.size() == count) {
                    return new ListTablesOutput(names, names.getLast());
                }
                names.add(Tables.decode(cursor.value()).name());
            }
        }
        return new ListTablesOutput(names, null);
    }
}
