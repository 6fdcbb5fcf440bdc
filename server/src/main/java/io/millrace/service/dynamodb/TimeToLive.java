package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

/// A table's time to live.
///
/// @param attribute the attribute with the second at which an item expires, kept when switched off
/// @param number the internal number of the space of its expiry entries
/// @param changedMillis when it was last switched
record TimeToLive(boolean enabled, String attribute, long number, long changedMillis) {

    /// The table's time to live when items expire, or null.
    static @Nullable TimeToLive active(Table table) {
        TimeToLive timeToLive = table.features().timeToLive();
        return timeToLive != null && timeToLive.enabled() ? timeToLive : null;
    }
}
