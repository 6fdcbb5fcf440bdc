package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

/// Where the items of a table come from that was not made empty. Until they are all there, the
/// table is `CREATING`, and nobody else reads or writes it.
///
/// @param running whether items are still being brought
/// @param sourceTableArn the table that was restored, or null when it was an import
/// @param sourceBackupArn the backup that was restored, or null when it was none
/// @param restoredToMillis the moment whose state was restored, or null when it was an import
record Origin(
        boolean running,
        @Nullable String sourceTableArn,
        @Nullable String sourceBackupArn,
        @Nullable Long restoredToMillis) {

    Origin arrived() {
        return new Origin(false, sourceTableArn, sourceBackupArn, restoredToMillis);
    }
}
