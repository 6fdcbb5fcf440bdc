package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class WatchesTest {

    @Test
    void aWaiterIsToldTheFirstFailure() {
        Watches watches = new Watches();
        try (Watch watch = watches.open(new byte[] {1})) {
            watches.fail(new StoreException("sync failed"));
            watches.fail(new StoreException("the store is closed"));

            assertThatThrownBy(() -> watch.await(Duration.ZERO)).hasMessage("sync failed");
        }
    }
}
