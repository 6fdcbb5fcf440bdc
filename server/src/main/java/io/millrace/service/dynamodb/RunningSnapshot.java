package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

/// A consistent copy of a table that is being taken.
///
/// @param number the internal number of the space that it is copied to, or [#NO_SPACE] when only
///   the history is read
/// @param boundaryMillis the moment that the copy will be taken back to, so that the history since
///   then must be kept; null when it is to be as the table was when the copy began
record RunningSnapshot(long number, @Nullable Long boundaryMillis) {

    static final long NO_SPACE = 0;

    boolean needsHistory() {
        return boundaryMillis != null;
    }
}
