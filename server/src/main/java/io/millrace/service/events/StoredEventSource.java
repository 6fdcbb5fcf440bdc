package io.millrace.service.events;

/// A partner event source's record: what a partner sends, offered to one customer.
///
/// @param partnerAccountId who made it, and may put events from it
/// @param customerAccountId who may make the bus of the same name
/// @param expiresMillis when it goes unless it becomes active; 0 while it does not
/// @param state `PENDING`, `ACTIVE` or `DELETED`
record StoredEventSource(
        String name,
        String partnerAccountId,
        String customerAccountId,
        long createdMillis,
        long expiresMillis,
        String state) {

    static final String PENDING = "PENDING";
    static final String ACTIVE = "ACTIVE";
    static final String DELETED = "DELETED";

    boolean is(String other) {
        return state.equals(other);
    }

    StoredEventSource pending(long newExpiresMillis) {
        return with(PENDING, newExpiresMillis);
    }

    StoredEventSource active() {
        return with(ACTIVE, 0);
    }

    StoredEventSource deleted() {
        return with(DELETED, 0);
    }

    /// The partner's name: what all its sources begin with.
    String partner() {
        int end = name.indexOf('/', EventSources.PREFIX.length());
        return end < 0 ? name : name.substring(0, end);
    }

    private StoredEventSource with(String newState, long newExpiresMillis) {
        return new StoredEventSource(
                name,
                partnerAccountId,
                customerAccountId,
                createdMillis,
                newExpiresMillis,
                newState);
    }
}
