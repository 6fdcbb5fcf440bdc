package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/// Refuses a transaction inside a transaction's body, always, and not only when it would deadlock.
///
/// A scoped value although it is no request id: it is what the platform has for "inside this call".
final class Nesting {
    private static final ScopedValue<Store> INSIDE = ScopedValue.newInstance();

    private Nesting() {}

    @SuppressWarnings("ReferenceEquality") // a store equals itself only
    static <T extends @Nullable Object> T enter(Store store, Supplier<? extends T> action) {
        if (INSIDE.isBound() && INSIDE.get() == store) {
            throw new IllegalStateException("a transaction must not start another one");
        }
        return ScopedValue.where(INSIDE, store).call(action::get);
    }
}
