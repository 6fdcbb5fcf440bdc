package io.millrace.api.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import tools.jackson.core.util.BufferRecycler;

final class JsonBuffersTest {

    private final JsonBuffers buffers = new JsonBuffers();

    @Test
    void givesBackWhatTheThreadReleased() {
        BufferRecycler first = buffers.acquireAndLinkPooled();
        BufferRecycler second = buffers.acquireAndLinkPooled();

        first.releaseToPool();

        assertThat(second).isNotSameAs(first);
        assertThat(buffers.acquireAndLinkPooled()).isSameAs(first);
        assertThat(buffers.pooledCount()).isZero();
    }

    @Test
    void keepsNoMoreThanThereArePlaces() throws InterruptedException {
        for (int i = 0; i < 3 * JsonBuffers.PLACES; i++) {
            Thread.ofVirtual().start(() -> buffers.acquireAndLinkPooled().releaseToPool()).join();
        }

        assertThat(buffers.pooledCount()).isBetween(1, JsonBuffers.PLACES);
    }
}
