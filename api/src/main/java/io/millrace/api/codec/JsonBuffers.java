package io.millrace.api.codec;

import tools.jackson.core.util.BufferRecycler;
import tools.jackson.core.util.RecyclerPool;

import java.util.concurrent.atomic.AtomicReferenceArray;

/// The buffers of parsers, to be used again. Each thread looks into one place, which it shares with
/// few others or with none, and makes new buffers when that is empty: nobody waits, and no more is
/// kept than there are places. The library's pool is one queue, on whose ends all processors meet;
/// its other one keeps buffers by thread, of which there is one for each connection. Thread-safe.
final class JsonBuffers implements RecyclerPool<BufferRecycler> {
    static final int PLACES = 64; // a power of two

    private final AtomicReferenceArray<BufferRecycler> places = new AtomicReferenceArray<>(PLACES);

    @Override
    public BufferRecycler acquirePooled() {
        BufferRecycler kept = places.getAndSet(place(), null);
        return kept == null ? new BufferRecycler() : kept;
    }

    @Override
    public void releasePooled(BufferRecycler buffers) {
        places.set(place(), buffers);
    }

    private static int place() {
        return (int) Thread.currentThread().threadId() & (PLACES - 1);
    }

    @Override
    public int pooledCount() {
        int count = 0;
        for (int i = 0; i < PLACES; i++) {
            if (places.get(i) != null) {
                count++;
            }
        }
        return count;
    }
}
