package io.millrace.service.secretsmanager;

import org.jspecify.annotations.Nullable;

/// A version's record; its value is beside it, and its labels are in the secret's.
///
/// @param accessedDay the day on which it was last read, in days of the epoch
/// @param empty whether it waits for its value, as in a rotation
record StoredVersion(
        long createdMillis, @Nullable String kmsKeyId, @Nullable Long accessedDay, boolean empty) {

    StoredVersion accessed(long day) {
        return new StoredVersion(createdMillis, kmsKeyId, day, empty);
    }
}
