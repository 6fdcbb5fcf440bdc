package io.millrace.service.dynamodb;

import io.millrace.objects.ObjectStorage;
import io.millrace.objects.ObjectStorageException;

/// What exports and imports have in common about the buckets that they use.
final class Transfers {
    private Transfers() {}

    /// @throws io.millrace.wire.ServiceException when no storage is configured
    static void requireStorage(ObjectStorage objects) {
        try {
            objects.requireConfigured();
        } catch (ObjectStorageException e) {
            throw DynamoDbErrors.validation(String.valueOf(e.getMessage()));
        }
    }

    /// Whether it is worth trying again.
    static boolean passes(ObjectStorageException failure, long startedMillis, long nowMillis) {
        return failure.reason() == ObjectStorageException.Reason.UNAVAILABLE
                && nowMillis - startedMillis < DynamoDbLimits.TRANSFER_PATIENCE.toMillis();
    }

    /// As `FailureCode`.
    static String code(ObjectStorageException failure) {
        return switch (failure.reason()) {
            case NO_SUCH_BUCKET -> "S3NoSuchBucket";
            case NO_SUCH_KEY -> "S3NoSuchKey";
            case ACCESS_DENIED -> "S3AccessDenied";
            case INVALID_KEY -> "S3InvalidKey";
            case NOT_CONFIGURED -> "S3NotConfigured";
            case UNAVAILABLE -> "S3Unavailable";
        };
    }
}
