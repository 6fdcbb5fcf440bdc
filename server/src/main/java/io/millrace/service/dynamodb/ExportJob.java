package io.millrace.service.dynamodb;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.objects.ObjectStorage;
import io.millrace.objects.ObjectStorageException;
import io.millrace.service.dynamodb.ExportFiles.DataFile;
import io.millrace.service.dynamodb.ItemPage.Entry;
import io.millrace.service.dynamodb.TableJobs.Job;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Does exports: first the state at the moment, or the net changes of the window, into a space of
/// their own; then data files from it, one a step; then the manifests.
///
/// An object is put before the transaction that notes it, under a key that depends on nothing but
/// the export and its number. So a crash in between writes it again, the same.
final class ExportJob implements TableJobs.Handler {
    static final String KIND = "export";

    private static final int FILE_BYTES_MAX = 16 * 1024 * 1024;
    private static final ResourceCodec<Work> CODEC = new ResourceCodec<>(Work.class);
    private static final ResourceCodec<DataFile> FILE_CODEC = new ResourceCodec<>(DataFile.class);

    /// What is to be done next.
    private enum Phase {
        START,
        COLLECT,
        WRITE,
        FINISH
    }

    /// @param copy the state that is exported, when the export is full
    /// @param changes the changes that are, when it is incremental
    /// @param cursor which entry comes next, while writing
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Work(
            TransferName name,
            long space,
            Phase phase,
            @Nullable TableCopy copy,
            @Nullable NetChanges changes,
            byte @Nullable [] cursor,
            int fileCount) {

        Work in(Phase next) {
            return new Work(name, space, next, copy, changes, null, fileCount);
        }

        Work with(TableCopy newCopy) {
            Phase next = newCopy.done() ? Phase.WRITE : Phase.COLLECT;
            return new Work(name, space, next, newCopy, null, null, 0);
        }

        Work with(NetChanges newChanges) {
            Phase next = newChanges.done() ? Phase.WRITE : Phase.COLLECT;
            return new Work(name, space, next, null, newChanges, null, 0);
        }

        Work wrote(byte @Nullable [] next) {
            return new Work(
                    name,
                    space,
                    next == null ? Phase.FINISH : Phase.WRITE,
                    copy,
                    changes,
                    next,
                    fileCount + 1);
        }
    }

    /// What goes into one data file.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Batch(List<Entry> entries, byte @Nullable [] next) {}

    private final Store store;
    private final InstantSource clock;
    private final ObjectStorage objects;
    private final TableCopier copier;

    ExportJob(Store store, InstantSource clock, ObjectStorage objects) {
        this.store = store;
        this.clock = clock;
        this.objects = objects;
        this.copier = new TableCopier(store);
    }

    /// @param space a number that was never used
    static void begin(Transaction tx, Table table, Export export, PointInTime history, long space) {
        TableCopy copy = null;
        NetChanges changes = null;
        if (export.request().incremental()) {
            changes = NetChanges.of(table, space, history, export);
            TableCopier.hold(tx, table, export.fromMillis());
        } else {
            boolean isNow = export.request().exportMillis() == null;
            copy =
                    isNow
                            ? TableCopy.now(table, space)
                            : TableCopy.at(table, space, history, export.untilMillis());
            TableCopier.begin(tx, table, copy);
        }
        put(tx, new Work(export.name(), space, Phase.START, copy, changes, null, 0));
    }

    private static void put(Transaction tx, Work work) {
        TableJobs.put(tx, new Job(KIND, work.name().arn(), CODEC.encode(work)));
    }

    @Override
    public void step(Job job) {
        Work work = CODEC.decode(job.state());
        Export export = store.read(tx -> export(tx, work));
        try {
            step(work, export);
        } catch (ObjectStorageException e) {
            long now = clock.millis();
            if (Transfers.passes(e, export.startedMillis(), now)) {
                throw e;
            }
            Export failed = export.ended(now, Transfers.code(e), e.getMessage());
            store.write(tx -> end(tx, work, failed));
        }
    }

    private static Export export(Snapshot tx, Work work) {
        Export export = Exports.find(tx, work.name());
        if (export == null) {
            throw new IllegalStateException("a job without its export: " + work.name());
        }
        return export;
    }

    private void step(Work work, Export export) {
        switch (work.phase()) {
            case START -> {
                new ExportFiles(objects, export).started();
                store.write(tx -> {
                    put(tx, work.in(Phase.COLLECT));
                    return true;
                });
            }
            case COLLECT -> collect(work);
            case WRITE -> write(work, export);
            case FINISH -> finish(work, export);
        }
    }

    private void collect(Work work) {
        TableCopy copy = work.copy();
        NetChanges changes = work.changes();
        if (copy != null) {
            copier.step(
                    copy,
                    (tx, next) -> {
                        put(tx, work.with(next));
                        return true;
                    });
        } else if (changes != null) {
            changes.step(store, (tx, next) -> put(tx, work.with(next)));
        }
    }

    private void write(Work work, Export export) {
        Batch batch = store.read(tx -> batch(tx, work));
        ExportLines writer = new ExportLines(export);
        List<byte[]> lines = new ArrayList<>();
        long sizeBytes = 0;
        for (Entry entry : batch.entries()) {
            byte[] line = writer.line(entry);
            if (line != null) {
                lines.add(line);
                sizeBytes +=
                        export.request().incremental()
                                ? entry.value().length
                                : entry.item().sizeBytes();
            }
        }
        DataFile file = new ExportFiles(objects, export).data(work.fileCount(), lines);
        Export further =
                export.wrote(
                        export.itemCount() + lines.size(), export.billedSizeBytes() + sizeBytes);
        store.write(tx -> {
            tx.put(
                    DynamoDbKeys.exportFile(work.space(), work.fileCount()),
                    FILE_CODEC.encode(file));
            Exports.put(tx, further);
            put(tx, work.wrote(batch.next()));
            return true;
        });
    }

    private static Batch batch(Snapshot tx, Work work) {
        List<Entry> entries = new ArrayList<>();
        byte[] next = work.cursor();
        int bytes = 0;
        do { // ends with the file's size, or with the last page
            ItemPage page = ItemPage.read(tx, work.space(), next);
            for (Entry entry : page.entries()) {
                entries.add(entry);
                bytes += entry.value().length;
            }
            next = page.next();
        } while (next != null && bytes < FILE_BYTES_MAX);
        return new Batch(entries, next);
    }

    private void finish(Work work, Export export) {
        List<DataFile> files = store.read(tx -> files(tx, work));
        Instant now = clock.instant();
        new ExportFiles(objects, export).manifests(files, now);
        Export completed = export.ended(now.toEpochMilli(), null, null);
        store.write(tx -> end(tx, work, completed));
    }

    private static List<DataFile> files(Snapshot tx, Work work) {
        List<DataFile> files = new ArrayList<>();
        try (Cursor cursor = tx.prefix(DynamoDbKeys.exportFiles(work.space()))) {
            while (cursor.next()) {
                files.add(FILE_CODEC.decode(cursor.value()));
            }
        }
        return files;
    }

    private static boolean end(Transaction tx, Work work, Export ended) {
        Exports.put(tx, ended);
        if (work.copy() != null) {
            TableCopier.end(tx, work.copy());
        } else if (work.changes() != null) {
            TableCopier.release(tx, work.changes().name(), ended.fromMillis());
        }
        DynamoDbKeys.drop(tx, DynamoDbKeys.ITEM, work.space());
        byte[] files = DynamoDbKeys.exportFiles(work.space());
        tx.deleteRange(files, Bytes.prefixEnd(files));
        TableJobs.remove(tx, KIND, work.name().arn());
        return true;
    }
}
