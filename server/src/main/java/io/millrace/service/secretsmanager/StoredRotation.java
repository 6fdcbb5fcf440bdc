package io.millrace.service.secretsmanager;

import org.jspecify.annotations.Nullable;

/// How a secret is rotated.
///
/// @param enabled whether it is rotated by itself
/// @param target who does it: the ARN of a queue
/// @param nextMillis when the next rotation begins; null when none is due
/// @param rotatedMillis when it was last rotated; null when it never was
record StoredRotation(
        boolean enabled,
        String target,
        @Nullable Long automaticallyAfterDays,
        @Nullable String scheduleExpression,
        @Nullable String duration,
        @Nullable Long nextMillis,
        @Nullable Long rotatedMillis) {

    StoredRotation rotatedAt(long millis) {
        return new StoredRotation(
                enabled,
                target,
                automaticallyAfterDays,
                scheduleExpression,
                duration,
                nextMillis,
                millis);
    }

    StoredRotation nextAt(@Nullable Long millis) {
        return new StoredRotation(
                enabled,
                target,
                automaticallyAfterDays,
                scheduleExpression,
                duration,
                millis,
                rotatedMillis);
    }

    StoredRotation disabled() {
        return new StoredRotation(
                false,
                target,
                automaticallyAfterDays,
                scheduleExpression,
                duration,
                null,
                rotatedMillis);
    }
}
