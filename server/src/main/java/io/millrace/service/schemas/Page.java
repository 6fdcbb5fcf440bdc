package io.millrace.service.schemas;

import io.millrace.storage.NamedPage;

import org.jspecify.annotations.Nullable;

/// One page of a list that is in an order of names.
final class Page<T> extends NamedPage<T> {

    /// @param limit as the request has it
    Page(@Nullable Integer limit) {
        super(size(limit));
    }

    private static int size(@Nullable Integer limit) {
        if (limit == null) {
            return SchemasLimits.PAGE_SIZE;
        }
        if (limit < 1) {
            throw SchemasErrors.badRequest("Limit must be greater than 0.");
        }
        return Math.min(limit, SchemasLimits.PAGE_SIZE);
    }

    /// The item after which a page begins; empty at the start.
    static String after(@Nullable String token) {
        String after =
                token == null || token.isEmpty()
                        ? null
                        : after(token, () -> SchemasErrors.badRequest("NextToken is not valid."));
        return after == null ? "" : after;
    }
}
