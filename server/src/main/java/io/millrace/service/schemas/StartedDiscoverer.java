package io.millrace.service.schemas;

/// What the events of a bus meet when a discoverer is started there.
///
/// @param number the discoverer's
/// @param epoch random, and another one when what was inferred before may be gone, so that what
///   servers remember of it no longer counts
record StartedDiscoverer(
        String accountId,
        String region,
        String discovererId,
        long number,
        boolean crossAccount,
        long epoch) {

    Place place() {
        return new Place(accountId, region);
    }
}
