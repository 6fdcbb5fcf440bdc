package io.millrace.service.dynamodb;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Tables.Contents;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The backups' records in the store. Stateless but for the codec's cache.
final class Backups {
    private static final ResourceCodec<Backup> CODEC = new ResourceCodec<>(Backup.class);

    private Backups() {}

    static @Nullable Backup find(Snapshot tx, Backup.Name name) {
        return CODEC.decodeOrNull(tx.get(name.key()));
    }

    /// @throws io.millrace.wire.ServiceException `BackupNotFoundException`
    static Backup get(Snapshot tx, Backup.Name name) {
        Backup backup = find(tx, name);
        if (backup == null) {
            throw DynamoDbErrors.backupNotFound(name.arn());
        }
        return backup;
    }

    static void put(Transaction tx, Backup backup) {
        tx.put(backup.named().key(), CODEC.encode(backup));
    }

    /// Removes a backup and its items.
    static void remove(Transaction tx, Backup backup) {
        tx.delete(backup.named().key());
        DynamoDbKeys.drop(tx, DynamoDbKeys.ITEM, backup.space());
    }

    /// Makes the items of a table that is being deleted its last backup, where they are.
    static void keepDeleted(Transaction tx, Table table, Ids ids, long nowMillis) {
        Contents contents = Tables.contents(tx, table.number());
        tx.delete(DynamoDbKeys.itemCount(table.number()));
        tx.delete(DynamoDbKeys.sizeBytes(table.number()));
        put(
                tx,
                new Backup(
                        Backup.id(nowMillis, ids),
                        table.name() + "$DeletedTableBackup",
                        Backup.SYSTEM,
                        true,
                        nowMillis,
                        nowMillis + DynamoDbLimits.SYSTEM_BACKUP_LIFETIME.toMillis(),
                        table,
                        table.number(),
                        contents.itemCount(),
                        contents.sizeBytes(),
                        null));
    }

    /// Backups in the order of their keys.
    ///
    /// @param from the key to begin at
    /// @param prefix what all keys begin with
    static List<Backup> list(Snapshot tx, byte[] from, byte[] prefix, int countMax) {
        List<Backup> backups = new ArrayList<>();
        try (Cursor cursor = tx.range(from, Bytes.prefixEnd(prefix), Direction.FORWARD)) {
            while (backups.size() < countMax && cursor.next()) {
                backups.add(CODEC.decode(cursor.value()));
            }
        }
        return backups;
    }
}
