package io.millrace.service.events;

import io.millrace.storage.NamedPage;

import org.jspecify.annotations.Nullable;

/// One page of a list that is in order of names.
final class Page<T> extends NamedPage<T> {

    Page(@Nullable Integer limit) {
        super(limit == null ? EventsLimits.PAGE_SIZE : limit);
    }

    /// The name after which a page begins, or null at the start.
    static @Nullable String after(@Nullable String token) {
        return after(token, () -> EventsErrors.validation("Parameter NextToken is not valid."));
    }

    /// As [#after], with the empty string at the start.
    static String afterOrStart(@Nullable String token) {
        String after = after(token);
        return after == null ? "" : after;
    }
}
