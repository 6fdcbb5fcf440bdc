package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.ExportDescription;
import io.millrace.api.dynamodb.ExportSummary;
import io.millrace.api.dynamodb.IncrementalExportSpecification;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/// The exports' records in the store, and how the API tells of them. Stateless but for the codec's
/// cache.
final class Exports {
    static final ResourceCodec<Export> CODEC = new ResourceCodec<>(Export.class);

    private Exports() {}

    static @Nullable Export find(Snapshot tx, TransferName name) {
        return CODEC.decodeOrNull(tx.get(name.key()));
    }

    static void put(Transaction tx, Export export) {
        tx.put(export.name().key(), CODEC.encode(export));
    }

    /// The export of a table that was asked with this token lately, or null.
    static @Nullable Export asked(Snapshot tx, Table table, String clientToken, long nowMillis) {
        long since = nowMillis - DynamoDbLimits.TRANSFER_TOKEN_LIFETIME.toMillis();
        byte[] prefix =
                DynamoDbKeys.transfers(TransferName.Kind.EXPORT, table.accountId(), table.region())
                        .string(table.name())
                        .toBytes();
        return TransferPages.first(
                tx,
                prefix,
                CODEC,
                export ->
                        export.startedMillis() >= since
                                && clientToken.equals(export.request().clientToken()));
    }

    static ExportSummary summary(Export export) {
        return new ExportSummary(
                export.name().arn(),
                export.status(),
                export.request().incremental() ? "INCREMENTAL_EXPORT" : "FULL_EXPORT");
    }

    static ExportDescription description(Export export) {
        Export.Request request = export.request();
        boolean done = export.status().equals("COMPLETED");
        ExportDescription.Builder description =
                ExportDescription.builder()
                        .exportArn(export.name().arn())
                        .exportStatus(export.status())
                        .startTime(Instant.ofEpochMilli(export.startedMillis()))
                        .endTime(
                                export.endedMillis() == null
                                        ? null
                                        : Instant.ofEpochMilli(export.endedMillis()))
                        .exportManifest(done ? export.key(ExportFiles.SUMMARY) : null)
                        .tableArn(export.source().arn())
                        .tableId(export.source().id())
                        .clientToken(request.clientToken())
                        .s3Bucket(request.bucket())
                        .s3BucketOwner(request.bucketOwner())
                        .s3Prefix(request.prefix())
                        .s3SseAlgorithm(request.sseAlgorithm())
                        .s3SseKmsKeyId(request.sseKmsKeyId())
                        .failureCode(export.failureCode())
                        .failureMessage(export.failureMessage())
                        .exportFormat(request.format())
                        .billedSizeBytes(done ? export.billedSizeBytes() : null)
                        .itemCount(done ? export.itemCount() : null)
                        .exportType(summary(export).exportType());
        Instant until = Instant.ofEpochMilli(export.untilMillis());
        return request.incremental()
                ? description
                        .incrementalExportSpecification(
                                new IncrementalExportSpecification(
                                        Instant.ofEpochMilli(export.fromMillis()),
                                        until,
                                        request.viewType()))
                        .build()
                : description.exportTime(until).build();
    }

    static List<Export> list(Snapshot tx, TransferPages.Asked asked) {
        return TransferPages.read(tx, asked, CODEC);
    }
}
