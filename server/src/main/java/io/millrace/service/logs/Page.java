package io.millrace.service.logs;

import io.millrace.storage.NamedPage;

import org.jspecify.annotations.Nullable;

/// One page of a list that is in some order of keys.
final class Page<T> extends NamedPage<T> {

    Page(@Nullable Integer limit) {
        super(limit == null ? LogsLimits.DESCRIBED_MAX : limit);
    }

    /// The key after which a page begins, or null at the start.
    static @Nullable String after(@Nullable String token) {
        return after(token, LogsErrors::invalidToken);
    }
}
