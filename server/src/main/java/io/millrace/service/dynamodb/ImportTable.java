package io.millrace.service.dynamodb;

import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.api.dynamodb.CreateTableInput;
import io.millrace.api.dynamodb.CsvOptions;
import io.millrace.api.dynamodb.ImportTableInput;
import io.millrace.api.dynamodb.ImportTableOutput;
import io.millrace.api.dynamodb.InputFormatOptions;
import io.millrace.api.dynamodb.S3BucketSource;
import io.millrace.api.dynamodb.TableCreationParameters;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.objects.ObjectStorage;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;

/// `ImportTable`: makes a new table of the objects in a bucket. It is `CREATING` until the import
/// has ended.
///
/// Errors: `ResourceInUseException`, `ImportConflictException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html).
final class ImportTable implements Operation<ImportTableInput, ImportTableOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final ObjectStorage objects;

    ImportTable(Store store, InstantSource clock, Ids ids, ObjectStorage objects) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.objects = objects;
    }

    @Override
    public ImportTableOutput handle(Caller caller, ImportTableInput request) {
        TableCreationParameters creation = request.tableCreationParameters();
        TableName name = TableName.of(caller, creation.tableName());
        Import.Request asked = asked(request);
        Instant now = clock.instant();
        Table made = CreateTable.table(caller, name, creating(creation), now, ids);
        Table table = made.with(made.features().with(new Origin(true, null, null, null)));
        Transfers.requireStorage(objects);
        Import imported =
                new Import(
                        Backup.id(now.toEpochMilli(), ids),
                        name.accountId(),
                        name.region(),
                        name.name(),
                        table.id(),
                        asked,
                        now.toEpochMilli(),
                        null,
                        Import.Counts.NONE,
                        null,
                        null);
        Import begun = store.write(tx -> begin(tx, table, imported));
        return new ImportTableOutput(Imports.description(begun));
    }

    private static Import begin(Transaction tx, Table table, Import imported) {
        String token = imported.request().clientToken();
        Import earlier =
                token == null
                        ? null
                        : Imports.asked(tx, imported.table(), token, imported.startedMillis());
        if (earlier != null) {
            if (!earlier.request().equals(imported.request())) {
                throw DynamoDbErrors.importConflict();
            }
            return earlier;
        }
        if (Tables.find(tx, imported.table()) != null) {
            throw DynamoDbErrors.tableExists(table.name());
        }
        Tables.put(tx, table);
        Imports.put(tx, imported);
        ImportJob.begin(tx, imported);
        return imported;
    }

    private static Import.Request asked(ImportTableInput request) {
        S3BucketSource source = request.s3BucketSource();
        CsvOptions csv = csv(request.inputFormatOptions());
        if (csv != null && !request.inputFormat().equals("CSV")) {
            throw DynamoDbErrors.validation(
                    "InputFormatOptions for CSV can only be specified when InputFormat is CSV");
        }
        String compression = request.inputCompressionType();
        return new Import.Request(
                request.clientToken(),
                source.s3Bucket(),
                source.s3BucketOwner(),
                source.s3KeyPrefix(),
                request.inputFormat(),
                compression == null ? "NONE" : compression,
                csv == null ? null : csv.delimiter(),
                csv == null ? null : csv.headerList(),
                new String(
                        JsonShapeWriter.write(request.tableCreationParameters()),
                        StandardCharsets.UTF_8));
    }

    private static @Nullable CsvOptions csv(@Nullable InputFormatOptions options) {
        return options == null ? null : options.csv();
    }

    private static CreateTableInput creating(TableCreationParameters creation) {
        return CreateTableInput.builder()
                .tableName(creation.tableName())
                .attributeDefinitions(creation.attributeDefinitions())
                .keySchema(creation.keySchema())
                .billingMode(creation.billingMode())
                .provisionedThroughput(creation.provisionedThroughput())
                .onDemandThroughput(creation.onDemandThroughput())
                .sseSpecification(creation.sseSpecification())
                .globalSecondaryIndexes(creation.globalSecondaryIndexes())
                .vectorIndexes(creation.vectorIndexes())
                .build();
    }
}
