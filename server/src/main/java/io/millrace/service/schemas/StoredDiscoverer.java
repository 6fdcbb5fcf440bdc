package io.millrace.service.schemas;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// A discoverer's record.
///
/// @param number its internal number, in the keys of the events that wait for it
/// @param sourceArn of the bus that it watches
/// @param crossAccount whether it also infers from events of other accounts
record StoredDiscoverer(
        String id,
        long number,
        @Nullable String description,
        String sourceArn,
        boolean crossAccount,
        boolean started,
        Map<String, String> tags) {

    String state() {
        return started ? "STARTED" : "STOPPED";
    }

    StoredDiscoverer withState(boolean newStarted) {
        return new StoredDiscoverer(
                id, number, description, sourceArn, crossAccount, newStarted, tags);
    }

    StoredDiscoverer withTags(Map<String, String> newTags) {
        return new StoredDiscoverer(
                id, number, description, sourceArn, crossAccount, started, newTags);
    }

    StoredDiscoverer with(@Nullable String newDescription, boolean newCrossAccount) {
        return new StoredDiscoverer(
                id, number, newDescription, sourceArn, newCrossAccount, started, tags);
    }
}
