package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// An import's record, with what it has done so far.
///
/// @param endedMillis null while it runs
/// @param failureCode null unless it failed
record Import(
        String id,
        String accountId,
        String region,
        String tableName,
        String tableId,
        Request request,
        long startedMillis,
        @Nullable Long endedMillis,
        Counts counts,
        @Nullable String failureCode,
        @Nullable String failureMessage) {

    /// What was asked, so that the same token with something else is refused.
    ///
    /// @param csvDelimiter null for the default, or when the format is another
    /// @param csvHeader null when the first line is the header
    /// @param creation the `TableCreationParameters` as JSON
    record Request(
            @Nullable String clientToken,
            String bucket,
            @Nullable String bucketOwner,
            @Nullable String prefix,
            String format,
            String compression,
            @Nullable String csvDelimiter,
            @Nullable List<String> csvHeader,
            String creation) {}

    /// What has been done.
    ///
    /// @param processedBytes of the objects that have been read to their ends
    /// @param processed items that were read, whether they could be imported or not
    record Counts(long processedBytes, long processed, long imported, long errors) {
        static final Counts NONE = new Counts(0, 0, 0, 0);

        Counts plus(Counts more) {
            return new Counts(
                    processedBytes + more.processedBytes,
                    processed + more.processed,
                    imported + more.imported,
                    errors + more.errors);
        }
    }

    TransferName name() {
        return new TransferName(TransferName.Kind.IMPORT, accountId, region, tableName, id);
    }

    TableName table() {
        return new TableName(accountId, region, tableName);
    }

    String status() {
        if (endedMillis == null) {
            return "IN_PROGRESS";
        }
        return failureCode == null ? "COMPLETED" : "FAILED";
    }

    Import with(Counts newCounts) {
        return new Import(
                id,
                accountId,
                region,
                tableName,
                tableId,
                request,
                startedMillis,
                null,
                newCounts,
                null,
                null);
    }

    Import ended(long nowMillis, @Nullable String code, @Nullable String message) {
        return new Import(
                id,
                accountId,
                region,
                tableName,
                tableId,
                request,
                startedMillis,
                nowMillis,
                counts,
                code,
                message);
    }
}
