package io.millrace.policy;

import org.jspecify.annotations.Nullable;

/// A resource's policy as it is kept.
///
/// @param text in normal form; null after it was deleted
/// @param revisionId the time of the last change (ms), which only grows
public record StoredPolicy(@Nullable String text, String revisionId) {

    /// The id of a change that is made now.
    public String nextRevisionId(long nowMillis) {
        return Long.toString(Math.max(nowMillis, Long.parseLong(revisionId) + 1));
    }
}
