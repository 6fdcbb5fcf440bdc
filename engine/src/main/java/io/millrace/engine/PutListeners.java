package io.millrace.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Who is told of the entries that commits put, found by the first bytes of their keys.
final class PutListeners {
    private static final int FIRST_BYTES = 256;

    private final AtomicReferenceArray<List<Store.PutListener>> byFirst =
            new AtomicReferenceArray<>(FIRST_BYTES);

    PutListeners() {
        for (int i = 0; i < FIRST_BYTES; i++) {
            byFirst.set(i, List.of());
        }
    }

    Store.Listening add(int first, Store.PutListener listener) {
        byFirst.updateAndGet(
                first,
                listeners -> {
                    List<Store.PutListener> more = new ArrayList<>(listeners);
                    more.add(listener);
                    return List.copyOf(more);
                });
        return () -> remove(first, listener);
    }

    private void remove(int first, Store.PutListener listener) {
        byFirst.updateAndGet(
                first,
                listeners -> listeners.stream().filter(other -> !other.equals(listener)).toList());
    }

    void tell(byte[] key, byte[] value) {
        if (key.length > 0) {
            for (Store.PutListener listener : byFirst.get(key[0] & 0xff)) {
                listener.put(key, value);
            }
        }
    }
}
