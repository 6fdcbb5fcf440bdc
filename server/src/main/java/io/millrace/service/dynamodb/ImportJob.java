package io.millrace.service.dynamodb;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.log.Log;
import io.millrace.objects.ObjectStorage;
import io.millrace.objects.ObjectStorageException;
import io.millrace.service.dynamodb.ItemSource.Found;
import io.millrace.service.dynamodb.ItemSource.Malformed;
import io.millrace.service.dynamodb.ItemSource.Read;
import io.millrace.service.dynamodb.ObjectWalk.Batch;
import io.millrace.service.dynamodb.ObjectWalk.Place;
import io.millrace.service.dynamodb.TableJobs.Job;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.ServiceException;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Does imports: a batch of items a step, with how far it came in the same transaction. So an item
/// is counted once, whenever it crashes; one that cannot be imported is counted too, and the log
/// says why.
final class ImportJob implements TableJobs.Handler {
    static final String KIND = "import";

    private static final Log LOG = Log.of(ImportJob.class);
    private static final int LOGGED_MAX = 100;
    private static final ResourceCodec<Work> CODEC = new ResourceCodec<>(Work.class);
    private static final String INVALID_CODE = "ItemValidationError";
    private static final String INVALID_MESSAGE =
            "Some of the items failed validation checks and were not imported. Please check"
                    + " CloudWatch error logs for more details.";

    /// @param place where to read on
    private record Work(TransferName name, Place place) {}

    /// What became of a batch.
    private record Result(Import.Counts counts, List<String> errors) {}

    private final Store store;
    private final InstantSource clock;
    private final ObjectWalk walk;

    ImportJob(Store store, InstantSource clock, ObjectStorage objects) {
        this.store = store;
        this.clock = clock;
        this.walk = new ObjectWalk(objects);
    }

    static void begin(Transaction tx, Import imported) {
        put(tx, new Work(imported.name(), Place.BEGIN));
    }

    private static void put(Transaction tx, Work work) {
        TableJobs.put(tx, new Job(KIND, work.name().arn(), CODEC.encode(work)));
    }

    @Override
    public void step(Job job) {
        Work work = CODEC.decode(job.state());
        Import imported = store.read(tx -> find(tx, work));
        Table table = store.read(tx -> Tables.table(tx, imported.table()));
        Batch batch;
        try {
            batch = walk.read(source(imported), work.place(), format(imported, table));
        } catch (ObjectStorageException e) {
            long now = clock.millis();
            if (Transfers.passes(e, imported.startedMillis(), now)) {
                throw e;
            }
            Import failed = imported.ended(now, Transfers.code(e), e.getMessage());
            boolean begun = !work.place().equals(Place.BEGIN);
            store.write(tx -> end(tx, work, failed, begun));
            return;
        }
        Result result = store.write(tx -> write(tx, work, imported, batch));
        log(imported, batch, result);
    }

    private static Import find(Snapshot tx, Work work) {
        Import imported = Imports.find(tx, work.name());
        if (imported == null) {
            throw new IllegalStateException("a job without its import: " + work.name());
        }
        return imported;
    }

    private static ObjectWalk.Source source(Import imported) {
        String prefix = imported.request().prefix();
        return new ObjectWalk.Source(
                imported.name().arn(), imported.request().bucket(), prefix == null ? "" : prefix);
    }

    private static ItemSource.Format format(Import imported, Table table) {
        Import.Request request = imported.request();
        Map<String, String> keyTypes = new HashMap<>();
        for (Table.KeyAttribute attribute : table.schema().definitions()) {
            keyTypes.put(attribute.name(), attribute.type());
        }
        return new ItemSource.Format(
                request.format(),
                request.compression(),
                request.csvDelimiter(),
                request.csvHeader(),
                keyTypes);
    }

    private Result write(Transaction tx, Work work, Import imported, Batch batch) {
        Table table = Tables.table(tx, imported.table());
        ItemChanges changes = new ItemChanges(tx, clock.millis());
        Consumption consumption = new Consumption(table, Consumption.Kind.PLAIN);
        List<String> errors = new ArrayList<>();
        long done = 0;
        for (Read read : batch.items()) {
            switch (read) {
                case Malformed(String message) -> errors.add(message);
                case Found(var item) -> {
                    try {
                        put(changes, table, ItemWrite.put(item), consumption);
                        done++;
                    } catch (ServiceException e) {
                        errors.add(e.message());
                    }
                }
            }
        }
        Import.Counts more =
                new Import.Counts(batch.endedBytes(), batch.items().size(), done, errors.size());
        Import further = imported.with(imported.counts().plus(more));
        if (batch.next() == null) {
            long now = clock.millis();
            boolean failed = further.counts().errors() > 0;
            end(
                    tx,
                    work,
                    further.ended(
                            now, failed ? INVALID_CODE : null, failed ? INVALID_MESSAGE : null),
                    true);
        } else {
            Imports.put(tx, further);
            put(tx, new Work(work.name(), batch.next()));
        }
        return new Result(further.counts(), errors);
    }

    private static void put(
            ItemChanges changes, Table table, ItemWrite.Put put, Consumption consumption) {
        if (put.sizeBytes() > DynamoDbLimits.ITEM_BYTES_MAX) {
            throw DynamoDbErrors.itemTooLarge();
        }
        byte[] key = ItemKeys.ofItem(table, put.item());
        ItemKeys.checkIndexKeys(table, put.item());
        StoredItem item = StoredItem.of(put.item(), put.sizeBytes());
        changes.replace(table, key, changes.get(key), item, consumption);
    }

    /// @param begun whether the table may hold something, and so stays
    private static boolean end(Transaction tx, Work work, Import ended, boolean begun) {
        Imports.put(tx, ended);
        Table table = Tables.find(tx, ended.table());
        Origin origin = table == null ? null : table.features().origin();
        if (table != null && origin != null && table.id().equals(ended.tableId())) {
            if (begun) {
                Tables.put(tx, table.with(table.features().with(origin.arrived())));
            } else {
                Tables.delete(tx, table);
            }
        }
        TableJobs.remove(tx, KIND, work.name().arn());
        return true;
    }

    private static void log(Import imported, Batch batch, Result result) {
        long before = result.counts().errors() - result.errors().size();
        for (String error : result.errors()) {
            if (before++ < LOGGED_MAX) {
                LOG.info(
                        "An item was not imported",
                        "import",
                        imported.name().arn(),
                        "object",
                        batch.object(),
                        "cause",
                        error);
            }
        }
    }
}
