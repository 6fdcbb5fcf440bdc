package io.millrace.service.dynamodb;

import io.millrace.api.codec.JsonShapeReader;
import io.millrace.api.dynamodb.CsvOptions;
import io.millrace.api.dynamodb.ImportSummary;
import io.millrace.api.dynamodb.ImportTableDescription;
import io.millrace.api.dynamodb.InputFormatOptions;
import io.millrace.api.dynamodb.S3BucketSource;
import io.millrace.api.dynamodb.TableCreationParameters;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// The imports' records in the store, and how the API tells of them. Stateless but for the codec's
/// cache.
final class Imports {
    private static final ResourceCodec<Import> CODEC = new ResourceCodec<>(Import.class);

    private Imports() {}

    static @Nullable Import find(Snapshot tx, TransferName name) {
        return CODEC.decodeOrNull(tx.get(name.key()));
    }

    static void put(Transaction tx, Import imported) {
        tx.put(imported.name().key(), CODEC.encode(imported));
    }

    /// The import into a table of this name that was asked with this token lately, or null.
    static @Nullable Import asked(
            Snapshot tx, TableName table, String clientToken, long nowMillis) {
        long since = nowMillis - DynamoDbLimits.TRANSFER_TOKEN_LIFETIME.toMillis();
        byte[] prefix =
                DynamoDbKeys.transfers(TransferName.Kind.IMPORT, table.accountId(), table.region())
                        .string(table.name())
                        .toBytes();
        return TransferPages.first(
                tx,
                prefix,
                CODEC,
                imported ->
                        imported.startedMillis() >= since
                                && clientToken.equals(imported.request().clientToken()));
    }

    static List<Import> list(Snapshot tx, TransferPages.Asked asked) {
        return TransferPages.read(tx, asked, CODEC);
    }

    static ImportSummary summary(Import imported) {
        return ImportSummary.builder()
                .importArn(imported.name().arn())
                .importStatus(imported.status())
                .tableArn(imported.table().arn().toString())
                .s3BucketSource(source(imported.request()))
                .inputFormat(imported.request().format())
                .startTime(Instant.ofEpochMilli(imported.startedMillis()))
                .endTime(ended(imported))
                .build();
    }

    static ImportTableDescription description(Import imported) {
        Import.Request request = imported.request();
        Import.Counts counts = imported.counts();
        return ImportTableDescription.builder()
                .importArn(imported.name().arn())
                .importStatus(imported.status())
                .tableArn(imported.table().arn().toString())
                .tableId(imported.tableId())
                .clientToken(request.clientToken())
                .s3BucketSource(source(request))
                .errorCount(counts.errors())
                .inputFormat(request.format())
                .inputFormatOptions(options(request))
                .inputCompressionType(request.compression())
                .tableCreationParameters(
                        JsonShapeReader.read(
                                request.creation().getBytes(StandardCharsets.UTF_8),
                                TableCreationParameters.SCHEMA))
                .startTime(Instant.ofEpochMilli(imported.startedMillis()))
                .endTime(ended(imported))
                .processedSizeBytes(counts.processedBytes())
                .processedItemCount(counts.processed())
                .importedItemCount(counts.imported())
                .failureCode(imported.failureCode())
                .failureMessage(imported.failureMessage())
                .build();
    }

    private static @Nullable Instant ended(Import imported) {
        Long millis = imported.endedMillis();
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    private static S3BucketSource source(Import.Request request) {
        return new S3BucketSource(request.bucketOwner(), request.bucket(), request.prefix());
    }

    private static @Nullable InputFormatOptions options(Import.Request request) {
        return request.csvDelimiter() == null && request.csvHeader() == null
                ? null
                : new InputFormatOptions(
                        new CsvOptions(request.csvDelimiter(), request.csvHeader()));
    }
}
