package io.millrace.service.dynamodb;

import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.ItemPage.Entry;
import io.millrace.service.dynamodb.TableJobs.Job;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

/// Takes backups: the copy, then one walk over it that counts the items and forgets which were not
/// there.
final class BackupJob implements TableJobs.Handler {
    static final String KIND = "backup";

    private static final ResourceCodec<Work> CODEC = new ResourceCodec<>(Work.class);

    /// @param cursor which item comes next, while counting
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Work(
            TableCopy copy,
            String backupId,
            byte @Nullable [] cursor,
            long itemCount,
            long sizeBytes) {

        Backup.Name backup() {
            return new Backup.Name(copy.accountId(), copy.region(), copy.table(), backupId);
        }
    }

    private final Store store;
    private final TableCopier copier;

    BackupJob(Store store) {
        this.store = store;
        this.copier = new TableCopier(store);
    }

    static void begin(Transaction tx, Backup backup, TableCopy copy) {
        put(tx, new Work(copy, backup.id(), null, 0, 0));
    }

    private static void put(Transaction tx, Work work) {
        TableJobs.put(tx, new Job(KIND, work.backup().arn(), CODEC.encode(work)));
    }

    @Override
    public void step(Job job) {
        Work work = CODEC.decode(job.state());
        if (!work.copy().done()) {
            copier.step(
                    work.copy(),
                    (tx, copy) -> {
                        put(tx, new Work(copy, work.backupId(), null, 0, 0));
                        return true;
                    });
        } else {
            store.write(tx -> count(tx, work));
        }
    }

    private static boolean count(Transaction tx, Work work) {
        ItemPage page = ItemPage.read(tx, work.copy().space(), work.cursor());
        long itemCount = work.itemCount();
        long sizeBytes = work.sizeBytes();
        for (Entry entry : page.entries()) {
            if (entry.absent()) {
                tx.delete(DynamoDbKeys.item(work.copy().space(), entry.rest()));
            } else {
                itemCount++;
                sizeBytes += entry.item().sizeBytes();
            }
        }
        if (page.next() != null) {
            put(tx, new Work(work.copy(), work.backupId(), page.next(), itemCount, sizeBytes));
            return true;
        }
        Backup backup = Backups.find(tx, work.backup());
        if (backup != null) {
            Backups.put(tx, backup.completed(itemCount, sizeBytes));
        }
        TableJobs.remove(tx, KIND, work.backup().arn());
        return true;
    }
}
