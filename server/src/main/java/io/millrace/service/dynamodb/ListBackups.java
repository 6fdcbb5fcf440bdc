package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.BackupSummary;
import io.millrace.api.dynamodb.ListBackupsInput;
import io.millrace.api.dynamodb.ListBackupsOutput;
import io.millrace.engine.Bytes;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// `ListBackups`: the caller's backups by table and time of creation, on-demand ones unless asked
/// otherwise, in pages of at most 100.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html).
final class ListBackups implements Operation<ListBackupsInput, ListBackupsOutput> {
    private static final int READ_PAGE = 100;

    private final Store store;

    ListBackups(Store store) {
        this.store = store;
    }

    /// @param from inclusive
    /// @param to exclusive
    private record Filter(String type, @Nullable Instant from, @Nullable Instant to) {

        boolean matches(Backup backup) {
            Instant created = Instant.ofEpochMilli(backup.createdMillis());
            return (type.equals("ALL") || type.equals(backup.type()))
                    && (from == null || !created.isBefore(from))
                    && (to == null || created.isBefore(to));
        }
    }

    @Override
    public ListBackupsOutput handle(Caller caller, ListBackupsInput request) {
        String type = request.backupType();
        Filter filter =
                new Filter(
                        type == null ? Backup.USER : type,
                        request.timeRangeLowerBound(),
                        request.timeRangeUpperBound());
        if (filter.from() != null && filter.to() != null && filter.to().isBefore(filter.from())) {
            throw DynamoDbErrors.validation(
                    "TimeRangeLowerBound must be before TimeRangeUpperBound");
        }
        String table = request.tableName();
        TableName name = table == null ? null : TableName.of(caller, table);
        byte[] prefix =
                name == null
                        ? DynamoDbKeys.backups(caller.accountId(), caller.region()).toBytes()
                        : DynamoDbKeys.backups(name.accountId(), name.region())
                                .string(name.name())
                                .toBytes();
        String after = request.exclusiveStartBackupArn();
        byte[] from = prefix;
        if (after != null) {
            byte[] start = Bytes.after(Backup.Name.of(caller, after).key());
            from = Arrays.compareUnsigned(start, prefix) > 0 ? start : prefix;
        }
        byte[] begin = from;
        Integer limit = request.limit();
        int count = limit == null ? DynamoDbLimits.LIST_BACKUPS_MAX : limit;
        return store.read(tx -> list(tx, begin, prefix, filter, count));
    }

    private static ListBackupsOutput list(
            Snapshot tx, byte[] from, byte[] prefix, Filter filter, int count) {
        List<BackupSummary> summaries = new ArrayList<>();
        byte[] begin = from;
        if (Arrays.compareUnsigned(begin, Bytes.prefixEnd(prefix)) >= 0) {
            return new ListBackupsOutput(summaries, null);
        }
        while (true) { // ends with the last page
            List<Backup> page = Backups.list(tx, begin, prefix, READ_PAGE);
            for (Backup backup : page) {
                if (!filter.matches(backup)) {
                    continue;
                }
                if (summaries.size() == count) {
                    return new ListBackupsOutput(summaries, summaries.getLast().backupArn());
                }
                summaries.add(BackupDescriptions.summary(backup));
            }
            if (page.size() < READ_PAGE) {
                return new ListBackupsOutput(summaries, null);
            }
            begin = Bytes.after(page.getLast().named().key());
        }
    }
}
