package io.millrace.service.schemas;

/// An event that waits to be inferred from.
///
/// @param accountId of the discoverer, as `region`
/// @param fingerprint of its shape
/// @param event as rules deliver it
record PendingEvent(
        String accountId,
        String region,
        String source,
        String detailType,
        long fingerprint,
        String event) {

    Place place() {
        return new Place(accountId, region);
    }
}
