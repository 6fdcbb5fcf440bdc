package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

/// An export's record.
///
/// @param source the table as it was
/// @param fromMillis the first moment of an incremental export; 0 for a full one
/// @param untilMillis the moment of a full export, or the moment behind an incremental one
/// @param endedMillis null while it runs
/// @param failureCode null unless it failed
record Export(
        String id,
        Table source,
        Request request,
        long fromMillis,
        long untilMillis,
        long startedMillis,
        @Nullable Long endedMillis,
        long itemCount,
        long billedSizeBytes,
        @Nullable String failureCode,
        @Nullable String failureMessage) {

    static final String ION = "ION";

    /// What was asked, so that the same token with something else is refused.
    ///
    /// @param exportMillis null for now
    /// @param viewType `NEW_IMAGE` or `NEW_AND_OLD_IMAGES`
    record Request(
            @Nullable String clientToken,
            String bucket,
            @Nullable String bucketOwner,
            @Nullable String prefix,
            @Nullable String sseAlgorithm,
            @Nullable String sseKmsKeyId,
            String format,
            boolean incremental,
            String viewType,
            @Nullable Long exportMillis,
            @Nullable Long fromMillis,
            @Nullable Long toMillis) {}

    TransferName name() {
        return new TransferName(
                TransferName.Kind.EXPORT, source.accountId(), source.region(), source.name(), id);
    }

    String status() {
        if (endedMillis == null) {
            return "IN_PROGRESS";
        }
        return failureCode == null ? "COMPLETED" : "FAILED";
    }

    /// `prefix/AWSDynamoDB/`.
    private String root() {
        String prefix = request.prefix();
        if (prefix == null || prefix.isEmpty()) {
            return "AWSDynamoDB/";
        }
        return prefix + (prefix.endsWith("/") ? "" : "/") + "AWSDynamoDB/";
    }

    /// The key of one of its own objects.
    String key(String object) {
        return root() + id + "/" + object;
    }

    /// The key of a data file. Incremental exports have one folder for all.
    String dataKey(String file) {
        String folder = request.incremental() ? root() + "data/" : key("data/");
        return folder + file + (request.format().equals(ION) ? ".ion.gz" : ".json.gz");
    }

    Export wrote(long newItemCount, long newSizeBytes) {
        return new Export(
                id,
                source,
                request,
                fromMillis,
                untilMillis,
                startedMillis,
                null,
                newItemCount,
                newSizeBytes,
                null,
                null);
    }

    Export ended(long nowMillis, @Nullable String code, @Nullable String message) {
        return new Export(
                id,
                source,
                request,
                fromMillis,
                untilMillis,
                startedMillis,
                nowMillis,
                itemCount,
                billedSizeBytes,
                code,
                message);
    }
}
