package io.millrace.service.dynamodb;

import io.millrace.engine.Bytes;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Transaction;

import java.util.Arrays;

/// All durable keys of DynamoDB. `space` is the internal number of a table or of an index.
///
/// | prefix | key after it | value | lifetime |
/// |---|---|---|---|
/// | `10` | account, region, table name | [Table] as JSON | the table's |
/// | `11` | space u64, hash u16, partition key, sort key | the item | the item's |
/// | `12` | index space, hash, index keys, table keys | the projected item | the item's |
/// | `13` | space | counter: items | the table's or index's |
/// | `14` | space | counter: bytes, as the API counts them | the table's or index's |
/// | `15` | account, region, client request token | [TransactToken] as JSON | ten minutes |
/// | `16` | expiry u64 (ms), account, region, token | empty | ten minutes |
/// | `17` | kind, id | the state of a [TableJobs.Job] | the job's |
/// | `18` | space u64 of expiry entries | key of the table's record | while items expire |
/// | `18` | space, second u64, item's key behind its space | empty | the item's |
/// | `18` | 0 u64 | empty; written when something expires soon | for ever |
/// | `19` | account, region, table name, backup id | [Backup] as JSON | the backup's |
/// | `1a 01` | account, region, table name, id | [Export] as JSON | for ever |
/// | `1a 02` | account, region, table name, id | [Import] as JSON | for ever |
/// | `1a 03` | space of the export, file u32 | [ExportFiles.DataFile] as JSON | the export's work |
/// | `1b` | account, region, table name | a policy as JSON | the table's |
/// | `1d` | index space, partition key or nothing, table keys | a `StoredVector` | the item's |
///
/// The hash of the partition key scatters partitions over the space, so that equal ranges of hashes
/// are equal segments of a parallel scan. Key values are encoded in the order of their type.
///
/// A backup's items stand under `11` too, in a space of their own: in the layout of a table's, so
/// that the items of a deleted table become a backup where they are. While the copy is taken, an
/// empty value stands for an item that was not there ([TableCopy]).
final class DynamoDbKeys {
    static final int TABLE = 0x10;
    static final int ITEM = 0x11;
    static final int INDEX_ENTRY = 0x12;
    static final int ITEM_COUNT = 0x13;
    static final int SIZE_BYTES = 0x14;
    static final int TRANSACT_TOKEN = 0x15;
    static final int TRANSACT_TOKEN_EXPIRY = 0x16;
    static final int JOB = 0x17;
    static final int EXPIRY = 0x18;
    static final int BACKUP = 0x19;
    static final int TRANSFER = 0x1a;
    static final int TRANSFER_EXPORT = 0x01;
    static final int TRANSFER_IMPORT = 0x02;
    static final int TRANSFER_FILE = 0x03;
    static final int RESOURCE_POLICY = 0x1b;
    static final int VECTOR_ENTRY = 0x1d;

    private static final int SPACE_BYTES = 1 + Long.BYTES;

    private DynamoDbKeys() {}

    static KeyWriter tables(String accountId, String region) {
        return new KeyWriter(TABLE).string(accountId).string(region);
    }

    static byte[] table(String accountId, String region, String name) {
        return tables(accountId, region).string(name).toBytes();
    }

    static byte[] resourcePolicy(TableName table) {
        return new KeyWriter(RESOURCE_POLICY)
                .string(table.accountId())
                .string(table.region())
                .string(table.name())
                .toBytes();
    }

    static byte[] itemCount(long space) {
        return new KeyWriter(ITEM_COUNT).uint64(space).toBytes();
    }

    static byte[] sizeBytes(long space) {
        return new KeyWriter(SIZE_BYTES).uint64(space).toBytes();
    }

    /// Removes all entries and counters of a table or an index.
    static void drop(Transaction tx, int prefix, long space) {
        byte[] entries = new KeyWriter(prefix).uint64(space).toBytes();
        tx.deleteRange(entries, Bytes.prefixEnd(entries));
        tx.delete(itemCount(space));
        tx.delete(sizeBytes(space));
    }

    static KeyWriter transactToken(String accountId, String region, String token) {
        return new KeyWriter(TRANSACT_TOKEN).string(accountId).string(region).string(token);
    }

    /// @param rest an item's key behind its space, as [#behindSpace] cuts it
    static byte[] item(long space, byte[] rest) {
        return new KeyWriter(ITEM).uint64(space).raw(rest).toBytes();
    }

    /// What an item's key has behind its space; the same in every copy of its table.
    static byte[] behindSpace(byte[] itemKey) {
        return Arrays.copyOfRange(itemKey, SPACE_BYTES, itemKey.length);
    }

    static KeyWriter backups(String accountId, String region) {
        return new KeyWriter(BACKUP).string(accountId).string(region);
    }

    static byte[] backup(String accountId, String region, String table, String id) {
        return backups(accountId, region).string(table).string(id).toBytes();
    }

    /// The exports or imports of an account.
    static KeyWriter transfers(TransferName.Kind kind, String accountId, String region) {
        return new KeyWriter(TRANSFER).uint8(kind.code()).string(accountId).string(region);
    }

    static byte[] transfer(
            TransferName.Kind kind, String accountId, String region, String table, String id) {
        return transfers(kind, accountId, region).string(table).string(id).toBytes();
    }

    static byte[] exportFiles(long space) {
        return new KeyWriter(TRANSFER).uint8(TRANSFER_FILE).uint64(space).toBytes();
    }

    static byte[] exportFile(long space, int file) {
        return new KeyWriter(TRANSFER).uint8(TRANSFER_FILE).uint64(space).uint32(file).toBytes();
    }

    static byte[] job(String kind, String id) {
        return new KeyWriter(JOB).string(kind).string(id).toBytes();
    }
}
