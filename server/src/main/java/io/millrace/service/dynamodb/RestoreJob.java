package io.millrace.service.dynamodb;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.ItemPage.Entry;
import io.millrace.service.dynamodb.TableJobs.Job;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;

/// Fills restored tables: from a backup's items, or from a copy of a table at a moment, which is
/// taken first and dropped in the end. An item comes into the new table as any other does, with its
/// index entries.
final class RestoreJob implements TableJobs.Handler {
    static final String KIND = "restore";

    private static final ResourceCodec<Work> CODEC = new ResourceCodec<>(Work.class);

    /// @param space where the items come from
    /// @param backup the backup whose they are, or null
    /// @param copy the copy whose they are, or null
    /// @param cursor which item comes next
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Work(
            TableName target,
            long space,
            Backup.@Nullable Name backup,
            @Nullable TableCopy copy,
            byte @Nullable [] cursor) {

        String id() {
            return target.arn().toString();
        }

        Work with(TableCopy newCopy) {
            return new Work(target, space, backup, newCopy, null);
        }

        Work at(byte[] nextItem) {
            return new Work(target, space, backup, copy, nextItem);
        }
    }

    private final Store store;
    private final InstantSource clock;
    private final TableCopier copier;

    RestoreJob(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.copier = new TableCopier(store);
    }

    /// The new table.
    static Table table(
            Caller caller,
            TableName target,
            Table source,
            RestoreOverrides overrides,
            Origin origin,
            Instant now,
            Ids ids) {
        Table table =
                CreateTable.table(
                        caller, target, overrides.request(target.name(), source), now, ids);
        Features features = table.features();
        if (overrides.encryption() == null) {
            features = features.with(source.features().encryption());
        }
        return table.with(features.with(origin));
    }

    /// @throws io.millrace.wire.ServiceException when there is a table with this name
    static void checkTarget(Snapshot tx, TableName target) {
        Table table = Tables.find(tx, target);
        if (table != null && table.creating()) {
            throw DynamoDbErrors.tableInUse("Table is being created: " + target.name());
        }
        if (table != null) {
            throw DynamoDbErrors.targetExists(target.name());
        }
    }

    static void begin(Transaction tx, TableName target, Backup backup) {
        put(tx, new Work(target.withoutPermission(), backup.space(), backup.named(), null, null));
    }

    static void begin(Transaction tx, TableName target, TableCopy copy) {
        put(tx, new Work(target.withoutPermission(), copy.space(), null, copy, null));
    }

    private static void put(Transaction tx, Work work) {
        TableJobs.put(tx, new Job(KIND, work.id(), CODEC.encode(work)));
    }

    @Override
    public void step(Job job) {
        Work work = CODEC.decode(job.state());
        TableCopy copy = work.copy();
        if (copy != null && !copy.done()) {
            copier.step(
                    copy,
                    (tx, next) -> {
                        put(tx, work.with(next));
                        return true;
                    });
            return;
        }
        long now = clock.millis();
        ItemPage page = store.read(tx -> ItemPage.read(tx, work.space(), work.cursor()));
        store.write(tx -> load(tx, work, page, now));
    }

    private static boolean load(Transaction tx, Work work, ItemPage page, long nowMillis) {
        Table target = Tables.table(tx, work.target());
        ItemChanges changes = new ItemChanges(tx, nowMillis);
        Consumption consumption = new Consumption(target, Consumption.Kind.PLAIN);
        for (Entry entry : page.entries()) {
            if (!entry.absent()) {
                byte[] key = DynamoDbKeys.item(target.number(), entry.rest());
                changes.replace(target, key, null, entry.item(), consumption);
            }
        }
        if (page.next() == null) {
            finish(tx, work, target);
        } else {
            put(tx, work.at(page.next()));
        }
        return true;
    }

    private static void finish(Transaction tx, Work work, Table target) {
        Origin origin = target.features().origin();
        if (origin != null) {
            Tables.put(tx, target.with(target.features().with(origin.arrived())));
        }
        Backup backup = work.backup() == null ? null : Backups.find(tx, work.backup());
        if (backup != null) {
            Backups.put(tx, backup.restoring(null));
        }
        if (work.copy() != null) {
            DynamoDbKeys.drop(tx, DynamoDbKeys.ITEM, work.copy().space());
        }
        TableJobs.remove(tx, KIND, work.id());
    }
}
