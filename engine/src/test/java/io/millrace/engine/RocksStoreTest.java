package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

final class RocksStoreTest {
    @TempDir private Path directory;

    @Test
    void keepsWhatWasWrittenWhenOpenedAgain() {
        long version;
        try (RocksStore store = RocksStore.open(directory)) {
            version =
                    store.commit(
                                    tx -> {
                                        tx.put(new byte[] {1}, new byte[] {2});
                                        KeyWriter key = new KeyWriter(7).stamp();
                                        tx.putStamped(
                                                key.toBytes(),
                                                key.stampOffset(),
                                                new byte[] {3},
                                                Transaction.NO_STAMP);
                                        return 0;
                                    })
                            .version();
        }

        try (RocksStore store = RocksStore.open(directory)) {
            assertThat(store.<byte @Nullable []>read(snapshot -> snapshot.get(new byte[] {1})))
                    .containsExactly(2);
            byte[] stamped = new KeyWriter(7).uint64(version).toBytes();
            assertThat(store.<byte @Nullable []>read(snapshot -> snapshot.get(stamped)))
                    .containsExactly(3);
        }
    }
}
